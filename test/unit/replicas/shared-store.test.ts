import { expect, it } from 'vitest';
import { wait } from '../../../src/calling/clock.js';
import { createExclusive } from '../../../src/replicas/exclusive.js';
import { createRedis } from '../../../src/replicas/redis.js';
import { createSharedStore } from '../../../src/replicas/shared-store.js';
import { closing } from '../../support/products.js';
import { type RunningRedis, describeWithRedis, startRedis } from '../../support/redis.js';

const MEGABYTE = 1024 * 1024;
const bytesPerUpstream = 2 * MEGABYTE;

const connect = async ({ url }: RunningRedis) => {
  const redis = closing(await createRedis(url, () => undefined));
  return { redis, store: createSharedStore({ redis, patient: redis, bytesPerUpstream: () => bytesPerUpstream }) };
};

const memoryOf = async ({ client }: RunningRedis): Promise<number> => {
  const keys = await client.keys('copygraph:cache:*');
  const sizes = await Promise.all(keys.map((key) => client.memory('USAGE', key, 'SAMPLES', 0)));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
};

const entry = (n: number, size: number): [string, Buffer] => [`slice dc-east list ${n}`, Buffer.alloc(size, n)];

describeWithRedis('what replicas share of the cache', () => {
  it.each([300, 20_000])(
    'takes no more than its bound, whoever writes entries of %s bytes, and keeps the newest',
    async (size) => {
      const server = await startRedis();
      const stores = await Promise.all([connect(server), connect(server)]);
      const count = Math.ceil((3 * bytesPerUpstream) / size);
      let most = 0;
      for (let from = 0; from < count; from += 500) {
        const batch = Array.from({ length: Math.min(500, count - from) }, (_, n) => from + n);
        await Promise.all(batch.map((n) => stores[n % 2]?.store.write(...entry(n, size), 60_000)));
        most = Math.max(most, await memoryOf(server));
      }
      expect(most).toBeGreaterThan(bytesPerUpstream / 2);
      expect(most).toBeLessThan(bytesPerUpstream * 1.2);
      const [kept] = (await stores[0]?.store.read([entry(count - 1, size)[0]])) ?? [];
      expect(kept?.length).toBe(size);
      expect(await stores[1]?.store.read([entry(0, size)[0]])).toEqual([null]);
    },
  );

  it('counts an entry once that is written again, and does not keep what is larger than half of it', async () => {
    const server = await startRedis();
    const { store } = await connect(server);
    for (let n = 0; n < 300; n += 1) await store.write(...entry(1, 20_000), 60_000);
    await store.write(...entry(2, bytesPerUpstream), 60_000);
    expect(await server.client.keys('*')).toEqual(['copygraph:cache:{dc-east}:now']);
    expect((await store.read([entry(1, 0)[0], entry(2, 0)[0]])).map((one) => one?.length ?? null)).toEqual([
      20_000,
      null,
    ]);
  });

  it('forgets all of an upstream in one command, and nothing of another', async () => {
    const server = await startRedis();
    const { store } = await connect(server);
    await store.write('run dc-east 1', Buffer.from('a'), 60_000);
    await store.write('run dc-west 1', Buffer.from('b'), 60_000);
    await store.drop('slice dc-east ');
    expect([await store.read(['run dc-east 1']), await store.read(['run dc-west 1'])]).toEqual([
      [null],
      [Buffer.from('b')],
    ]);
  });

  it('takes nothing that was read before another replica dropped it, and tells of the drop', async () => {
    const server = await startRedis();
    const [east, west] = [await connect(server), await connect(server)];
    const told: string[] = [];
    west.store.onDropped((upstream) => told.push(upstream));
    const key = 'run dc-east 1';
    expect(await west.store.read([key])).toEqual([null]); // and now it asks the cluster, which takes a while
    await east.store.drop('run dc-east 1 ');
    await west.store.write(key, Buffer.from('old'), 60_000);
    expect(await east.store.read([key])).toEqual([null]);
    expect(told).toEqual([]);
    expect(await west.store.read([key])).toEqual([null]);
    expect(told).toEqual(['dc-east']);
    await west.store.write(key, Buffer.from('new'), 60_000);
    expect(await east.store.read([key])).toEqual([Buffer.from('new')]);
    await east.store.write('run dc-east 2', Buffer.from('own'), 60_000); // a drop of one's own is known
    expect(await west.store.read(['run dc-east 2'])).toEqual([Buffer.from('own')]);
    expect(told).toEqual(['dc-east']);
  });

  it('leaves room for locks in a Redis that evicts nothing, and a full Redis fails writes alone', async () => {
    const server = await startRedis();
    const { store, redis } = await connect(server);
    const [, used = '0'] = /used_memory:(\d+)/.exec(await server.client.info('memory')) ?? [];
    await server.client.config('SET', 'maxmemory-policy', 'noeviction');
    await server.client.config('SET', 'maxmemory', String(Number(used) + 3 * bytesPerUpstream));
    for (let n = 0; n < 1000; n += 1) await store.write(...entry(n, 20_000), 60_000);
    const locks = createExclusive(redis, wait);
    expect(await locks.acquire('dc-east', { leaseMs: 1000, waitMs: 0 })).toMatchObject({ kind: 'held' });
    await server.client.config('SET', 'maxmemory', '1');
    await expect(store.write(...entry(1, 20_000), 60_000)).rejects.toThrow('OOM');
    expect(await store.read([entry(999, 0)[0]])).not.toEqual([null]);
  });
});
