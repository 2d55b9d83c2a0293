import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkConfig } from '../../src/assembly/check.js';
import { ConfigError, defaultConfig } from '../../src/assembly/config.js';
import { KEY, gistOf, press, startGatewayAt, startPlayedCluster } from '../support/failover.js';
import { awsBackupAt, cohesityAt, startFake } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { changes, copyJob, startLive, swift, watch } from '../support/live.js';
import { parseMetrics } from '../support/metrics.js';
import { closing } from '../support/products.js';
import { deadPort, describeWithRedis, startRedis, startRedisCluster } from '../support/redis.js';
import { until } from '../support/until.js';

const accepted = 'FailoverAccepted REQUESTED';

const slotOf = async (key: string, cluster: Awaited<ReturnType<typeof startRedisCluster>>) =>
  cluster.nodes[0]?.client.cluster('KEYSLOT', key);

/** The gauge, and how often it was lost. */
const redisMetrics = async ({ url }: { readonly url: string }) => {
  const metric = parseMetrics(await (await fetch(url.replace('/graphql', '/metrics'))).text());
  return [metric('copygraph_redis_up'), metric('copygraph_redis_lost_total')];
};

const linesOf = ({ logs }: { readonly logs: readonly string[] }, level: number): readonly string[] =>
  logs.map((line) => JSON.parse(line)).flatMap((line) => (line.level === level ? [line.msg] : []));

