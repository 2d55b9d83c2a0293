import { expect, it } from 'vitest';
import { createLeases } from '../../../src/replicas/lease.js';
import { createRedis } from '../../../src/replicas/redis.js';
import { closing } from '../../support/products.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';

const NAME = 'live:2:dc-east copies';
const KEY = `copygraph:lease:{${NAME}}`;

/** The leases as one replica has them, over a connection of its own. */
const replicaOf = async ({ url }: { readonly url: string }, leaseMs = 10_000) => {
  const redis = closing(await createRedis(url, () => undefined));
  return closing(createLeases(redis, leaseMs));
};

describeWithRedis('a lease over replicas', () => {
  it('has one holder, and another as soon as it is released', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server), await replicaOf(server)];
    expect([await east.take(NAME), await west.take(NAME)]).toEqual([true, false]);
    expect([await east.take(NAME), await west.take(NAME)]).toEqual([true, false]);
    expect(await west.take('live:2:dc-west copies')).toBe(true);
    await east.release(NAME);
    expect(await server.client.exists(KEY)).toBe(0);
    expect([await west.take(NAME), await east.take(NAME)]).toEqual([true, false]);
  });

  it('has one holder, however many ask at once', async () => {
    const server = await startRedis();
    const replicas = await Promise.all(Array.from({ length: 5 }, () => replicaOf(server)));
    const taken = await Promise.all(replicas.map((one) => one.take(NAME)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('is kept by one who works for longer than the lease, until it is released', async () => {
    const server = await startRedis();
    const leaseMs = 1500; // renewed each third of it
    const [east, west] = [await replicaOf(server, leaseMs), await replicaOf(server, leaseMs)];
    await east.take(NAME);
    const lookFor = async (ms: number, look: () => Promise<void>): Promise<void> => {
      for (let begun = performance.now(); performance.now() - begun < ms; await look());
    };
    await lookFor(2 * leaseMs, async () => expect(await west.take(NAME)).toBe(false));
    await east.release(NAME);
    await lookFor(leaseMs / 2, async () => expect(await server.client.exists(KEY)).toBe(0));
    expect(await west.take(NAME)).toBe(true);
  });

  it('of a process that died ends by itself', async () => {
    const server = await startRedis();
    const west = await replicaOf(server, 60_000);
    await server.client.set(KEY, 'the token of the dead', 'PX', 60_000);
    expect(await west.take(NAME)).toBe(false);
    await server.client.pexpire(KEY, 100); // which is what is left of it
    await until(async () => expect(await west.take(NAME)).toBe(true));
    expect(await server.client.pttl(KEY)).toBeGreaterThan(5000);
  });

  it('that was lost is not taken back, renewed or released from the one who has it', async () => {
    const server = await startRedis();
    const east = await replicaOf(server, 150);
    await east.take(NAME);
    await server.client.set(KEY, 'another', 'PX', 60_000);
    await server.client.config('RESETSTAT');
    const asked = async () =>
      Number(/cmdstat_eval:calls=(\d+)/.exec(await server.client.info('commandstats'))?.[1] ?? 0);
    await until(async () => expect(await asked()).toBeGreaterThan(0)); // it has tried to renew
    await east.release(NAME);
    expect(await server.client.get(KEY)).toBe('another');
    expect(await server.client.pttl(KEY)).toBeGreaterThan(50_000);
    expect(await east.take(NAME)).toBe(false);
  });

  it('is released with all others when the process closes, and not taken again', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server, 150), await replicaOf(server)];
    await east.take(NAME);
    await east.take('b');
    await east.close();
    expect(await server.client.keys('copygraph:lease:*')).toEqual([]);
    expect(await east.take(NAME)).toBe(false);
    expect(await west.take(NAME)).toBe(true);
  });

  it('cannot be asked for where Redis is gone, and is renewed when it is back', async () => {
    const server = await startRedis();
    const east = await replicaOf(server, 600);
    await east.take(NAME);
    await server.kill();
    await expect(east.take(NAME)).rejects.toThrow('Redis could not be asked');
    await server.start();
    await until(async () => expect(await server.client.exists(KEY)).toBe(1));
    await server.kill();
    await east.release(NAME); // throws nothing
  });
});
