import { copyFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  KEY,
  type FailoverOptions,
  type PlayedCluster,
  auditFile,
  gistOf,
  press,
  startGatewayAt,
  startPlayedCluster,
} from '../support/failover.js';
import type { Gateway } from '../support/gateway.js';
import { closing } from '../support/products.js';
import { type RunningRedis, describeWithRedis, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';

const accepted = 'FailoverAccepted REQUESTED';
const unconfirmed = 'FailoverAccepted UNCONFIRMED';
const conflict = 'FailoverConflict IDEMPOTENCY_KEY_REUSED';
const noLock = 'FailoverRejected LOCK_UNAVAILABLE';

const failoverWaitMs = 3000;
const lockName = `copygraph:lock:{dc-east}:failover:${KEY}`;
const hashName = 'copygraph:attempts:{dc-east}';

/** Two replicas with an audit file each, and a Redis that can be trusted, since the wait after its start is over. */
const startReplicas = async (options: FailoverOptions = {}) => {
  const redis = await startRedis();
  const cluster = closing(await startPlayedCluster());
  const start = (file = auditFile().file, more: FailoverOptions = {}) =>
    startGatewayAt(cluster, { redis: { url: redis.url }, audit: { file }, failoverWaitMs, ...options, ...more });
  const files = [auditFile().file, auditFile().file] as const;
  const [east, west] = [await start(files[0]), await start(files[1])];
  await redis.client.hset(hashName, '#open', '1'); // the wait at the very first start is not what is tested here
  return { redis, cluster, east, west, start, files };
};

/** How Redis loses what it held. */
const losses: readonly (readonly [string, (redis: RunningRedis) => Promise<unknown>])[] = [
  ['is flushed', ({ client }) => client.flushall()],
  ['is killed, and started empty', async ({ kill, start }) => (await kill(), start())],
  ['evicts the record and the lock', ({ client }) => client.del(hashName, lockName)],
];

/** Presses until this is the answer; all before it refuse, or are sure of less. */
const untilAnswered = (gateway: Gateway, gist: string, members = {}): Promise<void> =>
  until(async () => {
    const told = gistOf(await press(gateway, members));
    if (told !== gist && told !== noLock && told !== unconfirmed)
      throw new TypeError(`an answer that is wrong: ${told}`);
    expect(told).toBe(gist);
  }, 100);

const hold = (cluster: PlayedCluster) => {
  let answer = (): void => undefined;
  const arrived = new Promise<void>((arrive) => {
    cluster.plays.post = async ({ accept }) => {
      arrive();
      await new Promise<void>((resolve) => (answer = resolve));
      return accept();
    };
  });
  return { arrived, answer: () => answer() };
};

describeWithRedis('a Redis that has lost what it held', { concurrent: true }, () => {
  it.each(losses)('while a request is under way lets no other replica send it: it %s', async (_what, lose) => {
    const { redis, cluster, east, west } = await startReplicas();
    const { arrived, answer } = hold(cluster);
    const first = press(east);
    await arrived;
    await lose(redis);
    // The press is refused until the first replica has reported what it is doing.
    expect([noLock, unconfirmed]).toContain(gistOf(await press(west)));
    expect([noLock, conflict]).toContain(gistOf(await press(west, { runType: 'FULL' })));
    answer();
    expect(gistOf(await first)).toBe(accepted);
    await untilAnswered(west, accepted);
    expect(gistOf(await press(west, { runType: 'FULL' }))).toBe(conflict);
    expect(cluster.posts()).toHaveLength(1);
  });

  it.each(losses)('after one was accepted that the cluster does not list yet: it %s', async (_what, lose) => {
    const { redis, cluster, east, west } = await startReplicas();
    expect(gistOf(await press(east))).toBe(accepted);
    cluster.listed.clear();
    await lose(redis);
    await untilAnswered(west, accepted);
    expect(cluster.posts()).toHaveLength(1);
  });

  it.each(losses)('after one that is unconfirmed: it %s', async (_what, lose) => {
    const { redis, cluster, east, west } = await startReplicas({ limits: { requestTimeoutMs: 8000 } });
    cluster.plays.post = ({ drop }) => drop();
    expect(gistOf(await press(east))).toBe(unconfirmed);
    cluster.plays.post = ({ accept }) => accept();
    await lose(redis);
    await untilAnswered(west, unconfirmed);
    expect(cluster.posts()).toHaveLength(1);
  });

  it.each(losses)('never takes another body for the first one: it %s', async (_what, lose) => {
    const { redis, cluster, east, west } = await startReplicas();
    expect(gistOf(await press(east))).toBe(accepted);
    await lose(redis);
    await untilAnswered(west, conflict, { runType: 'FULL' });
    expect(gistOf(await press(west))).toBe(accepted);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('is told what a replica’s audit file remembers, by the process that was started on it', async () => {
    const { redis, cluster, east, west, start, files } = await startReplicas();
    expect(gistOf(await press(east))).toBe(accepted);
    cluster.listed.clear();
    const { file } = auditFile();
    copyFileSync(files[0], file); // as it was when the process died
    await east.close(0);
    await redis.kill();
    await redis.start();
    const again = await start(file);
    await untilAnswered(west, conflict, { runType: 'FULL' });
    expect(gistOf(await press(again))).toBe(accepted);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('is told what it held, by a replica that only saw it there', async () => {
    const { redis, cluster, east, west } = await startReplicas();
    expect(gistOf(await press(east))).toBe(accepted);
    cluster.listed.clear();
    expect(await redis.client.hget(hashName, '#version')).not.toBeNull();
    const reads = async () => Number(/cmdstat_hgetall:calls=(\d+)/.exec(await redis.client.info('commandstats'))?.[1]);
    // Each replica reads all that is there, once for each version. It may still have to read that of the press, so two
    // reads of the next version can be of one replica.
    for (const version of ['another', 'a third']) {
      await redis.client.config('RESETSTAT');
      await redis.client.hset(hashName, '#version', version);
      await until(async () => expect(await reads()).toBeGreaterThanOrEqual(2));
    }
    await east.close(0);
    await redis.client.flushall();
    await untilAnswered(west, accepted);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('says so, for how long, and answers meanwhile what this replica knows', async () => {
    const { redis, cluster, east, west } = await startReplicas();
    await press(east);
    await redis.client.flushall();
    // Both at once, since the wait goes on.
    const [{ result }, other] = await Promise.all([
      press(west, { idempotencyKey: 'two' }),
      press(east, { idempotencyKey: 'two' }),
    ]);
    expect(gistOf(other)).toBe(noLock);
    expect(result).toMatchObject({
      __typename: 'FailoverRejected',
      code: 'LOCK_UNAVAILABLE',
      message: expect.stringMatching(
        /was found empty or restarted\..* [1-3] seconds more: press again then\. Nothing was sent/,
      ),
    });
    expect(gistOf(await press(east))).toBe(accepted);
    expect(gistOf(await press(east, { runType: 'FULL' }))).toBe(conflict);
    expect(gistOf(await press(west, { idempotencyKey: 'two', allowWithoutLock: true }))).toBe(accepted);
    expect(west.logs.join('')).toContain('failovers are refused until every replica');
    expect(cluster.posts()).toHaveLength(2);
  });

  it.each([
    ['the lock', ({ client }: RunningRedis) => client.del(lockName)],
    ['everything', ({ client }: RunningRedis) => client.flushall()],
    ['its place to another', ({ client }: RunningRedis) => client.set(lockName, 'another’s token', 'PX', 60_000)],
  ])('between the look and the press sends nothing: it lost %s', async (_what, lose) => {
    const { redis, cluster, east } = await startReplicas();
    const list = cluster.plays.poll;
    cluster.plays.poll = async (ids, response) => {
      await lose(redis);
      return list(ids, response);
    };
    expect(gistOf(await press(east))).toBe(noLock);
    expect(cluster.posts()).toEqual([]);
  });

  it.each(losses)('while the cluster is read, which lists a run of an unknown body: it %s', async (_what, lose) => {
    const { redis, cluster, west } = await startReplicas();
    cluster.listed.set(KEY, { failoverId: KEY });
    const list = cluster.plays.poll;
    cluster.plays.poll = async (ids, response) => {
      cluster.plays.poll = list;
      await lose(redis);
      return list(ids, response);
    };
    // The record, which is lost, may have named another body.
    expect(gistOf(await press(west, { runType: 'FULL' }))).toBe(noLock);
    await untilAnswered(west, accepted, { runType: 'FULL' }); // nobody knew of one
    expect(cluster.posts()).toEqual([]);
  });

  it('the same while another replica holds the lock, even for a caller who goes without it', async () => {
    const { redis, cluster, west } = await startReplicas({ limits: { requestTimeoutMs: 2000 } });
    await redis.client.set(lockName, 'another’s token', 'PX', 60_000);
    cluster.listed.set(KEY, { failoverId: KEY });
    const list = cluster.plays.poll;
    cluster.plays.poll = async (ids, response) => {
      await redis.client.flushall();
      return list(ids, response);
    };
    expect(gistOf(await press(west, { runType: 'FULL', allowWithoutLock: true }))).toBe(noLock);
    expect(cluster.posts()).toEqual([]);
  });
});

describeWithRedis('the very first start', { concurrent: true }, () => {
  it('waits as for a lost Redis, since nobody can know; then both replicas send', async () => {
    const redis = await startRedis();
    const cluster = closing(await startPlayedCluster());
    const start = () => startGatewayAt(cluster, { redis: { url: redis.url }, failoverWaitMs });
    const [east, west] = [await start(), await start()];
    expect(gistOf(await press(east))).toBe(noLock);
    await untilAnswered(west, accepted);
    expect(gistOf(await press(east, { idempotencyKey: 'two' }))).toBe(accepted);
    const third = await start(); // Redis is known to be whole: it need not wait
    expect(gistOf(await press(third, { idempotencyKey: 'three' }))).toBe(accepted);
    expect(cluster.accepted()).toEqual([KEY, 'two', 'three']);
  });
});
