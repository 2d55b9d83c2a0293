import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Reply, awsBackupAt, cohesityAt, startFake } from '../support/fake.js';
import { type GatewayOptions, startGateway } from '../support/gateway.js';
import { changes, copyJob, watch } from '../support/live.js';
import { closing } from '../support/products.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { start as startProgram } from '../support/cli.js';
import { type CollectedSpan, startCollector, withEnvironment } from '../support/collector.js';
import { startCohesity } from '../support/cohesity.js';
import { until } from '../support/until.js';
import { openSocket } from '../support/websocket.js';
import { cluster, wireCopyRun, wireRunOf } from '../support/wire.js';

const SERVER = 2; // of OTLP's kinds
const CLIENT = 3;
const FAILED = 2; // of its status codes

const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const traceparent = `00-${caller.traceId}-${caller.spanId}-01`;
const query = 'query Night { copyJobs { totalCount } copyRuns { totalCount } }';

/** A gateway that sends its traces to a collector. `collected` ends it, and yields the spans. */
const startTraced = async (options: GatewayOptions, variables: Readonly<Record<string, string>> = {}) => {
  const collector = await startCollector();
  const gateway = await withEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...variables }, () =>
    startGateway(options),
  );
  let ended: Promise<void> | null = null;
  const end = (): Promise<void> => (ended ??= gateway.close());
  closing({ close: end });
  return {
    ...gateway,
    collector,
    collected: async (): Promise<readonly CollectedSpan[]> => {
      await end();
      return collector.spans();
    },
  };
};

const startBoth = async (more: Partial<GatewayOptions> = {}) => {
  const held = { runs: [wireRunOf(7, Date.now() * 1000 - 60_000_000, { copyRun: [wireCopyRun(501)] })], cluster };
  const cohesity = closing(await startCohesity(held));
  const aws = closing(await startAwsBackup({ copyJobs: [copyJob('J1', 'RUNNING')] }));
  const upstreams = [cohesityAt(cohesity), awsBackupAt(aws)];
  return { ...(await startTraced({ upstreams, ...more })), cohesity, aws };
};

const childrenOf = (spans: readonly CollectedSpan[], { spanId }: Pick<CollectedSpan, 'spanId'>) =>
  spans.filter(({ parentSpanId }) => parentSpanId === spanId);