describeWithRedis('a Redis Cluster of three nodes', { concurrent: true }, () => {
  it('keeps failovers of two gateways apart, and remembers them', async () => {
    const redis = await startRedisCluster();
    const cluster = closing(await startPlayedCluster());
    const start = (urls: readonly string[]) => startGatewayAt(cluster, { redis: { urls, cluster: true } });
    const [east, west] = [await start(redis.urls), await start(redis.urls.slice(2))];
    const all = await Promise.all(Array.from({ length: 10 }, (_, index) => press(index % 2 === 0 ? east : west)));
    expect(all.map(gistOf)).toEqual(Array(10).fill(accepted));
    expect(cluster.posts()).toHaveLength(1);
    await east.close(0);
    cluster.listed.clear();
    expect(gistOf(await press(west, { runType: 'FULL' }))).toBe('FailoverConflict IDEMPOTENCY_KEY_REUSED');
    expect(cluster.accepted()).toEqual([KEY]);
    expect(await redisMetrics(west)).toEqual([1, 0]);
  });

  it('shares the cache and rates, and the keys of an upstream are in one slot', async () => {
    const redis = await startRedisCluster('s3cret-word');
    const options = { redis: { urls: redis.urls, cluster: true }, cache: {} };
    const [east, west] = [await startLive(options), await startLive(options)];
    east.held.copyJobs.push(copyJob('J1', 'COMPLETED'));
    const query = '{ copyJobs { nodes { copyJobId } } }';
    expect((await east.execute(query)).data.copyJobs.nodes).toEqual([{ copyJobId: 'J1' }]);
    await until(async () => expect((await redis.keys()).join()).toContain('copygraph:cache:{aws-prod}'));
    expect((await west.execute(query)).data.copyJobs.nodes).toEqual([{ copyJobId: 'J1' }]);
    expect(west.aws.seen).toEqual([]);
    const keys = (await redis.keys()).filter((key) => key.includes('aws-prod'));
    expect(keys.length).toBeGreaterThan(1);
    expect(new Set(await Promise.all(keys.map((key) => slotOf(key, redis)))).size).toBe(1);
  });

  it('carries live updates from the gateway that polls to the other', async () => {
    const redis = await startRedisCluster();
    const shared = { redis: { urls: redis.urls, cluster: true }, cache: {} };
    const east = await startLive(shared);
    const streams = [watch(east, changes())];
    await until(() => expect(east.aws.seen.length).toBeGreaterThan(0));
    const credentials = { accessKeyId: 'AKIDWEST', secretAccessKey: 'fake-secret' };
    const upstreams = [cohesityAt(east.cohesity), { ...awsBackupAt(east.aws), credentials }];
    streams.push(watch(closing(await startGateway({ upstreams, live: swift, ...shared })), changes()));
    east.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    await until(() => expect(streams.map(({ events }) => events.length)).toEqual([1, 1]));
    const byWest = () => east.aws.seen.filter(({ headers }) => headers.authorization?.includes('AKIDWEST')).length;
    const before = [byWest(), east.aws.seen.length] as const;
    east.held.copyJobs[0] = copyJob('J1', 'FAILED');
    await until(() => expect(streams.map(({ events }) => events.length)).toEqual([2, 2]));
    await until(() => expect(east.aws.seen.length).toBeGreaterThan(before[1] + 3));
    expect(byWest()).toBe(before[0]); // one polls for both
  });

  it('is a row of check', async () => {
    const redis = await startRedisCluster();
    const alive = closing(await startFake(() => ({ body: { id: 1, name: 'east' } })));
    const rowWith = async (urls: readonly string[]) => {
      const base = defaultConfig([cohesityAt(alive)], {});
      const { table } = await checkConfig({ ...base, redis: { urls, cluster: true, cacheMegabytes: 0 } });
      return /^redis .*$/m.exec(table)?.[0];
    };
    expect(await rowWith(redis.urls)).toMatch(/REDIS +ok +answers, and evicts no keys, \d+ ms$/);
    await redis.nodes[1]?.client.config('SET', 'maxmemory', '100mb', 'maxmemory-policy', 'volatile-lru');
    expect(await rowWith(redis.urls)).toMatch(/FAILED +maxmemory-policy is volatile-lru: /);
    const alone = await startRedis();
    expect(await rowWith([alone.url])).toMatch(/FAILED +Redis could not be asked: /);
  });

  it('whose nodes are all gone is lost, and found again', async () => {
    const redis = await startRedisCluster();
    const cluster = closing(await startPlayedCluster());
    const gateway = await startGatewayAt(cluster, { redis: { urls: redis.urls, cluster: true } });
    await Promise.all(redis.nodes.map((node) => node.kill()));
    await until(async () => expect(await redisMetrics(gateway)).toEqual([0, 1]));
    expect((await press(gateway)).result.message).toContain('cannot be reached.');
    expect(cluster.seen).toEqual([]);
    await Promise.all(redis.nodes.map((node) => node.start()));
    await until(async () => expect(await redisMetrics(gateway)).toEqual([1, 1]), 200);
  });

  it('that has lost a node refuses, which is told, until the node is back', async () => {
    const redis = await startRedisCluster();
    const cluster = closing(await startPlayedCluster());
    const gateway = await startGatewayAt(cluster, { redis: { urls: redis.urls, cluster: true } });
    const slot = Number(await slotOf('{dc-east}', redis));
    const node = redis.nodes[Math.floor((slot * 3) / 16_384)];
    await node?.kill();
    await until(async () => {
      expect((await press(gateway)).result.message).toMatch(/refuses \(CLUSTERDOWN\)|cannot be reached/);
      expect(await redisMetrics(gateway)).toEqual([0, 1]);
    }, 100);
    expect(cluster.posts()).toEqual([]);
    await node?.start();
    await until(async () => expect(await redisMetrics(gateway)).toEqual([1, 1]), 100);
    await until(async () => expect(gistOf(await press(gateway))).toBe(accepted), 100);
  });

  it.each<[string, readonly string[]]>([
    ['redis.urls[1]: must have the same user name, password and protocol as the first', ['redis://a', 'rediss://a']],
    ['redis.urls[1]: must not name a database', ['redis://a', 'redis://a/3']],
    ['redis.urls[0]: must end with the host', ['redis://a/x']],
  ])('is refused where %s', async (problem, urls) => {
    const started = startGatewayAt(closing(await startPlayedCluster()), { redis: { urls, cluster: true } });
    await expect(started).rejects.toThrow(ConfigError);
    await expect(started).rejects.toThrow(problem);
  });
});

