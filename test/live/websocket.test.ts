import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { describe, expect, it, vi } from 'vitest';
import { startGated } from '../support/gated.js';
import { apiKey, bearer } from '../support/keys.js';
import { changes, copyJob, gistOf, quiet, startLive } from '../support/live.js';
import { parseMetrics } from '../support/metrics.js';
import { closing } from '../support/products.js';
import { openSocket } from '../support/websocket.js';
import { until } from '../support/until.js';

const key = 'board-key-0815-s3cr3t';
const odd = 'schlüssel-0815';
const auth = { apiKeys: [apiKey(key, ['copy:read']), apiKey(odd, ['copy:read'], ['aws-prod'])] };

const metricsOf = async (url: string) => parseMetrics(await (await fetch(new URL('/metrics', url))).text());

/** Errors without the ids of their requests, which are two. */
const withoutIds = (errors: readonly { readonly extensions: object }[]) =>
  errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId: undefined } }));

describe('a WebSocket', () => {
  it('carries subscriptions, queries and mutations of the usual client, with the scopes of its key', async () => {
    const live = await startLive({ auth });
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    const client = createClient({
      url: live.url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${key}` },
    });
    closing({ close: async () => client.dispose() });

    const events: unknown[] = [];
    const watching = client.iterate<{ copyOperationChanged: unknown }>({ query: changes() });
    const read = (async () => {
      for await (const { data } of watching) events.push(gistOf(data?.copyOperationChanged));
    })();
    await until(() => expect(events).toEqual(['SNAPSHOT >RUNNING -']));

    const ask = async (query: string) => (await client.iterate({ query }).next()).value;
    expect(await ask('{ upstreams { name } }')).toEqual({
      data: { upstreams: [{ name: 'dc-east' }, { name: 'aws-prod' }] },
    });
    expect(await ask('mutation { cancelFailover(id: "Failover:dc-east:a") { __typename } }')).toMatchObject({
      data: { cancelFailover: null },
      errors: [{ path: ['cancelFailover'], extensions: { code: 'FORBIDDEN' } }],
    });

    live.held.copyJobs[0] = copyJob('J1', 'COMPLETED');
    await until(() => expect(events).toEqual(['SNAPSHOT >RUNNING -', 'FINISHED RUNNING>SUCCEEDED -']));
    await watching.return?.();
    await read;
  });

  it.each<[string, Record<string, unknown>, Record<string, string>]>([
    ['authorization', bearer(key), {}],
    ['Authorization', { Authorization: `Bearer ${key}` }, {}],
    ['x-api-key', { 'x-api-key': key }, {}],
    ['X-API-Key', { 'X-API-Key': key }, {}],
    ['authorization in `headers`', { headers: bearer(key) }, {}],
    ['Authorization in `headers`', { headers: { Authorization: `Bearer ${key}` } }, {}],
    ['x-api-key in `headers`', { headers: { 'X-Api-Key': key }, theme: 'dark' }, {}],
    ['`headers`, whatever the header says', { headers: bearer(key) }, { 'x-api-key': 'wrong' }],
    ['both, which are the same', { ...bearer(key), 'x-api-key': key }, {}],
    ['a key with letters beyond ASCII', { 'x-api-key': odd }, {}],
    ['the header of the upgrade', {}, bearer(key)],
    ['the other header of the upgrade', { theme: 'dark' }, { 'x-api-key': key }],
    ['the parameters, whatever the header says', bearer(key), { 'x-api-key': 'wrong' }],
  ])('takes a key by %s', async (_what, params, headers) => {
    const live = await startLive({ auth });
    const socket = await openSocket(live, { headers });
    await socket.init(params);
    socket.start('1', '{ __typename }');
    expect(await socket.answer('1')).toEqual([
      { type: 'next', id: '1', payload: { data: { __typename: 'Query' } } },
      { type: 'complete', id: '1' },
    ]);
  });

  it.each<[string, unknown, Record<string, string>]>([
    ['none', undefined, {}],
    ['a wrong one', bearer('wrong'), {}],
    ['a wrong one in the upgrade', undefined, bearer('wrong')],
    ['a wrong one beside a right one in the upgrade', bearer('wrong'), bearer(key)],
    ['two that differ', { ...bearer(key), 'x-api-key': 'wrong' }, {}],
    ['the same name twice', { authorization: `Bearer ${key}`, Authorization: `Bearer ${key}` }, {}],
    ['one in `headers` that differs', { ...bearer(key), headers: { 'x-api-key': 'wrong' } }, {}],
    ['one in `headers` once more', { ...bearer(key), headers: bearer(key) }, {}],
    ['one in `headers` that is no text', { headers: { authorization: [`Bearer ${key}`] } }, {}],
    ['one in `headers` that are none', { headers: [`authorization: Bearer ${key}`] }, {}],
    ['one that is no text', { authorization: { toString: key } }, {}],
    ['a list', { 'x-api-key': [key] }, {}],
    ['one under no scheme', { authorization: key }, {}],
    ['one of another name', { token: key }, {}],
  ])('with a key that is %s is closed with 4401, and nothing of it is run', async (_what, payload, headers) => {
    const live = await startLive({ auth });
    const socket = await openSocket(live, { headers });
    socket.send({ type: 'connection_init', payload });
    expect(await socket.closed).toBe(4401);
    expect(socket.messages).toEqual([]);

    const eager = await openSocket(live, { headers });
    const subscribe = { type: 'subscribe', id: '1', payload: { query: changes() } };
    eager.send({ type: 'connection_init', payload }, subscribe, { ...subscribe, id: '2' });
    expect(await eager.closed).toBe(4401);
    expect(eager.messages).toEqual([]);
    expect([live.aws.seen.length, live.cohesity.seen.length]).toEqual([0, 0]);
  });

  it('is closed with 4401 where an operation comes before it has said who it is', async () => {
    const live = await startLive({ auth });
    const socket = await openSocket(live, { headers: bearer(key) });
    socket.start('1', changes());
    expect(await socket.closed).toBe(4401);
    expect(live.aws.seen.length).toBe(0);
  });

  it('needs no key where a gateway has none', async () => {
    const socket = await openSocket(await startLive());
    await socket.init();
    socket.start('1', '{ upstreams { name } }');
    expect((await socket.answer('1'))[0]?.payload.data.upstreams).toHaveLength(2);
  });

  it('refuses and fails as HTTP does, with the same codes', async () => {
    const live = await startLive({ introspection: false });
    live.aws.before = () => ({ status: 503, body: {} });
    const socket = await openSocket(live);
    await socket.init();
    for (const [id, query] of [
      ['parse', '{'],
      ['unknown', '{ nonsense }'],
      ['argument', '{ copyRuns(first: "many") { totalCount } }'],
      ['variable', 'query ($first: Int!) { copyRuns(first: $first) { totalCount } }'],
      ['introspection', '{ __schema { queryType { name } } }'],
      ['which', 'query A { __typename } query B { __typename }'],
      ['down', '{ copyJobs { totalCount } upstreams { name } }'],
      ['told', '{ copyJobs { totalCount upstreamReports { ok } } }'],
      ['filter', 'subscription { copyOperationChanged(filter: { upstreams: ["nowhere"] }) { change } }'],
    ] as const) {
      socket.start(id, query);
      const answered = await socket.answer(id);
      const overHttp = await live.execute(query);
      const [{ payload } = { payload: null }] = answered;
      const errors = Array.isArray(payload) ? payload : (payload.errors ?? []);
      if (id !== 'filter') expect(withoutIds(errors), id).toEqual(withoutIds(overHttp.errors));
      expect(JSON.stringify(answered)).not.toContain('"http"');
      const codes = errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code);
      expect([id, ...new Set(codes)]).toEqual(
        {
          parse: [id, 'GRAPHQL_PARSE_FAILED'],
          unknown: [id, 'GRAPHQL_VALIDATION_FAILED'],
          argument: [id, 'BAD_USER_INPUT'],
          variable: [id, 'BAD_USER_INPUT'],
          introspection: [id, 'GRAPHQL_VALIDATION_FAILED'],
          which: [id, 'BAD_USER_INPUT'],
          down: [id, 'UPSTREAM_UNAVAILABLE'],
          told: [id],
          filter: [id, 'BAD_USER_INPUT'],
        }[id],
      );
    }
    const read = await metricsOf(live.url);
    expect(read('copygraph_operations_total', { kind: 'query', outcome: 'partial' })).toBe(2); // one over each
    expect(read('copygraph_operations_total', { kind: 'unknown', outcome: 'failed' })).toBe(10);
  });

  it('lets go of the upstreams when a query is completed by who asked, or the socket is closed', async () => {
    const gated = await startGated({});
    const one = await openSocket(gated);
    await one.init();
    one.start('1', '{ copyJobs { totalCount } }');
    await until(() => expect(gated.aws.seen.length).toBe(1));
    one.send({ type: 'complete', id: '1' });
    await until(() => expect(gated.closed).toHaveLength(1));

    one.start('2', '{ copyJobs { totalCount } }');
    one.start('3', '{ copyRuns { totalCount } }');
    await until(() => expect([gated.aws.seen.length, gated.cohesity.seen.length]).toEqual([2, 1]));
    one.raw.close();
    await until(() => expect(gated.closed).toHaveLength(3));
    expect(one.messages).toHaveLength(1); // the acknowledgement
    expect((await metricsOf(gated.url))('copygraph_operations_running')).toBe(0);
  });

  it('may use the id of an operation again at once', async () => {
    const live = await startLive();
    const socket = await openSocket(live);
    await socket.init();
    for (let turn = 0; turn < 20; turn += 1) {
      socket.start('same', changes());
      socket.send({ type: 'complete', id: 'same' });
    }
    socket.start('same', '{ __typename }');
    await until(() => expect(socket.messages.at(-1)).toEqual({ type: 'complete', id: 'same' }));
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    socket.start('same', changes());
    await until(() => expect(socket.messages.at(-1)?.type).toBe('next'));
    socket.send({ type: 'complete', id: 'same' });
    socket.start('same', changes());
    socket.start('other', '{ __typename }');
    await socket.answer('other');
    socket.raw.close();
    await socket.closed;
    await quiet(live.aws);
  });

  it('has at most a hundred operations at once', async () => {
    const live = await startLive();
    const socket = await openSocket(live);
    await socket.init();
    for (let id = 1; id <= 100; id += 1) socket.start(String(id), changes());
    socket.start('one too many', '{ __typename }');
    expect(await socket.answer('one too many')).toMatchObject([
      { type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED', retryAfterMs: 1000 } }] },
    ]);
    socket.send({ type: 'complete', id: '7' });
    socket.start('again', '{ __typename }');
    expect(await socket.answer('again')).toMatchObject([{ type: 'next' }, { type: 'complete' }]);
    expect(socket.messages.filter(({ type }) => type === 'error')).toHaveLength(1);
  });

  it('counts its queries among the operations that may run, and its streams not', async () => {
    const live = await startLive({ limits: { maxConcurrentOperations: 2 } });
    live.held.copyJobs.push(copyJob('J0', 'RUNNING'));
    const socket = await openSocket(live);
    await socket.init();
    for (const id of ['1', '2', '3', '4', '5']) {
      socket.start(id, changes());
      await until(() => expect(socket.messages.at(-1)).toMatchObject({ type: 'next', id }));
    }
    let go = (): void => undefined;
    const held = new Promise<undefined>((resolve) => (go = () => resolve(undefined)));
    live.aws.before = () => held;
    socket.start('a', '{ copyJob(copyJobId: "J1") { id } }');
    socket.start('b', '{ copyJob(copyJobId: "J2") { id } }');
    socket.start('c', '{ __typename }');
    expect(await socket.answer('c')).toMatchObject([
      { type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED', retryAfterMs: 1000 } }] },
    ]);
    expect((await live.execute('{ __typename }')).status).toBe(503);
    const read = await metricsOf(live.url);
    expect(read('copygraph_operations_running')).toBe(2);
    expect(read('copygraph_operations_rejected_total', { reason: 'concurrency' })).toBe(2);
    go();
    await Promise.all(['a', 'b'].map((id) => socket.answer(id)));
    await until(async () => expect((await live.execute('{ __typename }')).status).toBe(200));
  });
});

describe('a WebSocket is closed', () => {
  it.each<[string, readonly string[]]>([
    ['another', ['soap']],
    ['the one that is out of use', ['graphql-ws']],
    ['none', []],
  ])('with 4406 where its subprotocol is %s', async (_what, protocols) => {
    const live = await startLive();
    let code: number | null = null;
    const socket = new WebSocket(live.url.replace(/^http/, 'ws'), [...protocols]);
    closing({ close: async () => socket.terminate() });
    socket.on('error', () => undefined); // a client that asked for some sees that it got none
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
    socket.on('close', (told) => (code = told));
    await until(() => expect(code).toBe(protocols.length === 0 ? 4406 : 1006));
    expect(live.aws.seen.length).toBe(0);
  });

  it.each([
    ['no JSON', '{', 4400],
    ['no message', '[]', 4400],
    ['a message of no type', '{"type":"nonsense"}', 4400],
    ['a subscription without id', '{"type":"subscribe","payload":{"query":"{__typename}"}}', 4400],
    ['a subscription whose query is a number', '{"type":"subscribe","id":"1","payload":{"query":1}}', 4400],
    ['what only a server says', '{"type":"next","id":"1","payload":{}}', 4500],
    ['another init', '{"type":"connection_init"}', 4429],
    ['a message that is too large', JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(102_400) } }), 1009],
  ])('where %s comes', async (_what, message, code) => {
    const live = await startLive();
    const socket = await openSocket(live);
    await socket.init();
    socket.raw.send(message);
    expect(await socket.closed).toBe(code);
    expect((await live.execute('{ __typename }')).status).toBe(200);
  });

  it('where an operation has the id of another', async () => {
    const socket = await openSocket(await startLive());
    await socket.init();
    socket.start('1', changes());
    socket.start('1', changes());
    expect(await socket.closed).toBe(4409);
  });

  it('with 4408 where it does not say who it is, be there fifty of them', async () => {
    const live = await startLive();
    const sockets = await Promise.all(Array.from({ length: 50 }, () => openSocket(live)));
    expect(new Set(await Promise.all(sockets.map(({ closed }) => closed)))).toEqual(new Set([4408]));
  });

  it('where it does not answer pings, and not where it does', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    closing({ close: async () => void vi.useRealTimers() });
    const live = await startLive();
    const silent = await openSocket(live, { autoPong: false });
    const well = await openSocket(live);
    await Promise.all([silent.init(), well.init()]);
    const pings: number[] = [];
    [silent, well].forEach(({ raw }, index) => raw.on('ping', () => pings.push(index)));
    vi.advanceTimersByTime(12_000);
    await until(() => expect([...pings].sort()).toEqual([0, 1]));
    well.start('1', '{ __typename }'); // behind its pong
    await well.answer('1');
    vi.advanceTimersByTime(12_000);
    expect(await silent.closed).toBe(1006);
    await until(() => expect(pings.filter((index) => index === 1)).toHaveLength(2));
    expect(well.raw.readyState).toBe(WebSocket.OPEN);
  });
});
