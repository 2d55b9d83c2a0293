import { beforeEach, describe, expect, it } from 'vitest';
import { type Fake, awsBackupAt, startFake } from '../support/fake.js';
import { type Gateway, type GatewayOptions, startGateway } from '../support/gateway.js';
import { expectAlive } from '../support/alive.js';
import { type Received, type Sent, send } from '../support/http.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';

const board = 'https://board.example.com';
const key = 'board-key-0815';
const body = JSON.stringify({ query: '{ __typename }' });

let aws: Fake;
beforeEach(async () => {
  aws = closing(await startFake(() => ({ body: { CopyJobs: [] } })));
});

const start = async (options: Partial<GatewayOptions> = {}): Promise<Gateway> => {
  const gateway = await startGateway({ upstreams: [awsBackupAt(aws)], cors: { origins: [board] }, ...options });
  return closing(gateway);
};

/** The headers that speak of other origins. */
const told = ({ headers }: Received): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));

const readable = { 'access-control-allow-origin': board, 'access-control-expose-headers': 'retry-after, x-request-id' };

const preflight = (origin: string, path = '/graphql'): Sent => ({
  method: 'OPTIONS',
  path,
  headers: {
    'content-type': null,
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  },
});

describe('a page of a listed origin', () => {
  it('may read what is answered, without credentials', async () => {
    const gateway = await start();
    const answer = await send(gateway, { body, headers: { origin: board } });
    expect(answer.status).toBe(200);
    expect(told(answer)).toEqual(readable);
    expect(answer.headers.vary).toBe('Origin');
  });

  it('may ask, and is told what it may send, without a key', async () => {
    const gateway = await start({ auth: { apiKeys: [apiKey(key, ['copy:read'])] } });
    const answer = await send(gateway, preflight(board));
    expect([answer.status, answer.text]).toEqual([204, '']);
    const { 'access-control-max-age': age, ...rest } = told(answer);
    expect(rest).toEqual({
      'access-control-allow-origin': board,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type',
    });
    expect(answer.headers.vary).toBe('Origin, Access-Control-Request-Headers');
    expect(Number(age)).toBeGreaterThan(0);
  });

  const allowedOf = async (asked: string): Promise<string | undefined> => {
    const gateway = await start();
    const sent = preflight(board);
    const headers = { ...sent.headers, 'access-control-request-headers': asked };
    const answer = await send(gateway, { ...sent, headers });
    expect([answer.status, told(answer)['access-control-allow-credentials']]).toEqual([204, undefined]);
    return told(answer)['access-control-allow-headers'] as string | undefined;
  };

  it.each([
    ['the name and version of its client', 'content-type, apollographql-client-name, apollographql-client-version'],
    ['what traces it', 'sentry-trace,baggage, tracestate,x-request-id'],
    ['a preflight for GraphQL alone', 'graphql-preflight'],
    ['every sign that a name may have', "!#$%&'*+-.^_`|~09az"],
    ['a long list', Array.from({ length: 100 }, (_value, index) => `x-header-${index}`).join(',')],
  ])('may send the headers that it asks for: %s', async (_what, asked) => {
    expect(await allowedOf(asked)).toBe(asked.split(/, ?/).join(', '));
  });

  it('is told each name once more in small letters, and no empty one', async () => {
    expect(await allowedOf('X-API-Key,, Authorization ,')).toBe('x-api-key, authorization');
  });

  it.each([
    ['no list of names', 'x-api-key; drop'],
    ['a name in quotes', '"x-api-key"'],
    ['two names without a comma', 'x-api-key authorization'],
    ['more than 2 kB', Array.from({ length: 200 }, (_value, index) => `x-header-${index}`).join(',')],
    ['nothing', ''],
  ])('is allowed no header at all where it asks for %s', async (_what, asked) => {
    expect(await allowedOf(asked)).toBeUndefined();
  });

  it('may read each refusal', async () => {
    const auth = { apiKeys: [apiKey(key, ['copy:read'])] };
    const gateway = await start({ auth, limits: { requestsPerMinute: 5, maxBodyBytes: 1000 } });
    const known = { origin: board, ...bearer(key) };
    const get = { 'content-type': null };
    for (const [status, sent] of [
      [401, { body, headers: { origin: board } }],
      [404, { path: '/nowhere', headers: { origin: board } }],
      [403, { method: 'GET', path: '/graphql?query={__typename}', headers: { ...known, ...get } }],
      [405, { method: 'DELETE', headers: known }],
      [413, { body: body.padEnd(1001), headers: known }],
      [415, { body, headers: { ...known, 'content-type': 'text/plain' } }],
      [400, { body: '{', headers: known }],
      [429, { body, headers: known }],
    ] as const) {
      const answer = await send(gateway, sent);
      expect([answer.status, told(answer)]).toEqual([status, readable]);
    }
  });

  it('may read that there is too much to do', async () => {
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    const slow = closing(await startFake(async () => (await held, { body: { CopyJobs: [] } })));
    const gateway = await start({ upstreams: [awsBackupAt(slow)], limits: { maxConcurrentOperations: 1 } });
    const running = gateway.execute('{ copyJobs { totalCount } }');
    await expect.poll(() => slow.seen.length).toBe(1);
    const answer = await send(gateway, { body, headers: { origin: board } });
    expect([answer.status, answer.headers['retry-after'], told(answer)]).toEqual([503, '1', readable]);
    go();
    await running;
  });
});

describe.each([
  'https://evil.example.com',
  'null',
  '',
  '*',
  'http://board.example.com',
  'https://board.example.com.evil.example',
  'https://board.example.com:8443',
  'https://BOARD.example.com',
  `${board}/`,
  `${board}, https://evil.example.com`,
])('a page of %j', (origin) => {
  it('is told nothing, whatever it asks', async () => {
    const gateway = await start();
    const answers = [await send(gateway, { body, headers: { origin } }), await send(gateway, preflight(origin))];
    expect(answers.map(({ status }) => status)).toEqual([200, 405]);
    for (const answer of answers) expect([told(answer), answer.headers.vary]).toEqual([{}, 'Origin']);
    await expectAlive(gateway);
  });
});

describe('without origins in the config', () => {
  it('nobody is told anything', async () => {
    const gateway = await start({ cors: { origins: [] } });
    for (const sent of [
      { body, headers: { origin: board } },
      { body, headers: { origin: 'null' } },
      preflight(board),
      { body },
    ]) {
      const answer = await send(gateway, sent);
      expect([told(answer), answer.headers.vary]).toEqual([{}, undefined]);
    }
  });
});
