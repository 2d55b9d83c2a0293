import { request } from 'node:http';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.js';
import { printSubgraph } from '../../src/schema/subgraph.js';
import { ago, copyJob, runWith, startLive } from '../support/live.js';
import { parseMetrics } from '../support/metrics.js';
import { closing } from '../support/products.js';
import { openSocket } from '../support/websocket.js';
import { until } from '../support/until.js';

/** One part of an answer. */
interface Part {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a hand-written query has no type; assertions are the check
  readonly data?: any;
  readonly errors?: readonly object[];
  readonly hasNext?: boolean;
  readonly incremental?: readonly { readonly data?: unknown; readonly path: readonly (string | number)[] }[];
}

/** Sends a query whose answer comes in parts, and takes them as they come. */
const send = (url: string, accept: string, query: string) => {
  const parts: Part[] = [];
  const answer = { status: 0, text: '', ended: false };
  const headers = { accept, 'content-type': 'application/json' };
  const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
    answer.status = response.statusCode ?? 0;
    response.on('data', (chunk: Buffer) => {
      answer.text += chunk.toString();
      const part = accept.includes('multipart') ? /\r\n\r\n(\{.*\})\r\n---/g : /event: next\ndata: (.*)\n\n/g;
      parts.splice(0, parts.length, ...[...answer.text.matchAll(part)].map(([, text = '']) => JSON.parse(text)));
    });
    response.on('end', () => (answer.ended = true));
    response.on('error', () => undefined);
  });
  sent.on('error', () => undefined);
  sent.end(JSON.stringify({ query }));
  closing({ close: async () => void sent.destroy() });
  return { parts, answer, sent };
};

const deferred = (field: string): string => `{ copyRuns { totalCount } ... @defer(label: "slow") { ${field} } }`;

const transports = ['multipart/mixed', 'text/event-stream'] as const;

/** Both products, of which AWS waits until the test lets it go. */
const startSlow = async (options: Parameters<typeof startLive>[0] = {}) => {
  const live = await startLive(options);
  live.held.runs.push(runWith(ago(1), 'kSuccess'));
  live.held.copyJobs.push(copyJob('J1', 'FAILED'));
  let go = (reply?: { status: number }): void => void reply;
  const held = new Promise<{ status: number } | undefined>((resolve) => (go = resolve));
  live.aws.before = () => held;
  return { ...live, go: (reply?: { status: number }) => go(reply) };
};

