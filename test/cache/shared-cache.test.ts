import { serialize } from 'node:v8';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { version } from '../../src/assembly/version.js';
import { jobOf, runOf } from '../support/estate.js';
import { HOUR, NOW } from '../support/estates.js';
import { startGatewayAt, startPlayedCluster } from '../support/failover.js';
import type { Gateway } from '../support/gateway.js';
import { closing } from '../support/products.js';
import { type RunningRedis, deadPort, describeWithRedis, startRedis } from '../support/redis.js';
import { serve } from '../support/served.js';
import { cluster, wireCopyRun, wireRunOf } from '../support/wire.js';
import { until } from '../support/until.js';

const TODAY = NOW + HOUR / 3;
const PREFIX = 'copygraph:cache:';
const SIZE = 'bytes'; // the field that holds how large a hash is

/** All that is kept, as the hash and the field of each entry. */
const entriesIn = async ({ client }: RunningRedis): Promise<readonly (readonly [hash: string, field: string])[]> => {
  const hashes = await client.keys(`${PREFIX}*`);
  const fields = await Promise.all(hashes.map((hash) => client.hkeys(hash)));
  return hashes.flatMap((hash, index) =>
    (fields[index] ?? []).filter((field) => field !== SIZE).map((field) => [hash, field] as const),
  );
};

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: TODAY / 1000 }));
afterEach(() => void vi.useRealTimers());

const pass = (span: number): void => void vi.setSystemTime(Date.now() + span / 1000);

const jobs = [
  ...Array.from({ length: 30 }, (_, n) =>
    jobOf(`j${n}`, TODAY - n * HOUR - HOUR / 6, { state: 'COMPLETED', sizeBytes: 2 ** 40 }),
  ),
  jobOf('r', TODAY - 20 * HOUR),
];
/** A read as a replica of this version writes it. */
const readFrom = (observedAt: number, records: unknown): Buffer =>
  serialize([3, version, { value: { records, observedAt, unreadable: 0 }, observedAt, ttlMs: 1e9 }]);
const runs = Array.from({ length: 30 }, (_, n) => runOf(1 + (n % 3), TODAY - n * HOUR - HOUR / 6));

/** Two gateways in front of the same upstreams, with one Redis. */
const startTwo = async (redis: { readonly url: string }) => {
  const served = await serve({
    clusters: { 'dc-east': runs },
    endpoints: { 'aws-prod': jobs },
    cache: {},
    redis: { url: redis.url },
  });
  const calls = () => served.take('dc-east').length + served.take('aws-prod').length;
  return { one: served as Gateway, two: await served.restart(), calls };
};

const list =
  '{ copyOperations(first: 100) { totalCount nodes { id state startedAt sizeBytes observedAt } upstreamReports { ok stale complete observedAt } } }';
const single = `{ copyJob(copyJobId: "j3") { id sizeBytes startedAt observedAt }
  node(id: "ProtectionShell:dc-east:1:${TODAY - HOUR / 6 - 3 * HOUR}") { ... on ProtectionShell { jobRunId startedAt observedAt } }
  job: node(id: "ProtectionJob:dc-east:1") { ... on ProtectionJob { jobId name } } }`;

/** Resolves when what was read has been written: writes are not waited for by requests. */
const written = (redis: RunningRedis, atLeast: number): Promise<void> =>
  until(async () => expect((await entriesIn(redis)).length).toBeGreaterThanOrEqual(atLeast), 5);

const good = async (gateway: Gateway, query: string) => {
  const { data, errors } = await gateway.execute(query);
  expect(errors).toEqual([]);
  return data;
};

const linesAbout = ({ logs }: Gateway) => logs.filter((line) => line.includes('Redis'));

