import { describe, expect, it, vi } from 'vitest';
import { type Reply, awsBackupAt, cohesityAt, startFake } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { apiKey } from '../support/keys.js';
import { changes, copyJob, startLive, watch } from '../support/live.js';
import { closing, startProducts } from '../support/products.js';
import { until } from '../support/until.js';
import { openSocket } from '../support/websocket.js';
import { copyRunKey, wireCopyJob, wireCopyRun, wireRun } from '../support/wire.js';

const linesOf = ({ operationLines }: Pick<Gateway, 'operationLines'>): readonly Record<string, unknown>[] =>
  operationLines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .map(({ level, time, pid, hostname, service, msg, ...fields }) => {
      expect([level, typeof time, typeof pid, typeof hostname, service, msg]).toEqual([
        30,
        'number',
        'number',
        'string',
        'copygraph',
        'operation',
      ]);
      return fields;
    });

const line = (fields: object) => ({
  name: null,
  kind: 'query',
  principal: 'anonymous',
  ms: expect.any(Number),
  cost: null,
  upstreamCalls: 0,
  outcome: 'ok',
  errorId: null,
  requestId: expect.any(String),
  ...fields,
});

const named = 'query Night($first: Int) { copyJobs(first: $first) { nodes { state } } }';

describe('the log', () => {
  it('has a line for each operation, with what it was and what it took, and none of its variables', async () => {
    const products = await startProducts({ copyJobs: [wireCopyJob('J1')] });
    await products.execute(named, { first: 37 }, { 'x-request-id': 'caller-7' });
    await products.execute('mutation Stop { cancelFailover(input: { upstream: "dc-east", id: "1" }) { __typename } }');
    await products.execute('{ nonsense }');
    await products.execute('{');
    const lines = linesOf(products);
    expect(lines[0]).toEqual(
      line({ name: 'Night', requestId: 'caller-7', cost: expect.any(Number), upstreamCalls: 1 }),
    );
    expect(lines.slice(-2)).toEqual([
      line({ kind: 'unknown', outcome: 'failed' }),
      line({ kind: 'unknown', outcome: 'failed' }),
    ]);
    expect(lines.length).toBe(4);
    expect(lines[0]?.['ms']).toBeGreaterThan(0);
    expect(products.operationLines.join('')).not.toMatch(/\b37\b/);
  });

  it('says who asked, by the name of the key', async () => {
    const aws = closing(await startFake(() => ({ body: { CopyJobs: [] } })));
    const auth = { apiKeys: [apiKey('board-key', ['copy:read'])] };
    const gateway = closing(await startGateway({ upstreams: [awsBackupAt(aws)], auth }));
    await gateway.execute('{ copyJobs { totalCount } }', {}, { 'x-api-key': 'board-key' });
    await gateway.execute('{ copyJobs { totalCount } }');
    expect(linesOf(gateway)).toEqual([
      line({ principal: auth.apiKeys[0]?.name, cost: expect.any(Number), upstreamCalls: 1 }),
    ]);
  });

  it('counts each attempt, and calls what has data and errors partial', async () => {
    const answers: Reply[] = [
      { status: 503, body: {} },
      { status: 503, body: {} },
    ];
    const aws = closing(await startFake(() => answers.shift() ?? { body: { CopyJobs: [] } }));
    const gateway = closing(await startGateway({ upstreams: [awsBackupAt(aws)] }));
    await gateway.execute('{ copyJobs { totalCount } }');
    answers.push(...Array.from({ length: 9 }, () => ({ status: 503, body: {} })));
    await gateway.execute('{ copyJobs { totalCount } }');
    const [first, second] = linesOf(gateway);
    expect([first?.['outcome'], first?.['upstreamCalls']]).toEqual(['ok', 3]);
    expect([second?.['outcome'], second?.['upstreamCalls']]).toEqual(['partial', aws.seen.length - 3]);
  });

  it('has the error id that the caller was told', async () => {
    const run = wireRun({ copyRun: [wireCopyRun(501, { runStartTimeUsecs: 1_000_000_000_000_000 })] });
    const products = await startProducts({ runs: [run], jobs: [{ id: 7, name: 'j' }] });
    // A `DateTime` of a minute that no other test asks for is written with it; nothing else of this answer is.
    const bug = vi.spyOn(Date.prototype, 'toISOString').mockImplementation(() => {
      throw new RangeError('a bug');
    });
    const { errors } = await products.execute(`{ node(id: "CopyRun:${copyRunKey}") { ... on CopyRun { startedAt } } }`);
    bug.mockRestore();
    const [, errorId = ''] = /error id ([\da-f-]{36})/.exec(errors[0]?.message ?? '') ?? [];
    expect(errorId).not.toBe('');
    expect(linesOf(products)).toMatchObject([{ outcome: 'partial', errorId }]);
  });

  it('has a line for each of equal queries that are answered once', async () => {
    const products = await startProducts({ copyJobs: [wireCopyJob('J1')], cache: { answerSeconds: 60 } });
    for (const first of [5, 5, 5]) await products.execute(named, { first });
    await until(() => expect(linesOf(products).length).toBe(3));
    expect(linesOf(products)).toEqual([
      line({ name: 'Night', cost: expect.any(Number), upstreamCalls: expect.any(Number) }),
      expect.objectContaining({ name: 'Night', outcome: 'ok' }),
      line({ name: 'Night' }), // its answer was kept
    ]);
  });

  it('has a line when a caller has gone away before the answer', async () => {
    const aws = closing(await startFake(() => null));
    const gateway = closing(await startGateway({ upstreams: [awsBackupAt(aws)] }));
    const leaving = new AbortController();
    const body = JSON.stringify({ query: '{ copyJobs { totalCount } }' });
    const headers = { 'content-type': 'application/json' };
    const asked = fetch(gateway.url, { method: 'POST', headers, body, signal: leaving.signal });
    await until(() => expect(aws.seen.length).toBe(1));
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await until(() => expect(linesOf(gateway).length).toBe(1));
    expect(linesOf(gateway)).toEqual([line({ outcome: 'canceled', cost: expect.any(Number), upstreamCalls: 1 })]);
  });

  it('has the line of a subscription when it ends', async () => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    const watching = watch(live, changes().replace('subscription', 'subscription Wall'));
    await until(() => expect(watching.events.length).toBeGreaterThan(0));
    expect(linesOf(live)).toEqual([]);
    watching.leave();
    await until(() => expect(linesOf(live).length).toBe(1));
    expect(linesOf(live)).toEqual([line({ name: 'Wall', kind: 'subscription', cost: expect.any(Number) })]);
  });

  it('has a line for each operation on a WebSocket', async () => {
    const aws = closing(await startFake(() => ({ body: { CopyJobs: [] } })));
    const cohesity = closing(await startFake(() => ({ status: 503, body: {} })));
    const gateway = closing(await startGateway({ upstreams: [awsBackupAt(aws), cohesityAt(cohesity)] }));
    const socket = await openSocket(gateway, { headers: { 'x-request-id': 'socket-1' } });
    await socket.init();
    socket.start('1', named, { first: 1 });
    await socket.answer('1');
    socket.start('2', '{ nonsense }');
    await socket.answer('2');
    const requestId = 'socket-1';
    expect(linesOf(gateway)).toEqual([
      line({ name: 'Night', requestId, cost: expect.any(Number), upstreamCalls: 1 }),
      line({ kind: 'unknown', outcome: 'failed', requestId }),
    ]);
  });
});
