import { expect, it } from 'vitest';
import { createAttemptRecords } from '../../src/replicas/attempt-records.js';
import { microsFromMillis } from '../../src/domain/micros.js';
import { createRedis } from '../../src/replicas/redis.js';
import { attemptOf } from '../support/attempts.js';
import {
  KEY,
  type FailoverOptions,
  bodyDigest,
  gistOf,
  press,
  readFailover,
  startGatewayAt,
  startPlayedCluster,
} from '../support/failover.js';
import { closing } from '../support/products.js';
import { type RunningRedis, deadPort, describeWithRedis, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';

const accepted = 'FailoverAccepted REQUESTED';
const unconfirmed = 'FailoverAccepted UNCONFIRMED';
const conflict = 'FailoverConflict IDEMPOTENCY_KEY_REUSED';
const noLock = 'FailoverRejected LOCK_UNAVAILABLE';

const lockName = `copygraph:lock:{dc-east}:failover:${KEY}`;

/** Two gateways in front of one cluster, which have one Redis in common. */
const startReplicas = async (options: FailoverOptions = {}) => {
  const redis = await startRedis();
  const cluster = closing(await startPlayedCluster());
  const start = () => startGatewayAt(cluster, { redis: { url: redis.url }, ...options });
  return { redis, cluster, east: await start(), west: await start() };
};

/** The record of an attempt, as another replica, which is gone, wrote it down. */
const remember = async ({ url }: RunningRedis, members: Parameters<typeof attemptOf>[0]) => {
  const attempts = createAttemptRecords(closing(await createRedis(url, () => undefined)));
  const attempt = attemptOf({ key: KEY, bodyDigest, startedAt: microsFromMillis(Date.now()), ...members });
  const { id: epoch } = await attempts.epoch(attempt.upstream);
  await attempts.restore(attempt.upstream, epoch, [{ ...attempt, outcome: null }]);
  if (attempt.outcome !== null) await attempts.end(attempt);
};

describeWithRedis('two gateways with one Redis', { concurrent: true }, () => {
  it('that are pressed at once send one request, and both answer with the failover', async () => {
    const { cluster, east, west } = await startReplicas();
    const all = await Promise.all(Array.from({ length: 20 }, (_, index) => press(index % 2 === 0 ? east : west)));
    expect(all.map(gistOf)).toEqual(Array(20).fill(accepted));
    expect(new Set(all.map(({ result }) => result.failover.requestedAt)).size).toBe(1);
    expect(cluster.accepted()).toEqual([KEY]);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('that are pressed at once send one request where the cluster is slow to list it', async () => {
    const { cluster, east, west } = await startReplicas();
    cluster.plays.poll = () => ({ body: { failoverPlannedRuns: [] } });
    const all = await Promise.all([east, west, east, west].map((gateway) => press(gateway)));
    expect(all.map(gistOf)).toEqual(Array(4).fill(accepted));
    expect(cluster.posts()).toHaveLength(1);
  });

  it('that are pressed at once with two bodies send one of them', async () => {
    const { cluster, east, west } = await startReplicas();
    const gists = await Promise.all(
      [press(east), press(west, { runType: 'FULL' })].map(async (one) => gistOf(await one)),
    );
    expect([...gists].sort()).toEqual([accepted, conflict]);
    expect(cluster.posts()).toHaveLength(1);
    expect(cluster.posts()[0]?.body.includes('kFull')).toBe(gists[0] === conflict);
  });

  it('know of each other’s keys: another body is a conflict, and the cluster is not asked', async () => {
    const { cluster, east, west } = await startReplicas();
    await press(east);
    const before = cluster.seen.length;
    expect(gistOf(await press(west, { runType: 'FULL' }))).toBe(conflict);
    expect(cluster.seen.length).toBe(before);
    cluster.listed.clear();
    expect(gistOf(await press(west))).toBe(accepted);
    const [one, other] = [await readFailover(east), await readFailover(west)];
    expect(one.failover).toMatchObject({ state: 'REQUESTED', requestedAt: expect.any(String) });
    expect(other.failover).toEqual(one.failover);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('know of each other’s lost answers, and of each other’s refusals', async () => {
    const { cluster, east, west } = await startReplicas({ limits: { requestTimeoutMs: 4000 } });
    cluster.plays.post = ({ nth, drop }) =>
      nth === 1 ? drop() : { status: 400, body: { errorCode: 'KNo', message: 'no' } };
    expect(gistOf(await press(east))).toBe(unconfirmed);
    expect(gistOf(await press(west))).toBe(unconfirmed);
    expect(gistOf(await press(east, { idempotencyKey: 'two' }))).toBe('FailoverRejected REJECTED_BY_CLUSTER');
    cluster.plays.post = ({ accept }) => accept();
    expect(gistOf(await press(west, { idempotencyKey: 'two', runType: 'FULL' }))).toBe(conflict);
    expect(gistOf(await press(west, { idempotencyKey: 'two' }))).toBe(accepted);
    expect(cluster.accepted()).toEqual(['two']);
  });

  it('hear of what the other sent, though its clock is behind', async () => {
    const { redis, cluster, east } = await startReplicas();
    cluster.plays.post = () => ({ status: 400, body: { errorCode: 'KNo', message: 'no' } });
    expect(gistOf(await press(east))).toBe('FailoverRejected REJECTED_BY_CLUSTER');
    cluster.plays.post = ({ accept }) => accept();
    await remember(redis, { outcome: 'unconfirmed', startedAt: microsFromMillis(Date.now() - 60_000) }); // by the other
    expect(gistOf(await press(east))).toBe(unconfirmed);
    expect(cluster.accepted()).toEqual([]);
  });

  it('do not wait for each other beyond their time: what is under way is told as it is', async () => {
    const { redis, cluster, east } = await startReplicas();
    const hasty = await startGatewayAt(cluster, { redis: { url: redis.url }, limits: { requestTimeoutMs: 2500 } });
    let answer = (): void => undefined;
    const arrived = new Promise<void>((arrive) => {
      cluster.plays.post = async ({ accept }) => {
        arrive();
        await new Promise<void>((resolve) => (answer = resolve));
        return accept();
      };
    });
    const first = press(east);
    await arrived;
    expect(gistOf(await press(hasty))).toBe(unconfirmed);
    expect(gistOf(await press(hasty, { runType: 'FULL' }))).toBe(conflict);
    answer();
    expect(gistOf(await first)).toBe(accepted);
    expect(gistOf(await press(hasty))).toBe(accepted);
    expect(cluster.posts()).toHaveLength(1);
  });
});

describeWithRedis('a failover without Redis', { concurrent: true }, () => {
  it('is refused, and nothing is asked or sent, unless the caller takes it on', async () => {
    const { redis, cluster, east } = await startReplicas();
    await redis.kill();
    const { result, errors } = await press(east);
    expect(errors).toEqual([]);
    expect(result).toEqual({
      __typename: 'FailoverRejected',
      code: 'LOCK_UNAVAILABLE',
      message:
        'Redis, which keeps the failover lock of all replicas, cannot be reached. Nothing was sent; the same key can be used again.',
      path: [],
      errorCode: null,
    });
    expect(cluster.seen).toEqual([]);
    expect(gistOf(await press(east, { allowWithoutLock: true }))).toBe(accepted);
    expect(gistOf(await press(east, { allowWithoutLock: true }))).toBe(accepted);
    expect(cluster.posts()).toHaveLength(1);
    expect((await readFailover(east)).failover).toMatchObject({ state: 'REQUESTED', requestedAt: expect.any(String) });
  });

  it('is refused where Redis was never there, until it is', async () => {
    const port = await deadPort();
    const cluster = closing(await startPlayedCluster());
    const gateway = await startGatewayAt(cluster, { redis: { url: `redis://127.0.0.1:${port}` } });
    expect(gistOf(await press(gateway))).toBe(noLock);
    expect(gistOf(await press(gateway, { allowWithoutLock: true }))).toBe(accepted);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('is no other for a Redis that comes back empty: the cluster and the gateway know', async () => {
    const { redis, cluster, east, west } = await startReplicas();
    await press(east);
    await redis.kill();
    await redis.start();
    await until(async () => expect(gistOf(await press(east, { runType: 'FULL' }))).toBe(conflict), 50);
    await until(async () => expect(gistOf(await press(west))).toBe(accepted), 50);
    expect(cluster.posts()).toHaveLength(1);
  });

  it.each([
    [false, noLock, 0],
    [true, accepted, 1],
  ])('that is lost between the look and the press, allowWithoutLock: %s', async (allowWithoutLock, gist, posts) => {
    const { redis, cluster, east } = await startReplicas();
    const list = cluster.plays.poll;
    cluster.plays.poll = async (ids, response) => {
      await redis.kill();
      return list(ids, response);
    };
    expect(gistOf(await press(east, { allowWithoutLock }))).toBe(gist);
    expect(cluster.posts()).toHaveLength(posts);
  });

  it('that is lost after the press changes nothing', async () => {
    const { redis, cluster, east } = await startReplicas();
    cluster.plays.post = async ({ accept }) => {
      await redis.kill();
      return accept();
    };
    expect(gistOf(await press(east))).toBe(accepted);
    expect(gistOf(await press(east, { allowWithoutLock: true }))).toBe(accepted);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('is refused too where Redis hangs', async () => {
    const { redis, cluster, east } = await startReplicas();
    redis.pause();
    expect(gistOf(await press(east))).toBe(noLock);
    expect(cluster.seen).toEqual([]);
    redis.resume();
  });

  it('is refused too where Redis holds something else under the key', async () => {
    const { redis, cluster, east } = await startReplicas();
    await redis.client.set(`copygraph:failover:{dc-east}:${KEY}`, 'hello');
    expect(gistOf(await press(east))).toBe(noLock);
    expect(cluster.posts()).toEqual([]);
  });
});

describeWithRedis('a replica that died', { concurrent: true }, () => {
  it('with the lock in its hands leaves a key under which nothing is sent again', async () => {
    const { redis, cluster, east } = await startReplicas({ limits: { requestTimeoutMs: 2500 } });
    await remember(redis, { outcome: null });
    await redis.client.set(lockName, 'the token of the dead', 'PX', 60_000);
    const { result } = await press(east);
    expect(result.failover).toMatchObject({ state: 'UNCONFIRMED', requestedAt: expect.any(String) });
    expect(gistOf(await press(east, { runType: 'FULL' }))).toBe(conflict);

    await redis.client.del(lockName); // its lease has ended
    expect(gistOf(await press(east))).toBe(unconfirmed);
    expect(gistOf(await press(east, { runType: 'FULL' }))).toBe(conflict);
    expect(gistOf(await press(east, { allowWithoutLock: true }))).toBe(unconfirmed);
    expect(cluster.posts()).toEqual([]);
    expect(gistOf(await press(east, { idempotencyKey: 'new' }))).toBe(accepted);
    cluster.listed.set(KEY, { failoverId: KEY });
    expect(gistOf(await press(east))).toBe(accepted);
    expect(cluster.accepted()).toEqual(['new']);
  });

  it('before it wrote anything down is waited for, and then nothing is sent', async () => {
    const { redis, cluster, east } = await startReplicas({ limits: { requestTimeoutMs: 2500 } });
    await redis.client.set(lockName, 'the token of the dead', 'PX', 60_000);
    expect((await press(east)).result).toMatchObject({
      code: 'LOCK_UNAVAILABLE',
      message: expect.stringContaining('Another replica holds the lock'),
    });
    expect(cluster.posts()).toEqual([]);
    cluster.listed.set(KEY, { failoverId: KEY });
    expect(gistOf(await press(east))).toBe(accepted);
  });

  it('before it wrote anything down is waited for, and then it is sent where its lease ends in time', async () => {
    const { redis, cluster, east } = await startReplicas();
    await redis.client.set(lockName, 'the token of the dead', 'PX', 300);
    expect(gistOf(await press(east))).toBe(accepted);
    expect(cluster.accepted()).toEqual([KEY]);
  });
});

describeWithRedis('a lock that another holds beyond our time', { concurrent: true }, () => {
  it.each([
    ['accepted', accepted, conflict],
    ['refused', noLock, conflict],
    ['notSent', noLock, noLock],
  ] as const)('leaves what is remembered to tell: %s', async (outcome, same, other) => {
    const { redis, cluster, east } = await startReplicas({ limits: { requestTimeoutMs: 2500 } });
    await remember(redis, { outcome });
    await redis.client.set(lockName, 'another’s token', 'PX', 60_000);
    expect(gistOf(await press(east))).toBe(same);
    expect(gistOf(await press(east, { runType: 'FULL' }))).toBe(other);
    expect(cluster.posts()).toEqual([]);
  });
});