describe('@defer', () => {
  it.each(transports)('shows what is there before what is slow, as %s', async (accept) => {
    const live = await startSlow();
    const { parts, answer } = send(live.url, accept, deferred('copyJobs { totalCount }'));
    await until(() => expect(parts).toEqual([{ data: { copyRuns: { totalCount: 1 } }, hasNext: true }]));
    expect(answer.ended).toBe(false);
    live.go();
    await until(() => expect(answer.ended).toBe(true));
    expect(parts.slice(1)).toEqual([
      { incremental: [{ label: 'slow', path: [], data: { copyJobs: { totalCount: 1 } } }], hasNext: false },
    ]);
    expect(answer.status).toBe(200);
  });

  it('works over a WebSocket too', async () => {
    const live = await startSlow();
    const socket = await openSocket(live);
    await socket.init();
    socket.start('1', deferred('copyJobs { totalCount }'));
    await until(() => expect(socket.messages.at(-1)?.payload?.data).toEqual({ copyRuns: { totalCount: 1 } }));
    live.go();
    expect((await socket.answer('1')).map(({ type }) => type)).toEqual(['next', 'next', 'complete']);
  });

  it.each(transports)('has an outage with the part that it belongs to, as %s', async (accept) => {
    const live = await startSlow();
    live.cohesity.before = ({ path }) => (path.endsWith('/protectionJobs') ? { status: 503, body: {} } : undefined);
    const query = `{
      protectionJobs { totalCount }
      ... @defer { copyJobs { totalCount } }
      ... @defer { single: copyJob(copyJobId: "J1", upstream: "aws-prod") { id } }
      ... @defer { told: copyJobs { totalCount upstreamReports { ok } } }
    }`;
    const { parts, answer } = send(live.url, accept, query);
    await until(() => expect(parts).toHaveLength(1));
    const outage = (upstream: string, field: string) => ({
      message: `Upstream ${upstream} could not be reached or failed.`,
      path: [field],
      extensions: { code: 'UPSTREAM_UNAVAILABLE', upstream },
    });
    expect(parts[0]?.errors).toMatchObject([outage('dc-east', 'protectionJobs')]);
    live.go({ status: 503 });
    await until(() => expect(answer.ended).toBe(true));
    const pieces = new Map(
      parts
        .slice(1)
        .flatMap(({ incremental = [] }) =>
          incremental.map((piece) => [Object.keys(Object(piece.data))[0], piece] as const),
        ),
    );
    expect(pieces.get('copyJobs')).toMatchObject({
      data: { copyJobs: { totalCount: null } },
      errors: [outage('aws-prod', 'copyJobs')],
    });
    expect(pieces.get('single')).toMatchObject({ data: { single: null }, errors: [outage('aws-prod', 'single')] });
    expect(pieces.get('told')).toMatchObject({ data: { told: { upstreamReports: [{ ok: false }] } } });
    expect(pieces.get('told')).not.toHaveProperty('errors');
    expect(parts.flatMap(({ errors = [] }) => errors)).toHaveLength(1);
    const read = parseMetrics(await (await fetch(new URL('/metrics', live.url))).text());
    expect(read('copygraph_operations_total', { kind: 'query', outcome: 'partial' })).toBe(1);
    expect(read('copygraph_operation_seconds_count', { kind: 'query' })).toBe(1);
  });

  it('keeps an outage for its part, though the part before it is slower', async () => {
    const live = await startSlow();
    live.cohesity.before = ({ path }) => (path.endsWith('/protectionJobs') ? { status: 503, body: {} } : undefined);
    const query = '{ copyJobs { totalCount } ... @defer { protectionJobs { totalCount } } }';
    const { parts, answer } = send(live.url, 'multipart/mixed', query);
    await until(async () => {
      const read = parseMetrics(await (await fetch(new URL('/metrics', live.url))).text());
      expect(read('copygraph_upstream_calls_total', { upstream: 'dc-east', outcome: 'unavailable' })).toBe(3);
    });
    live.go();
    await until(() => expect(answer.ended).toBe(true));
    expect(parts[0]).toEqual({ data: { copyJobs: { totalCount: 1 } }, hasNext: true });
    expect(parts[1]).toMatchObject({
      incremental: [{ errors: [{ path: ['protectionJobs'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] }],
    });
  });

  it('tells a mistake in a deferred part with its code, and nothing of what is inside', async () => {
    const live = await startSlow();
    const { parts, answer } = send(
      live.url,
      'multipart/mixed',
      `{ __typename ... @defer { node(id: "nonsense") { id } }
         ... @defer { other: copyJobs(first: -1) { totalCount } } }`,
    );
    await until(() => expect(answer.ended).toBe(true));
    const errors = parts.flatMap(({ incremental = [] }) =>
      incremental.flatMap((piece) => ('errors' in piece ? piece.errors : [])),
    );
    expect(errors).toMatchObject([
      { path: ['node'], extensions: { code: 'BAD_USER_INPUT', argument: 'id' } },
      { path: ['other'], extensions: { code: 'BAD_USER_INPUT', argument: 'first' } },
    ]);
  });

  it('has the deadline of the whole operation until its last part', async () => {
    const live = await startSlow({ limits: { requestTimeoutMs: 300 } });
    const { parts, answer } = send(live.url, 'multipart/mixed', deferred('copyJobs { totalCount }'));
    await until(() => expect(answer.ended).toBe(true));
    expect(parts[0]).toEqual({ data: { copyRuns: { totalCount: 1 } }, hasNext: true });
    expect(parts[1]).toMatchObject({
      incremental: [
        { data: { copyJobs: { totalCount: null } }, errors: [{ extensions: { code: 'UPSTREAM_TIMEOUT' } }] },
      ],
    });
  });

  it('lets go of the upstream when its reader goes', async () => {
    const live = await startSlow();
    live.aws.before = () => new Promise(() => undefined);
    await live.execute('{ copyRuns { totalCount } }'); // so that its connection is there
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const { parts, sent } = send(live.url, 'multipart/mixed', deferred('copyJobs { totalCount }'));
    await until(() => expect([parts.length, live.aws.seen.length]).toEqual([1, 1]));
    sent.destroy();
    await until(async () => {
      const read = parseMetrics(await (await fetch(new URL('/metrics', live.url))).text());
      expect(read('copygraph_upstream_calls_running', { upstream: 'aws-prod' })).toBe(0);
      expect(read('copygraph_operations_running')).toBe(0);
    });
    await until(() => expect(timers()).toBeLessThanOrEqual(before)); // the operation's deadline is gone
  });

  it('may be told to be off, and is answered at once then', async () => {
    const live = await startLive();
    const { data } = await live.execute('{ ... @defer(if: false) { upstreams { name } } }');
    expect(data.upstreams).toHaveLength(2);
  });

  it.each([
    ['multipart/mixed;deferSpec=20220824,application/json', 'multipart/mixed; boundary="-"; deferSpec=20220824'],
    ['text/event-stream, multipart/mixed', 'multipart/mixed; boundary="-"; deferSpec=20220824'],
    ['multipart/mixed;incrementalSpec=v0.2, text/event-stream', 'text/event-stream'],
  ])('comes in a form that is taken, and that no proxy holds back: %s', async (accept, type) => {
    const live = await startLive();
    const headers = { accept, 'content-type': 'application/json' };
    const body = JSON.stringify({ query: deferred('copyJobs { totalCount }') });
    const response = await fetch(live.url, { method: 'POST', headers, body });
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(await response.text()).toContain('"incremental":[{');
  });

  it.each([
    ['@defer in a subscription', 'subscription { copyOperationChanged { ... @defer { change } } }'],
    [
      '@defer in a fragment of a subscription',
      'subscription { copyOperationChanged { ...a } } fragment a on CopyOperationChange { ... @defer { change } }',
    ],
    ['@stream in a subscription', 'subscription { copyOperationChanged { upstreamReports @stream { ok } } }'],
    ['@defer at the root of a mutation', 'mutation { ... @defer { cancelFailover(id: "x") { __typename } } }'],
    ['@stream of what is no list', '{ copyJobs @stream { totalCount } }'],
  ])('%s is refused', async (_what, query) => {
    const live = await startLive();
    const { parts, answer } = send(live.url, 'text/event-stream', query);
    await until(() => expect(answer.ended).toBe(true));
    expect(parts).toMatchObject([{ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] }]);
  });
});

describe('@stream', () => {
  it('sends the items of a list one by one, in their order', async () => {
    const live = await startLive();
    let go = (): void => undefined;
    const held = new Promise<undefined>((resolve) => (go = () => resolve(undefined)));
    live.cohesity.before = () => held;
    const { parts, answer } = send(
      live.url,
      'multipart/mixed',
      '{ upstreams @stream(initialCount: 0) { name clusterName } }',
    );
    await until(() => expect(parts[0]).toEqual({ data: { upstreams: [] }, hasNext: true }));
    go();
    await until(() => expect(answer.ended).toBe(true));
    const items = parts.slice(1).flatMap(({ incremental = [] }) => incremental.map(({ path }) => path));
    expect(items).toEqual([
      ['upstreams', 0],
      ['upstreams', 1],
    ]);
  });
});

describe('the schema', () => {
  it('has both directives where it is served, and neither where it is printed for a federation', async () => {
    const live = await startLive();
    const { data } = await live.execute(getIntrospectionQuery());
    const served = buildClientSchema(data);
    expect(['defer', 'stream'].map((name) => served.getDirective(name)?.name)).toEqual(['defer', 'stream']);
    const { data: federated } = await live.execute('{ _service { sdl } }');
    for (const sdl of [federated._service.sdl, printSubgraph(schema)]) {
      expect(sdl).not.toMatch(/directive @(?:defer|stream)/);
    }
  });
});
