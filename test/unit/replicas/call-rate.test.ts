import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CallRate } from '../../../src/domain/call-rate.js';
import { createCallRate } from '../../../src/replicas/call-rate.js';
import { type RedisConnection, createRedis } from '../../../src/replicas/redis.js';
import { closing } from '../../support/products.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';

const perSecond = { describe: 5, list: 2 };

const create = (redis: RedisConnection | null, upstream = 'aws-prod') => createCallRate({ upstream, perSecond, redis });

/** How many of so many asks at once are let through. */
const granted = async ({ take }: CallRate, kind: 'describe' | 'list', asks: number) => {
  const answers = await Promise.all(Array.from({ length: asks }, () => take(kind, 1)));
  return answers.reduce((sum, { taken }) => sum + taken, 0);
};

afterEach(() => void vi.useRealTimers());

describe('the rate of calls of one process', () => {
  it('lets each kind through so often in a second, and says how long the rest of it is', async () => {
    vi.useFakeTimers();
    const rate = create(null);
    expect(await granted(rate, 'describe', 8)).toBe(5);
    expect(await granted(rate, 'list', 8)).toBe(2);
    const { waitMs: wait } = await rate.take('describe', 1);
    expect(wait).toBe(1000);
    expect(await granted(rate, 'describe', 8)).toBe(0);
    vi.advanceTimersByTime(wait);
    expect(await granted(rate, 'describe', 8)).toBe(5);
  });

  it('gives of many as many as there are, and says when to ask for the rest', async () => {
    const rate = create(null);
    expect(await rate.take('describe', 3)).toEqual({ taken: 3, waitMs: 0 });
    expect(await rate.take('describe', 3)).toEqual({ taken: 2, waitMs: expect.any(Number) });
    const { taken, waitMs } = await rate.take('describe', 3);
    expect([taken, waitMs > 0]).toEqual([0, true]);
  });

  it('counts each upstream apart', async () => {
    expect(await granted(create(null, 'a'), 'list', 3)).toBe(2);
    expect(await granted(create(null, 'b'), 'list', 3)).toBe(2);
  });
});

describeWithRedis('the rate of calls over all replicas', () => {
  const connect = async (url: string) => closing(await createRedis(url, () => undefined));

  it('is one, whoever asks, under keys of ours that go by themselves', async () => {
    const { url, client } = await startRedis();
    const [one, other] = [create(await connect(url)), create(await connect(url))];
    const through = await Promise.all([granted(one, 'describe', 8), granted(other, 'describe', 8)]);
    expect(through[0] + through[1]).toBe(5);
    expect((await other.take('describe', 1)).waitMs).toBeGreaterThan(0);
    expect(await client.keys('*')).toEqual(['copygraph:calls:describe:{aws-prod}']);
    expect(await granted(create(await connect(url), 'aws-other'), 'describe', 8)).toBe(5);
    await until(async () => expect(await client.keys('*')).toEqual([]));
  });

  it('gives many in one command, and no more in all than one replica would have', async () => {
    const { url, client } = await startRedis();
    const [one, other] = [create(await connect(url)), create(await connect(url))];
    await client.config('RESETSTAT');
    const all = await Promise.all([one.take('describe', 4), other.take('describe', 4), one.take('describe', 4)]);
    expect(all.reduce((sum, { taken }) => sum + taken, 0)).toBe(5);
    expect(await client.info('commandstats')).toMatch(/cmdstat_eval:calls=3,/);
  });

  it('is each replica’s own while Redis is lost, without an error, and shared again when it is back', async () => {
    const server = await startRedis();
    const [one, other] = [create(await connect(server.url)), create(await connect(server.url))];
    expect(await granted(one, 'describe', 5)).toBe(5);
    expect(await granted(other, 'describe', 5)).toBe(0);
    await server.kill();
    expect(await granted(one, 'describe', 8)).toBe(5);
    expect(await granted(other, 'describe', 8)).toBe(5);
    await server.start();
    await until(async () => {
      await granted(one, 'list', 2);
      expect(await server.client.exists('copygraph:calls:list:{aws-prod}')).toBe(1);
    }, 100);
    await until(async () => expect(await granted(other, 'list', 1)).toBe(0), 20);
  });

  it('hangs up on a Redis that has fallen silent, so that it costs one wait and not each call’s', async () => {
    const server = await startRedis();
    const rate = create(await connect(server.url));
    expect(await rate.take('list', 1)).toEqual({ taken: 1, waitMs: 0 });
    server.pause();
    const timed = async (asks: number): Promise<number> => {
      const begun = performance.now();
      for (let ask = 0; ask < asks; ask += 1) await rate.take('describe', 1);
      return performance.now() - begun;
    };
    const one = await timed(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await timed(40)).toBeLessThan(10 * one); // and not forty times as long
    server.resume();
  });
});
