import { describe, expect, it } from 'vitest';
import { startAwsBackup } from '../support/aws-backup.js';
import { awsBackupAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { type Sent, send } from '../support/http.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';

const key = 'board-key-0815';
const body = JSON.stringify({ query: '{ __typename }' });

const start = async () => {
  const aws = closing(await startAwsBackup());
  const auth = { apiKeys: [apiKey(key, ['copy:read'])] };
  return closing(await startGateway({ upstreams: [awsBackupAt(aws)], graphiql: true, auth }));
};

const strict = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

describe('every answer', () => {
  const get = { method: 'GET', headers: { 'content-type': null } };
  it.each<[string, number, Sent]>([
    ['that it lives', 200, { ...get, path: '/livez' }],
    ['that it is ready', 200, { ...get, path: '/readyz' }],
    ['of metrics', 200, { ...get, path: '/metrics' }],
    ['of the graph', 200, { body, headers: bearer(key) }],
    ['as an event stream', 200, { body, headers: { ...bearer(key), accept: 'text/event-stream' } }],
    ['that refuses a caller', 401, { body }],
    ['that refuses a body', 400, { body: '{', headers: bearer(key) }],
    ['that there is nothing', 404, { path: '/x' }],
    ['that leads to the graph', 302, { ...get, path: '/' }],
  ])('%s lets a browser do nothing with it, and is kept nowhere', async (_what, status, sent) => {
    const answer = await send(await start(), sent);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject(strict);
    expect(answer.headers).not.toHaveProperty('strict-transport-security'); // the business of who ends TLS
    expect(answer.headers).not.toHaveProperty('x-powered-by');
  });
});

describe('a file of the page', () => {
  const page = { method: 'GET', headers: { accept: 'text/html' } };
  const namesIn = (html: string): readonly string[] =>
    [...html.matchAll(/(?:src|href)="(graphql\/[^"]+)"/g)].map(([, name = '']) => name);

  it('has a name that changes with it, may be kept for ever, and comes packed', async () => {
    const gateway = await start();
    const names = namesIn((await send(gateway, page)).text);
    expect(names).toEqual([
      expect.stringMatching(/^graphql\/graphiql-[\da-f]{16}\.css$/),
      expect.stringMatching(/^graphql\/graphiql-[\da-f]{16}\.js$/),
    ]);
    for (const name of names) {
      const plain = await send(gateway, { method: 'GET', path: `/${name}`, headers: { accept: '*/*' } });
      expect(plain.headers).toMatchObject({
        ...strict,
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': name.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8',
        vary: 'Accept-Encoding',
      });
      const sizes = [];
      for (const encoding of ['br', 'gzip']) {
        const headers = { accept: '*/*', 'accept-encoding': `deflate, ${encoding}` };
        const packed = await send(gateway, { method: 'GET', path: `/${name}`, headers });
        expect([packed.status, packed.headers['content-encoding']]).toEqual([200, encoding]);
        sizes.push(Number(packed.headers['content-length']));
      }
      for (const size of sizes) expect(size).toBeLessThan(Number(plain.headers['content-length']) * 0.6);
    }
  });

  it('is not there under another name, nor where there is no page', async () => {
    const gateway = await start();
    const [, name = ''] = namesIn((await send(gateway, page)).text);
    const statusOf = async (from: Pick<Gateway, 'url'>, path: string) =>
      (await send(from, { method: 'GET', path, headers: { accept: '*/*' } })).status;
    expect(await statusOf(gateway, '/graphql/graphiql-0123456789abcdef.js')).toBe(404);
    expect(await statusOf(gateway, '/graphql/../package.json')).toBe(404);
    const aws = closing(await startAwsBackup());
    const without = closing(await startGateway({ upstreams: [awsBackupAt(aws)], graphiql: false }));
    expect(await statusOf(without, `/${name}`)).toBe(404);
  });
});

describe('the page of GraphiQL', () => {
  it('may run its own script and ask this gateway, and nothing else', async () => {
    const { headers, status } = await send(await start(), { method: 'GET', headers: { accept: 'text/html' } });
    expect(status).toBe(200);
    const { 'content-security-policy': _none, ...others } = strict;
    expect(headers).toMatchObject(others);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/script-src 'sha256-[\w+/]{43}='(;|$)/);
    expect(policy).toMatch(/script-src-elem 'self' 'sha256-[\w+/]{43}='(;|$)/);
    for (const part of ["default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) {
      expect(policy.split('; ')).toContain(part);
    }
    expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
  });
});
