import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/assembly/config.js';
import { cohesityAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';
import { openSocket } from '../support/websocket.js';
import { idOf, manifestFile } from './documents.js';

const names = 'query Names { upstreams { name } }';
const scopes = ['copy:read'] as const;

/** The answer to each of these over one WebSocket: the data, or the code of the refusal. */
const ask = async (mode: Config['persisted']['mode'], key: string, sent: readonly object[]) => {
  const gateway = closing(
    await startGateway({
      upstreams: [cohesityAt({ url: 'http://127.0.0.1:9' })],
      persisted: { mode, manifest: manifestFile([names]) },
      auth: { apiKeys: [apiKey('plain', scopes), { ...apiKey('free', scopes), persisted: { mode: 'off' } }] },
    }),
  );
  const socket = await openSocket(gateway);
  await socket.init(bearer(key));
  const answers = [];
  for (const [index, payload] of sent.entries()) {
    socket.send({ type: 'subscribe', id: String(index), payload });
    const [first] = await socket.answer(String(index));
    answers.push(first?.type === 'error' ? first.payload : first?.payload.data);
  }
  return answers;
};

const data = { upstreams: [{ name: 'dc-east' }] };
const refused = (code: string) => [{ message: expect.any(String), extensions: { code } }];
const byHash = { query: '', extensions: { persistedQuery: { version: 1, sha256Hash: idOf(names) } } };
const byId = { query: '', documentId: `sha256:${idOf(names)}` };

describe('over a WebSocket', () => {
  it('only ids of the manifest run where they are required', async () => {
    const sent = [
      byHash,
      byId,
      { query: names },
      { ...byId, query: names },
      { query: '', documentId: '__proto__' },
      { query: '' },
      { query: 'subscription { copyOperationChanged { __typename } }' },
    ];
    const no = refused('FORBIDDEN');
    const bad = refused('BAD_USER_INPUT');
    expect(await ask('require', 'plain', sent)).toEqual([data, data, no, no, bad, bad, no]);
  });

  it('texts and ids run where ids are preferred', async () => {
    expect(await ask('prefer', 'plain', [byHash, byId, { query: names }, { ...byId, documentId: 'x' }])).toEqual([
      data,
      data,
      data,
      refused('BAD_USER_INPUT'),
    ]);
  });

  it('only texts run where ids are off', async () => {
    expect(await ask('off', 'plain', [byId, { query: names }])).toEqual([refused('BAD_USER_INPUT'), data]);
  });

  it('a key has its own policy', async () => {
    expect(await ask('require', 'free', [byId, { query: names }])).toEqual([refused('BAD_USER_INPUT'), data]);
  });
});
