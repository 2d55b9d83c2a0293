import { beforeEach, describe, expect, it } from 'vitest';
import { type Fake, awsBackupAt, startFake } from '../support/fake.js';
import { type Gateway, type GatewayOptions, startGateway } from '../support/gateway.js';
import { type Sent, send } from '../support/http.js';
import { apiKey } from '../support/keys.js';
import { closing } from '../support/products.js';
import { openSocket } from '../support/websocket.js';

const made = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const query = (text: string): string => JSON.stringify({ query: text });
const get = { method: 'GET', headers: { 'content-type': null } };

let aws: Fake;
beforeEach(async () => {
  aws = closing(await startFake(() => ({ status: 503, body: {} })));
});

const start = async (options: Partial<GatewayOptions> = {}): Promise<Gateway> =>
  closing(await startGateway({ upstreams: [awsBackupAt(aws)], ...options }));

const withId = (sent: Sent, id: string): Sent => ({ ...sent, headers: { ...sent.headers, 'x-request-id': id } });

/** The ids in the errors of an answer, be it JSON, events or parts. */
const idsIn = (text: string): readonly string[] =>
  [...text.matchAll(/"requestId":"([^"]*)"/g)].map(([, id = '']) => id);

const failing = '{ copyJobs { totalCount } }';
const auth = { apiKeys: [apiKey('board-key', ['copy:read'])] };

describe('the id of a request', () => {
  it.each<[string, number, Sent, Partial<GatewayOptions>]>([
    ['an outage', 200, { body: query(failing) }, {}],
    ['a query that does not parse', 200, { body: query('{') }, {}],
    ['a query that does not fit', 200, { body: query('{ nonsense }') }, {}],
    ['a query that is too large', 200, { body: query(`{ ${'a '.repeat(3000)} }`) }, {}],
    ['a body that is none', 400, { body: '{' }, {}],
    ['a form that is not served', 406, { body: query(failing), headers: { accept: 'image/png' } }, {}],
    ['a method that is not taken', 405, { method: 'PUT', body: query(failing) }, {}],
    ['a stranger', 401, { body: query(failing) }, { auth }],
    ['a query by GET', 403, { ...get, path: '/graphql?query={__typename}' }, {}],
    ['a path where nothing is', 404, { ...get, path: '/nowhere' }, {}],
    ['a host that is none', 400, { ...get, headers: { host: 'a b' } }, {}],
    ['too much to do', 503, { body: query(failing) }, { vitals: { delayMs: () => 9999, heapUsed: () => 0 } }],
    ['one request too many', 429, { body: query(failing) }, { limits: { requestsPerMinute: 1 } }],
    ['events', 200, { body: query(failing), headers: { accept: 'text/event-stream' } }, {}],
    [
      'a part that comes later',
      200,
      { body: query(`{ __typename ... @defer ${failing} }`), headers: { accept: 'multipart/mixed' } },
      {},
    ],
  ])('is in each error and in the header, taken or made: of %s', async (_what, status, sent, options) => {
    const gateway = await start(options);
    if (status === 429) await send(gateway, sent);
    const first = await send(gateway, sent);
    const second = await send(gateway, withId(sent, 'trace-4711:a/b'));
    for (const { status: given, headers, text } of [first, second]) {
      expect(given).toBe(status);
      expect(idsIn(text).length).toBeGreaterThan(0);
      expect(new Set(idsIn(text))).toEqual(new Set([headers['x-request-id']]));
    }
    expect(first.headers['x-request-id']).toMatch(made);
    expect(second.headers['x-request-id']).toBe('trace-4711:a/b');
  });

  it('is in the header of each answer without an error, and nowhere else', async () => {
    const gateway = await start();
    for (const sent of [{ body: query('{ __typename }') }, { ...get, path: '/livez' }, { ...get, path: '/metrics' }]) {
      const { headers, text } = await send(gateway, withId(sent, 'abc'));
      expect([headers['x-request-id'], idsIn(text)]).toEqual(['abc', []]);
    }
  });

  it.each([
    ['nothing', ''],
    ['too long', 'a'.repeat(129)],
    ['two words', 'a b'],
    ['a quote', 'a"b'],
    ['letters beyond ASCII', 'é'],
    ['a tag', '<b>'],
  ])('is made where the one that came is %s', async (_what, id) => {
    const { headers } = await send(await start(), withId({ body: query('{ __typename }') }, id));
    expect(headers['x-request-id']).toMatch(made);
  });

  it('is that of the upgrade on a WebSocket', async () => {
    const gateway = await start();
    const socket = await openSocket(gateway, { headers: { 'x-request-id': 'socket-1' } });
    await socket.init();
    socket.start('1', failing);
    socket.start('2', '{ nonsense }');
    for (const id of ['1', '2']) expect(idsIn(JSON.stringify(await socket.answer(id)))).toEqual(['socket-1']);
  });

  it('is in the refusal of an upgrade', async () => {
    const gateway = await start();
    const headers = {
      'content-type': null,
      connection: 'Upgrade',
      upgrade: 'websocket',
      origin: 'https://evil.example.com',
      'x-request-id': 'upgrade-1',
    };
    const answer = await send(gateway, { method: 'GET', headers });
    expect([answer.status, answer.headers['x-request-id'], idsIn(answer.text)]).toEqual([
      403,
      'upgrade-1',
      ['upgrade-1'],
    ]);
  });
});
