import { expect, it } from 'vitest';
import { createCallRate } from '../../src/replicas/call-rate.js';
import { createRedis } from '../../src/replicas/redis.js';
import { createRedisAid } from '../../src/replicas/redis-aid.js';
import { awsBackupAt, startFake } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { closing } from '../support/products.js';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { startSlowRedis } from '../support/slow-redis.js';
import { until } from '../support/until.js';

const startAid = async () => {
  const server = await startRedis();
  const way = await startSlowRedis(server);
  const changes: string[] = [];
  const redis = closing(await createRedis(way.url, ({ state }) => changes.push(state)));
  const aid = createRedisAid(redis, { patienceMs: 300, onSlow: (slow) => changes.push(slow ? 'slow' : 'fast') });
  return { server, way, aid, changes };
};

describeWithRedis('a slow Redis', () => {
  it('is waited for once; after that nothing is sent but a ping that nobody waits for, until it is fast again', async () => {
    const { way, aid, changes } = await startAid();
    expect(await aid.ask((client) => client.set('a', '1'))).toBe('OK');
    way.delay(null);
    await expect(aid.ask((client) => client.get('a'))).rejects.toThrow('in time');
    way.forget();
    for (let ask = 0; ask < 20; ask += 1) {
      await expect(aid.ask((client) => client.get('a'))).rejects.toThrow('too slow');
    }
    expect(way.sent()).toBeLessThanOrEqual(1);
    expect(changes).toContain('slow');
    way.delay(0);
    await until(async () => expect(await aid.ask((client) => client.get('a'))).toBe('1'));
    expect(changes.filter((change) => change !== 'lost' && change !== 'back')).toEqual(['slow', 'fast']);
  });

  it('leaves the rate of calls to the process, which does not go beyond it', async () => {
    const { way, aid } = await startAid();
    const rate = createCallRate({ upstream: 'aws-prod', perSecond: { describe: 1, list: 1000 }, redis: aid });
    expect(await rate.take('list', 600)).toEqual({ taken: 600, waitMs: 0 });
    way.delay(null);
    expect(await rate.take('list', 600)).toEqual({ taken: 600, waitMs: 0 });
    const { taken, waitMs } = await rate.take('list', 600);
    expect([taken, waitMs > 0]).toEqual([400, true]);
  });

  it.each([400, null])('fails no read and takes no turn one by one, when it answers after %s ms', async (delayMs) => {
    const server = await startRedis();
    const way = await startSlowRedis(server);
    const aws = closing(
      await startFake(({ path }) => ({
        body: { CopyJob: { CopyJobId: path.split('/').at(-1), State: 'RUNNING', CreationDate: 1_700_000_000 } },
      })),
    );
    const gateway = closing(
      await startGateway({
        upstreams: [{ ...awsBackupAt(aws), callsPerSecond: { describe: 10_000, list: 10_000 } }],
        limits: { requestsPerMinute: 1200, requestTimeoutMs: 8000 },
        cache: {},
        redis: { url: way.url },
        redisPatienceMs: 50,
      }),
    );
    way.delay(delayMs);
    const ids = Array.from({ length: 15 }, (_, n) => `a${n}: copyJob(copyJobId: "j${n}") { copyJobId }`);
    way.forget();
    for (let round = 0; round < 4; round += 1) {
      const { data, errors } = await gateway.execute(`{ ${ids.join(' ').replaceAll('"j', `"j${round}-`)} }`);
      expect([errors, Object.keys(data)]).toEqual([[], ids.map((_, n) => `a${n}`)]);
    }
    expect(aws.seen.length).toBe(60);
    expect(way.sent()).toBeLessThan(20);
    expect(gateway.logs.filter((line) => line.includes('Redis is slow'))).toHaveLength(1);
  });
});