describeWithRedis('the cache of two gateways', () => {
  it('is one: what the first has read costs the second no call', async () => {
    const redis = await startRedis();
    const { one, two, calls } = await startTwo(redis);
    const first = [await good(one, single), await good(one, list)];
    expect(calls()).toBeGreaterThan(4);
    await written(redis, 2 + 2 + 3);
    expect([await good(two, single), await good(two, list)]).toEqual(first);
    expect(calls()).toBe(0);
    expect(await good(two, list.replace('first: 100', 'first: 100, maxAge: 0'))).toMatchObject({
      copyOperations: { totalCount: first[1].copyOperations.totalCount },
    });
    expect(calls()).toBe(2);
  });

  it('stands in for an upstream in a gateway that has never read it', async () => {
    const redis = await startRedis();
    const served = await serve({
      endpoints: { 'aws-prod': jobs },
      cache: {},
      redis: { url: redis.url },
    });
    const first = await good(served, list);
    await written(redis, 2);
    served.broken.set('aws-prod', {
      status: 403,
      headers: { 'x-amzn-errortype': 'AccessDeniedException' },
      body: '{}',
    });
    pass(HOUR / 6);
    const { data } = await (await served.restart()).execute(list);
    expect(data.copyOperations.nodes).toEqual(first.copyOperations.nodes);
    expect(data.copyOperations.upstreamReports).toMatchObject([{ ok: false, stale: true, complete: true }]);
  });

  it('lets everything go by itself: each hash has a time to live, no longer than its last entry may be served', async () => {
    const redis = await startRedis();
    const { one } = await startTwo(redis);
    await good(one, list);
    await good(one, single);
    await written(redis, 2 + 2 + 2);
    const keys = await redis.client.keys(`${PREFIX}*`);
    const lives = await Promise.all(keys.map((key) => redis.client.pttl(key)));
    expect(keys.sort()).toEqual([`${PREFIX}{aws-prod}:now`, `${PREFIX}{dc-east}:now`]);
    expect(Math.min(...lives)).toBeGreaterThan(3_500_000);
    expect(Math.max(...lives)).toBeLessThanOrEqual(90_000_000);
  });

  it.each<[string, Buffer | string]>([
    ['text', 'nonsense'],
    ['nothing', ''],
    ['bytes of no form', Buffer.from([0xff, 0x0f, 0x22, 0x00, 0x99])],
    [
      'an entry of another form',
      serialize([
        2,
        version,
        { value: { records: [], observedAt: TODAY, unreadable: 0 }, observedAt: TODAY, ttlMs: 1e9 },
      ]),
    ],
    [
      'an entry of another version',
      serialize([
        3,
        '0.0.1',
        { value: { records: [], observedAt: TODAY, unreadable: 0 }, observedAt: TODAY, ttlMs: 1e9 },
      ]),
    ],
    ['an entry from the future', readFrom(TODAY + HOUR, [])],
    ['a read whose record is none', readFrom(TODAY, [{}])],
    ['a read whose records are none', readFrom(TODAY, 'records')],
    ['an entry without a time', serialize([3, version, { value: { records: [] } }])],
    ['an entry that is none', serialize([3, version, 'entry'])],
    [
      'half an entry',
      serialize([3, version, { value: 'x'.repeat(100), observedAt: TODAY, ttlMs: 1e9 }]).subarray(0, 60),
    ],
  ])('reads past %s, and writes its own over it', async (_name, bytes) => {
    const redis = await startRedis();
    const { one, two, calls } = await startTwo(redis);
    const first = await good(one, list);
    await written(redis, 2 + 2);
    const entries = await entriesIn(redis);
    for (const [hash, field] of entries) await redis.client.hset(hash, field, bytes);
    calls();
    expect((await good(two, list)).copyOperations.nodes).toHaveLength(first.copyOperations.nodes.length);
    expect(calls()).toBe(2);
    await until(async () => {
      const values = await Promise.all(entries.map(([hash, field]) => redis.client.hgetBuffer(hash, field)));
      expect(values.filter((value) => value?.equals(Buffer.from(bytes)))).toEqual([]);
    });
  });

  it('forgets what a cancel has changed, whichever of them read it', async () => {
    const redis = await startRedis();
    const fake = closing(await startPlayedCluster());
    let status = 'kRunning';
    const began = TODAY - HOUR / 6;
    fake.held.runs = () => [wireRunOf(7, began, { copyRun: [wireCopyRun(501, { runStartTimeUsecs: began, status })] })];
    fake.plays.cancelCopy = () => {
      status = 'kCanceling';
      return { status: 204 };
    };
    const options = { cache: {}, redis: { url: redis.url } };
    const [one, two] = [await startGatewayAt(fake, options), await startGatewayAt(fake, options)];
    const id = `CopyRun:dc-east:7:${began}:${cluster.clusterId}:${cluster.clusterIncarnationId}:501`;
    const query = `{ node(id: "${id}") { ... on CopyRun { state } } copyRuns { nodes { state } } }`;
    await good(one, query);
    await written(redis, 2);
    await good(two, `mutation { cancelCopyRun(id: "${id}") { __typename } }`);
    expect(await good(two, query)).toEqual({
      node: { state: 'CANCELING' },
      copyRuns: { nodes: [{ state: 'CANCELING' }] },
    });
    const three = await startGatewayAt(fake, options);
    expect((await good(three, query)).copyRuns.nodes).toEqual([{ state: 'CANCELING' }]);
  });
});

describeWithRedis('a Redis that dies', () => {
  it('fails no request, is told in one line, and is shared again when it is back', async () => {
    const redis = await startRedis();
    const { one, two, calls } = await startTwo(redis);
    const first = await good(one, list);
    await redis.kill();
    calls();
    for (let turn = 0; turn < 5; turn += 1) {
      const answers = await Promise.all([good(one, list), good(two, list), good(one, single), good(two, single)]);
      expect(answers[0]).toEqual(first);
      expect(answers[1].copyOperations.totalCount).toBe(first.copyOperations.totalCount);
    }
    // Each has its own memory: the first had the list, the second read it once; each read the records once.
    expect(calls()).toBeLessThanOrEqual(2 + 2 * 3);
    for (const gateway of [one, two]) expect(linesAbout(gateway)).toHaveLength(1);

    await redis.start();
    await until(() => expect([linesAbout(one).length, linesAbout(two).length]).toEqual([2, 2]));
    pass(6_000_000);
    await good(one, list);
    await written(redis, 4);
    calls();
    await good(two, list);
    expect(calls()).toBe(0);
  }, 15_000);

  it('in the middle of requests fails none of them', async () => {
    const redis = await startRedis();
    const { one, two } = await startTwo(redis);
    const asked = Array.from({ length: 40 }, (_, n) =>
      good(n % 2 === 0 ? one : two, list.replace('first: 100', `first: ${n + 50}, maxAge: ${n % 3}`)),
    );
    const killed = redis.kill();
    for (const answer of await Promise.all(asked)) expect(answer.copyOperations.totalCount).toBeGreaterThan(40);
    await killed;
  });

  it('was never there: the gateway starts, and keeps to its own memory', async () => {
    const served = await serve({
      endpoints: { 'aws-prod': jobs },
      cache: {},
      redis: { url: `redis://127.0.0.1:${await deadPort()}` },
    });
    await good(served, list);
    served.take('aws-prod');
    await good(served, list);
    expect(served.take('aws-prod')).toEqual([]);
    expect(linesAbout(served)).toHaveLength(1);
  });
});
