import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/assembly/check.js';
import { defaultConfig } from '../../src/assembly/config.js';
import { evictionProblem, readEviction } from '../../src/replicas/eviction.js';
import { createRedis } from '../../src/replicas/redis.js';
import { gistOf, press, startGatewayAt, startPlayedCluster } from '../support/failover.js';
import { cohesityAt, startFake } from '../support/fake.js';
import { closing } from '../support/products.js';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';

const policies = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
];

describe('a policy of eviction', () => {
  it.each(policies)('is a problem unless nothing is evicted: %s', (policy) => {
    expect(evictionProblem({ policy, maxBytes: 0 })).toBeNull();
    const problem = evictionProblem({ policy, maxBytes: 1 });
    if (policy === 'noeviction') expect(problem).toBeNull();
    else expect(problem).toContain(`maxmemory-policy is ${policy}: it may evict the lock`);
  });

  it('that cannot be read is none that could be named', () => {
    expect(evictionProblem(null)).toBeNull();
  });
});

describeWithRedis('what Redis may evict', { concurrent: true }, () => {
  it('is read from its config, else from its state, else not at all', async () => {
    const server = await startRedis();
    await server.client.config('SET', 'maxmemory', '100mb', 'maxmemory-policy', 'volatile-ttl');
    for (const [rules, expected] of [
      ['+@all', { policy: 'volatile-ttl', maxBytes: 104_857_600 }],
      ['+@all -config', { policy: 'volatile-ttl', maxBytes: 104_857_600 }],
      ['+@all -config -info', null],
    ] as const) {
      await server.client.acl('SETUSER', 'gateway', 'reset', 'on', '>secret', '~*', '&*', ...rules.split(' '));
      const url = server.url.replace('redis://', 'redis://gateway:secret@');
      expect(await readEviction(closing(await createRedis(url, () => undefined)))).toEqual(expected);
    }
  });

  it('is an error in the log, at the start and whenever Redis is back', async () => {
    const server = await startRedis();
    const cluster = closing(await startPlayedCluster());
    await server.client.config('SET', 'maxmemory', '100mb', 'maxmemory-policy', 'allkeys-lru');
    const gateway = await startGatewayAt(cluster, { redis: { url: server.url } });
    const told = () => gateway.logs.filter((line) => line.includes('maxmemory-policy is allkeys-lru'));
    await until(() => expect(told()).toHaveLength(1));
    expect(JSON.parse(told()[0] ?? '')).toMatchObject({ level: 50 });
    await server.client.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until(() => expect(told()).toHaveLength(2));
  });

  it('costs no second request, since what was evicted is missed', async () => {
    const server = await startRedis();
    const cluster = closing(await startPlayedCluster());
    const start = (failoverWaitMs: number) => startGatewayAt(cluster, { redis: { url: server.url }, failoverWaitMs });
    const east = await start(0);
    const west = await start(60_000);
    expect(gistOf(await press(east))).toBe('FailoverAccepted REQUESTED');
    cluster.listed.clear();
    await east.close(0);
    await server.client.config('SET', 'maxmemory', '3mb', 'maxmemory-policy', 'allkeys-random');
    for (let index = 0; (await server.client.exists('copygraph:attempts:{dc-east}')) === 1; index += 1)
      await server.client.set(`filler:${index}`, 'x'.repeat(10_000));
    expect(gistOf(await press(west))).toBe('FailoverRejected LOCK_UNAVAILABLE');
    expect(cluster.posts()).toHaveLength(1);
  });

  it('is a row of check, and so is a Redis that does not answer', async () => {
    const server = await startRedis();
    const alive = closing(await startFake(() => ({ body: { id: 1, name: 'east' } })));
    const config = { ...defaultConfig([cohesityAt(alive)], {}), redis: { url: server.url, cacheMegabytes: 0 } };
    const rowOf = async () => {
      const { table, ok } = await checkConfig(config);
      return [ok, /^redis .*$/m.exec(table)?.[0]] as const;
    };
    expect(await rowOf()).toEqual([true, expect.stringMatching(/REDIS +ok +answers, and evicts no keys, \d+ ms$/)]);
    await server.client.config('SET', 'maxmemory', '100mb', 'maxmemory-policy', 'volatile-lru');
    expect(await rowOf()).toEqual([
      false,
      expect.stringMatching(/FAILED +maxmemory-policy is volatile-lru: .*noeviction$/),
    ]);
    await server.kill();
    expect(await rowOf()).toEqual([false, expect.stringMatching(/FAILED +Redis could not be asked: /)]);
  });
});
