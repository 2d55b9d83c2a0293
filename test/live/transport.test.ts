import { request } from 'node:http';
import { createClient } from 'graphql-sse';
import { describe, expect, it } from 'vitest';
import { ago, changes, copyJob, gistOf, looks, quiet, runWith, startLive, watch } from '../support/live.js';
import { parseMetrics } from '../support/metrics.js';
import { closing } from '../support/products.js';
import { openSocket } from '../support/websocket.js';
import { until } from '../support/until.js';

/** An event stream as it comes, byte by byte. */
const listen = (url: string, method: 'GET' | 'POST', query: string, accept = 'text/event-stream') => {
  const stream = { text: '', status: 0, type: '', buffering: '', ended: false };
  const target = method === 'GET' ? `${url}?query=${encodeURIComponent(query)}` : url;
  const headers = { accept, 'content-type': 'application/json' };
  const sent = request(target, { method, headers, agent: false }, (response) => {
    const { 'content-type': type, 'x-accel-buffering': buffering } = response.headers;
    Object.assign(stream, { status: response.statusCode, type, buffering });
    response.on('data', (chunk: Buffer) => (stream.text += chunk.toString()));
    response.on('end', () => (stream.ended = true));
    response.on('error', () => undefined);
  });
  sent.on('error', () => undefined);
  sent.end(method === 'POST' ? JSON.stringify({ query }) : undefined);
  closing({ close: async () => void sent.destroy() });
  return { stream, sent };
};

const end = 'event: complete\ndata:\n\n';

describe('server-sent events', () => {
  it.each(['GET', 'POST'] as const)('come by %s, and are kept alive while nothing happens', async (method) => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    const { stream } = listen(live.url, method, changes());
    await until(() => expect(stream.text).toMatch(/"change":"SNAPSHOT"/));
    expect([stream.status, stream.type, stream.buffering]).toEqual([200, 'text/event-stream', 'no']);
    const before = stream.text.length;
    await until(() => expect(stream.text.slice(before)).toMatch(/^(?::\n\n){2,}$/));
    live.held.copyJobs[0] = copyJob('J1', 'FAILED');
    await until(() => expect(stream.text).toMatch(/event: next\ndata: .*"change":"FINISHED".*\n\n(?::\n\n)*$/));
  });

  it.each<[string, string, string]>([
    ['does not parse', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['asks what is not there', 'subscription { nonsense }', 'GRAPHQL_VALIDATION_FAILED'],
    ['has a filter that cannot be', changes('', '{ states: [NONE] }'), 'BAD_USER_INPUT'],
    ['names an upstream that is not there', changes('', '{ upstreams: ["nowhere"] }'), 'BAD_USER_INPUT'],
    ['names a failover that is none', 'subscription { failoverProgress(id: "x") { state } }', 'BAD_USER_INPUT'],
    [
      'names a failover that is not known',
      'subscription { failoverProgress(id: "Failover:dc-east:nobody") { state } }',
      'BAD_USER_INPUT',
    ],
  ])('of a subscription that %s are an error with its code, and the end', async (_what, query, code) => {
    const live = await startLive();
    live.cohesity.before = ({ path }) => (path.includes('/v2/') ? { body: { plannedRuns: [] } } : undefined);
    const { stream } = listen(live.url, 'POST', query);
    await until(() => expect(stream.ended).toBe(true));
    const [, told = ''] = /event: next\ndata: (.*)\n\n/.exec(stream.text) ?? [];
    expect(JSON.parse(told)).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(stream.text.endsWith(end)).toBe(true);
  });

  it('have an error of a field within the event, and each event a budget and a time of its own', async () => {
    const live = await startLive({ limits: { maxUpstreamCalls: 3, requestTimeoutMs: 3000 } });
    live.cohesity.before = ({ path }) => (path.endsWith('/protectionJobs') ? { status: 503, body: {} } : undefined);
    const watching = watch(live, changes('... on CopyRun { protectionJob { name } }', '{ types: [COPY_RUN] }'));
    await looks(live.cohesity);
    const startedAt = ago(1);
    live.held.runs.push(runWith(startedAt, 'kRunning'));
    const began = performance.now();
    for (let moved = 1; performance.now() - began < 3500; moved += 1) {
      live.held.runs[0] = runWith(startedAt, 'kRunning', moved);
      await until(() => expect(watching.events.at(-1)?.operation.progress).toBe(moved / 1000));
    }
    const codes = new Set(watching.errors.map(({ extensions: { code } }) => code));
    // The circuit opens some time; never is it the operation that ran out of calls or time.
    expect([...codes].filter((code) => !['UPSTREAM_UNAVAILABLE', 'UPSTREAM_CIRCUIT_OPEN'].includes(code))).toEqual([]);
    live.cohesity.before = () => undefined;
    live.held.jobs.push({ id: 7, name: 'Gold' });
    await until(() => {
      live.held.runs[0] = runWith(startedAt, 'kRunning', Number(live.cohesity.seen.length % 1000));
      expect(watching.events.at(-1)?.operation.protectionJob).toEqual({ name: 'Gold' });
    });
  });

  it('have the outages of lists within the event', async () => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    live.aws.before = ({ query }) => (query.get('resourceArn') === null ? undefined : { status: 503, body: {} });
    const watching = watch(live, changes('... on CopyJob { protectedObject { copies { totalCount } } }'));
    await until(() => expect(watching.events).toHaveLength(1));
    expect(watching.events[0].operation.protectedObject).toEqual({ copies: { totalCount: null } }); // no error of its own
    expect(watching.errors).toMatchObject([
      {
        path: ['copyOperationChanged', 'operation', 'protectedObject', 'copies'],
        extensions: { code: 'UPSTREAM_UNAVAILABLE', upstream: 'aws-prod' },
      },
    ]);
  });

  it('end with their reader, and the upstreams are left alone', async () => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    const streams = [listen(live.url, 'GET', changes()), listen(live.url, 'POST', changes())];
    await until(() => expect(streams.map(({ stream }) => stream.text.includes('SNAPSHOT'))).toEqual([true, true]));
    streams[0]?.sent.destroy();
    await looks(live.aws); // the other one still reads
    streams[1]?.sent.destroy();
    await quiet(live.aws);
    expect(live.subscribed()).toBe(0);
  });

  it('are not among the operations that run, of which there may be so many', async () => {
    const live = await startLive({ limits: { maxConcurrentOperations: 1 } });
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    for (let opened = 0; opened < 5; opened += 1) {
      const { stream } = listen(live.url, 'POST', changes());
      await until(() => expect(stream.text).toContain('SNAPSHOT'));
    }
    expect((await live.execute('{ __typename }')).status).toBe(200);
    const read = parseMetrics(await (await fetch(new URL('/metrics', live.url))).text());
    expect(read('copygraph_operations_running')).toBe(0);
    expect(read('copygraph_operations_total', { kind: 'subscription', outcome: 'ok' })).toBe(5);
    expect(read('copygraph_operations_rejected_total', { reason: 'concurrency' })).toBe(0);
  });

  it('can be asked for with a query too, and by the usual client', async () => {
    const live = await startLive();
    const client = createClient({ url: live.url, retryAttempts: 0 });
    const { value } = await client.iterate({ query: '{ upstreams { name } }' }).next();
    expect(value).toEqual({ data: { upstreams: [{ name: 'dc-east' }, { name: 'aws-prod' }] } });
  });
});