describe('a trace', () => {
  it('follows a request from its caller through the gateway to each upstream', async () => {
    const { execute, collected, collector, operationLines, cohesity, aws } = await startBoth();
    await execute(query, {}, { traceparent, tracestate: 'vendor=1', 'x-request-id': 'caller-7' });
    const spans = await collected();
    const [operation, ...others] = spans.filter(({ kind }) => kind === SERVER);
    expect(others).toEqual([]);
    expect(operation).toMatchObject({
      name: 'query Night',
      traceId: caller.traceId,
      parentSpanId: caller.spanId,
      attributes: {
        'graphql.operation.type': 'query',
        'graphql.operation.name': 'Night',
        'copygraph.principal': 'anonymous',
        'copygraph.outcome': 'ok',
        'copygraph.answer': 'executed',
        'copygraph.request_id': 'caller-7',
        'copygraph.upstream_calls': 2,
        'copygraph.cost': expect.any(Number),
      },
    });
    const attempts = childrenOf(spans, operation ?? caller);
    expect(attempts.map(({ name, kind, traceId, attributes }) => [name, kind, traceId, attributes]).sort()).toEqual([
      [
        'GET /irisservices/api/v1/public/protectionRuns',
        CLIENT,
        caller.traceId,
        { 'copygraph.upstream': 'dc-east', 'copygraph.outcome': 'ok' },
      ],
      ['ListCopyJobs', CLIENT, caller.traceId, { 'copygraph.upstream': 'aws-prod', 'copygraph.outcome': 'ok' }],
    ]);
    for (const { name, spanId } of attempts) {
      const [seen] = (name === 'ListCopyJobs' ? aws : cohesity).seen;
      expect(seen?.headers).toMatchObject({
        traceparent: `00-${caller.traceId}-${spanId}-01`,
        tracestate: 'vendor=1',
      });
    }
    expect(JSON.parse(operationLines[0] ?? '')).toMatchObject({
      name: 'Night',
      requestId: 'caller-7',
      traceId: caller.traceId,
    });
    expect(collector.resource()).toMatchObject({ 'service.name': 'copygraph', 'service.version': expect.any(String) });
    expect(new Set(collector.requests())).toEqual(new Set(['POST /v1/traces']));
  });

  it('has a span for each attempt, and says which failed', async () => {
    const answers: Reply[] = [{ status: 503, body: {} }];
    const aws = closing(await startFake(() => answers.shift() ?? { body: { CopyJobs: [] } }));
    const { execute, collected } = await startTraced({ upstreams: [awsBackupAt(aws)] });
    await execute('{ copyJobs { totalCount } }');
    const spans = await collected();
    const [operation] = spans.filter(({ kind }) => kind === SERVER);
    const attempts = childrenOf(spans, operation ?? caller);
    expect(attempts.map(({ attributes, status }) => [attributes['copygraph.outcome'], status.code])).toEqual([
      ['unavailable', FAILED],
      ['ok', 0],
    ]);
    expect(operation).toMatchObject({ name: 'query', attributes: { 'copygraph.outcome': 'ok' } });
    expect(operation).not.toHaveProperty('parentSpanId');
    expect(aws.seen.map(({ headers }) => String(headers['traceparent']).split('-')[2])).toEqual(
      attempts.map(({ spanId }) => spanId),
    );
  });

  it('is there for an equal operation too that is answered by what is kept', async () => {
    const { execute, collected } = await startBoth({ cache: { answerSeconds: 60, listSeconds: 60 } });
    const ids = ['first', 'second', 'third']; // what the first was made from is kept from then on, and its text known
    for (const id of ids) await execute(query, {}, { 'x-request-id': id });
    const operations = (await collected()).filter(({ kind }) => kind === SERVER);
    expect(
      operations.map(({ attributes }) => [attributes['copygraph.request_id'], attributes['copygraph.answer']]).sort(),
    ).toEqual([
      ['first', 'executed'],
      ['second', 'executed'],
      ['third', 'kept'],
    ]);
    for (const { name, attributes } of operations)
      expect([name, attributes['copygraph.outcome']]).toEqual(['query Night', 'ok']);
  });

  it('is there for an equal operation too that joins one under way, with the calls under the one that made them', async () => {
    const waiting: (() => void)[] = [];
    const aws = closing(
      await startFake(() => new Promise((resolve) => waiting.push(() => resolve({ body: { CopyJobs: [] } })))),
    );
    const { execute, url, collected } = await startTraced({ upstreams: [awsBackupAt(aws)] });
    const ask = (id: string) => execute('query Night { copyJobs { totalCount } }', {}, { 'x-request-id': id });
    const answer = async (count: number): Promise<void> => {
      await until(() => expect(waiting).toHaveLength(count));
      waiting.splice(0).forEach((give) => give());
    };
    await Promise.all([ask('first'), answer(1)]); // its text is known from then on
    const both = [ask('one'), ask('other')];
    await until(async () => {
      const text = await (await fetch(new URL('/metrics', url))).text();
      expect(text).toContain('copygraph_answers_total{result="joined"} 1');
    });
    await Promise.all([...both, answer(1)]);
    const spans = await collected();
    const answers = spans.filter(({ kind }) => kind === SERVER).map(({ attributes }) => attributes['copygraph.answer']);
    expect(answers.sort()).toEqual(['executed', 'executed', 'joined']);
    const joined = spans.find(({ attributes }) => attributes['copygraph.answer'] === 'joined');
    expect(childrenOf(spans, joined ?? caller)).toEqual([]);
  });

  it('of a subscription ends with it, and the polls for it are traces of their own', async () => {
    const { url, aws, collected } = await startBoth({ live: { minSeconds: 0.02, maxSeconds: 0.04 } });
    const watching = watch({ url }, changes().replace('subscription', 'subscription Wall'), {
      headers: { traceparent },
    });
    await until(() => expect(watching.events.length).toBeGreaterThan(0));
    const polled = aws.seen.length;
    await until(() => expect(aws.seen.length).toBeGreaterThan(polled));
    watching.leave();
    const spans = await collected();
    const operation = spans.find(({ name }) => name === 'subscription Wall');
    expect(operation).toMatchObject({ traceId: caller.traceId, attributes: { 'copygraph.outcome': 'ok' } });
    const polls = spans.filter(({ kind, traceId }) => kind === CLIENT && traceId !== caller.traceId);
    expect(polls.length).toBeGreaterThan(1);
    expect(new Set(polls.map(({ traceId }) => traceId)).size).toBe(polls.length);
    expect(polls.every((span) => !('parentSpanId' in span))).toBe(true);
  });

  it('of an operation on a WebSocket goes on from the upgrade', async () => {
    const gateway = await startBoth();
    const socket = await openSocket(gateway, { headers: { traceparent } });
    await socket.init();
    socket.start('1', query);
    await socket.answer('1');
    const spans = await gateway.collected();
    const operation = spans.find(({ kind }) => kind === SERVER);
    expect(operation).toMatchObject({ name: 'query Night', traceId: caller.traceId, parentSpanId: caller.spanId });
    expect(childrenOf(spans, operation ?? caller).length).toBe(2);
  });

  it('is named and sampled as the environment says', async () => {
    const upstreams = [awsBackupAt({ url: 'http://127.0.0.1:9' })];
    const named = await startTraced(
      { upstreams },
      { OTEL_SERVICE_NAME: 'copies', OTEL_RESOURCE_ATTRIBUTES: 'team=dr' },
    );
    await named.execute('{ upstreams { name } }');
    await named.collected();
    expect(named.collector.resource()).toMatchObject({ 'service.name': 'copies', team: 'dr' });
    const none = await startTraced({ upstreams }, { OTEL_TRACES_SAMPLER: 'always_off' });
    await none.execute('{ upstreams { name } }');
    expect(await none.collected()).toEqual([]);
  });

  it('holds nothing up when no collector answers', async () => {
    const gone = closing(await startFake(() => null));
    const aws = closing(await startFake(() => ({ body: { CopyJobs: [] } })));
    const gateway = await withEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: gone.url }, () =>
      startGateway({ upstreams: [awsBackupAt(aws)] }),
    );
    const { data } = await gateway.execute('{ copyJobs { totalCount } }');
    expect(data).toEqual({ copyJobs: { totalCount: 0 } });
    await gateway.close();
    expect(gone.seen.length).toBe(1);
  });
});