describeWithRedis('a Redis that answers and refuses', { concurrent: true }, () => {
  /** The URL of one, and how it is mended, where that can be done. */
  const ways: Readonly<Record<string, () => Promise<{ url: string; mend?: () => Promise<unknown> }>>> = {
    MOVED: async () => {
      const { nodes } = await startRedisCluster();
      const slot = Number(await nodes[0]?.client.cluster('KEYSLOT', '{dc-east}'));
      const [other] = nodes.filter((_, index) => index !== Math.floor((slot * 3) / 16_384));
      return { url: other?.url ?? '' };
    },
    OOM: async () => {
      const { url, client } = await startRedis();
      await client.config('SET', 'maxmemory', '1');
      return { url, mend: () => client.config('SET', 'maxmemory', '0') };
    },
    NOPERM: async () => {
      const { url, client } = await startRedis();
      await client.call('ACL', 'SETUSER', 'ro', 'on', '>pw', '~*', '+@read', '+@connection');
      const mend = () => client.call('ACL', 'SETUSER', 'ro', '+@all', '&*');
      return { url: url.replace('redis://', 'redis://ro:pw@'), mend };
    },
    READONLY: async () => {
      const { url, client } = await startRedis();
      await client.replicaof('127.0.0.1', await deadPort());
      return { url, mend: () => client.replicaof('NO', 'ONE') };
    },
  };

  it.each(Object.keys(ways))('by %s counts as lost until it takes a write again', async (word) => {
    const { url, mend } = (await ways[word]?.()) ?? { url: '' };
    const cluster = closing(await startPlayedCluster());
    const gateway = await startGatewayAt(cluster, { redis: { url } });
    await until(async () => expect(await redisMetrics(gateway)).toEqual([0, 1]));
    // A busy machine may be slow to connect, and until then Redis cannot be reached.
    await until(async () => {
      const { result } = await press(gateway);
      expect(result).toMatchObject({
        __typename: 'FailoverRejected',
        code: 'LOCK_UNAVAILABLE',
        message: `Redis, which keeps the failover lock of all replicas, refuses (${word}). Nothing was sent; the same key can be used again.`,
      });
    }, 50);
    expect(cluster.seen).toEqual([]);
    for (let times = 0; times < 3; times += 1) await gateway.execute('{ copyRuns { totalCount } }');
    const told = linesOf(gateway, 50).filter((line) => line.includes('Redis'));
    expect(told).toEqual([expect.stringContaining(`Redis refuses (${word}): `)]);
    expect(await redisMetrics(gateway)).toEqual([0, 1]);

    const config = { ...defaultConfig([cohesityAt(cluster)], {}), redis: { url, cacheMegabytes: 0 } };
    const { table, ok } = await checkConfig(config);
    expect([ok, /^redis .*$/m.exec(table)?.[0]]).toEqual([
      false,
      expect.stringContaining(`refuses locks: it refuses (${word}).`),
    ]);

    if (mend === undefined) return;
    await mend();
    await until(async () => expect(await redisMetrics(gateway)).toEqual([1, 1]), 100);
    expect(linesOf(gateway, 30)).toContain('Redis is back');
    await until(async () => expect(gistOf(await press(gateway))).toBe(accepted), 100);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('does not by the rights that docs/networks.md names', async () => {
    const text = readFileSync(new URL('../../docs/networks.md', import.meta.url), 'utf8');
    const [, rights = ''] = /The user needs `([^`]+)`/.exec(text) ?? [];
    const { url, client } = await startRedis();
    await client.call('ACL', 'SETUSER', 'narrow', 'on', '>pw', ...rights.split(' '));
    const cluster = closing(await startPlayedCluster());
    const redis = { url: url.replace('redis://', 'redis://narrow:pw@') };
    const gateway = await startGatewayAt(cluster, { redis, cache: {} });
    const watching = watch(gateway, changes());
    expect(gistOf(await press(gateway))).toBe(accepted);
    await gateway.execute('{ copyRuns { totalCount } }');
    const { table } = await checkConfig({
      ...defaultConfig([cohesityAt(cluster)], {}),
      redis: { ...redis, cacheMegabytes: 0 },
    });
    expect(table).toMatch(/^redis .* ok +answers/m);
    watching.leave();
    expect(await redisMetrics(gateway)).toEqual([1, 0]);
    expect(
      gateway.logs.filter((line) => line.includes('Redis refuses subscriptions') || line.includes('NOPERM')),
    ).toEqual([]);
  });
});