describe('parts by Apollo’s protocol', () => {
  const apollo =
    'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9';
  const eventsIn = (text: string) =>
    [...text.matchAll(/\r\n\r\n(\{.*\})\r\n--graphql/g)].map(([, part = '']) => JSON.parse(part));

  it('bring each event of a subscription, and the end', async () => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    const { stream } = listen(live.url, 'POST', changes(), apollo);
    await until(() =>
      expect(eventsIn(stream.text)).toMatchObject([
        { payload: { data: { copyOperationChanged: { change: 'SNAPSHOT' } } } },
      ]),
    );
    expect(stream.type).toBe('multipart/mixed; boundary="graphql"; subscriptionSpec=1.0');
    expect([stream.status, stream.buffering]).toEqual([200, 'no']);
    live.held.copyJobs[0] = copyJob('J1', 'FAILED');
    await until(() =>
      expect(eventsIn(stream.text).at(-1)).toMatchObject({
        payload: { data: { copyOperationChanged: { change: 'FINISHED' } } },
      }),
    );
    await live.close();
    expect(stream.text.endsWith('\r\n--graphql--\r\n')).toBe(true);
  });

  it('are no part of a refusal, which is JSON', async () => {
    const live = await startLive();
    const { stream } = listen(live.url, 'POST', changes('', '{ upstreams: ["nowhere"] }'), apollo);
    await until(() => expect(stream.ended).toBe(true));
    expect(stream.type).toMatch(/json/);
    expect(JSON.parse(stream.text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('end for a caller who goes away, and upstreams are asked no more', async () => {
    const live = await startLive();
    const { stream, sent } = listen(live.url, 'POST', changes(), apollo);
    await looks(live.aws);
    expect(stream.status).toBe(200);
    sent.destroy();
    await quiet(live.aws);
  });
});

/** One stream over each transport with more to send than a connection holds. Its readers read nothing of it. */
const startUnread = async () => {
  const live = await startLive({ limits: { maxAliases: 60 } });
  const long = 'x'.repeat(2000);
  live.held.copyJobs.push(
    ...Array.from({ length: 300 }, (_value, index) => copyJob(`J${index}`, 'RUNNING', { StatusMessage: long })),
  );
  const fields = Array.from({ length: 60 }, (_value, index) => `a${index}: statusMessage`).join(' ');
  const query = changes(`... on CopyJob { ${fields} }`);
  const sent = request(live.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    agent: false,
  });
  sent.on('error', () => undefined);
  sent.on('response', (response) => response.pause().on('error', () => undefined));
  sent.end(JSON.stringify({ query }));
  closing({ close: async () => void sent.destroy() });
  const socket = await openSocket(live);
  await socket.init();
  socket.raw.pause();
  socket.start('1', query);
  await looks(live.aws, 40); // by now both are as full as they get
  return { live, sent, socket };
};

describe('readers who do not read', () => {
  it('are let go when they leave', async () => {
    const { live, sent, socket } = await startUnread();
    sent.destroy();
    await looks(live.aws); // the other one is still there
    socket.raw.terminate();
    await quiet(live.aws);
    expect(live.subscribed()).toBe(0);
  });
});

describe('a gateway that is told to stop', () => {
  it('completes its streams at once on every transport, and closes its sockets', async () => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    const watching = watch(live, changes());
    const { stream } = listen(live.url, 'GET', changes());
    const [busy, idle, silent] = await Promise.all([openSocket(live), openSocket(live), openSocket(live)]);
    await Promise.all([busy.init(), idle.init()]);
    busy.start('1', changes());
    busy.start('2', changes());
    await until(() => {
      expect([watching.events.length, stream.text.includes('SNAPSHOT')]).toEqual([1, true]);
      expect(busy.messages.filter(({ type }) => type === 'next')).toHaveLength(2);
    });
    await live.close(50_000); // which would wait so long for them
    expect(await watching.ended).toBeNull(); // completed, and not broken
    expect(watching.events.map(gistOf)).toEqual(['SNAPSHOT >RUNNING -']);
    await until(() => expect(stream.ended).toBe(true));
    expect(stream.text.endsWith(end)).toBe(true);
    expect(busy.messages.slice(-2).map(({ type }) => type)).toEqual(['complete', 'complete']);
    expect(await Promise.all([busy, idle, silent].map(({ closed }) => closed))).toEqual([1001, 1001, 1001]);
    await quiet(live.aws);
  });

  it('lets a query on a socket end, and takes no other', async () => {
    const live = await startLive();
    let go = (): void => undefined;
    const held = new Promise<undefined>((resolve) => (go = () => resolve(undefined)));
    live.aws.before = () => held;
    const socket = await openSocket(live);
    await socket.init();
    socket.start('1', '{ copyJobs { totalCount } }');
    await until(() => expect(live.aws.seen.length).toBe(1));
    const stopped = live.close();
    socket.start('2', '{ __typename }');
    expect(await socket.answer('2')).toMatchObject([
      { type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED', retryAfterMs: 1000 } }] },
    ]);
    await expect(openSocket(live)).rejects.toThrow(/ECONNREFUSED/);
    go();
    expect(await socket.answer('1')).toMatchObject([
      { type: 'next', payload: { data: { copyJobs: { totalCount: 0 } } } },
      { type: 'complete' },
    ]);
    expect(await socket.closed).toBe(1001);
    await stopped;
  });

  it('does not wait for a reader who does not read', async () => {
    const { live } = await startUnread();
    const began = performance.now();
    await live.close();
    expect(performance.now() - began).toBeGreaterThan(1000); // otherwise, somebody has read
  });

  it('cuts off what has not ended in time, sockets too', async () => {
    const live = await startLive();
    live.aws.before = () => new Promise(() => undefined);
    const socket = await openSocket(live);
    await socket.init();
    socket.start('1', '{ copyJobs { totalCount } }');
    await until(() => expect(live.aws.seen.length).toBe(1));
    await live.close(100);
    expect(await socket.closed).toBe(1006);
  });
});