describe('docs/observability.md', () => {
  /** A trace without what is another in each run. */
  const shapeOf = (spans: readonly Partial<CollectedSpan>[]) => {
    const nameOf = (id: string | undefined) => spans.find(({ spanId }) => spanId === id)?.name ?? id;
    return spans
      .map(({ name, kind, traceId, parentSpanId, attributes }) => ({
        ...{ name, kind, traceId, parent: nameOf(parentSpanId) },
        attributes: { ...attributes, 'copygraph.cost': typeof attributes?.['copygraph.cost'] },
      }))
      .sort((one, other) => String(one.name).localeCompare(String(other.name)));
  };

  it('has a trace as the gateway makes it', async () => {
    const text = readFileSync('docs/observability.md', 'utf8');
    const blocks = [...text.matchAll(/^```json\n(.*?)^```/gms)].map(([, block = '']): unknown => JSON.parse(block));
    const { execute, collected, operationLines } = await startBoth();
    await execute(query, {}, { traceparent, 'x-request-id': 'caller-7' });
    const spans = await collected();
    const shown = blocks.at(-1) as readonly CollectedSpan[];
    expect(shapeOf(shown)).toEqual(shapeOf(spans.filter(({ traceId }) => traceId === caller.traceId)));
    const line: object = JSON.parse(operationLines[0] ?? '{}');
    expect(Object.keys(line)).toEqual(expect.arrayContaining(Object.keys(blocks[0] as object)));
  });
});

describe('the packages that make traces', () => {
  /** Whether the program has loaded them, by the list that V8 writes at its end. */
  const loaded = async (env: NodeJS.ProcessEnv): Promise<boolean> => {
    const folder = mkdtempSync(join(tmpdir(), 'copygraph-traces-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const cli = startProgram(['serve'], { ...env, NODE_V8_COVERAGE: folder });
    await cli.saying(/"msg":"listening"/);
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toBe(0);
    return readdirSync(folder).some((file) => readFileSync(join(folder, file), 'utf8').includes('"BatchSpanProcessor'));
  };

  it.each<[string, NodeJS.ProcessEnv, boolean]>([
    ['are not loaded where no collector is named', { OTEL_SERVICE_NAME: 'x' }, false],
    ['are loaded where one is', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, true],
  ])('%s', async (_what, env, expected) => {
    expect(await loaded(env)).toBe(expected);
  });
});
