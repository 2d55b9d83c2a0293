import { expect, it } from 'vitest';
import { attemptOutcomes } from '../../src/domain/failover-attempt.js';
import { DAY_MICROS, HOUR_MICROS, micros } from '../../src/domain/micros.js';
import { createFailoverAttempts } from '../../src/replicas/failover-attempts.js';
import { createRedis } from '../../src/replicas/redis.js';
import { NOON, attemptOf } from '../support/attempts.js';
import { closing } from '../support/products.js';
import { describeWithRedis, startRedis } from '../support/redis.js';

const RECORD = 'copygraph:failover:{dc-east}:drill_2026-03';
const INDEX = 'copygraph:failovers:{dc-east}';
const WEEK_SECONDS = 7 * 86_400;

const storeOn = async ({ url }: { url: string }) =>
  createFailoverAttempts(closing(await createRedis(url, () => undefined)));

describeWithRedis('failover attempts in Redis', () => {
  it('are known to another replica, to the microsecond, as soon as they have begun', async () => {
    const server = await startRedis();
    const [east, west] = [await storeOn(server), await storeOn(server)];
    expect(await west.find('dc-east', 'drill_2026-03')).toBeNull();
    await east.begin(attemptOf());
    expect(await west.find('dc-east', 'drill_2026-03')).toEqual(attemptOf());
    expect(await west.find('dc-west', 'drill_2026-03')).toBeNull();
    expect(await west.since('dc-east', NOON)).toEqual([attemptOf()]);
    expect(await west.since('dc-east', micros(NOON + 1))).toEqual([]);
    expect(await west.since('dc-west', NOON)).toEqual([]);
  });

  it.each(attemptOutcomes)('keep the outcome %s, a week or for ever', async (outcome) => {
    const server = await startRedis();
    const store = await storeOn(server);
    await store.begin(attemptOf());
    expect(await server.client.ttl(RECORD)).toBe(-1); // it never expires
    await store.end(attemptOf({ outcome }));
    expect(await store.find('dc-east', 'drill_2026-03')).toEqual(attemptOf({ outcome }));
    const ttl = await server.client.ttl(RECORD);
    if (outcome === 'unconfirmed' || outcome === 'accepted') expect(ttl).toBe(-1);
    else expect(ttl).toBeGreaterThan(WEEK_SECONDS - 60);
    expect(ttl).toBeLessThanOrEqual(WEEK_SECONDS);
  });

  it('do not expire when a key is pressed again', async () => {
    const server = await startRedis();
    const store = await storeOn(server);
    await store.begin(attemptOf());
    await store.end(attemptOf({ outcome: 'refused' }));
    await store.begin(attemptOf({ attemptId: 'attempt-2' }));
    expect(await server.client.ttl(RECORD)).toBe(-1);
  });

  it('come in with their end alone, as after a time without Redis, unless a newer one is known', async () => {
    const store = await storeOn(await startRedis());
    const late = attemptOf({ attemptId: 'late', startedAt: micros(NOON + 1), outcome: 'accepted' });
    await store.end(late);
    expect(await store.since('dc-east', NOON)).toEqual([late]);
    await store.end(attemptOf({ attemptId: 'early', outcome: 'refused' }));
    expect(await store.find('dc-east', late.key)).toEqual(late);
    const latest = { ...late, attemptId: 'latest', startedAt: micros(NOON + 2) };
    await store.end(latest);
    expect(await store.since('dc-east', latest.startedAt)).toEqual([latest]);
  });

  it('leave the index after a week, and the index goes when nothing is pressed', async () => {
    const server = await startRedis();
    const store = await storeOn(server);
    await store.begin(attemptOf({ key: 'old' }));
    await store.begin(attemptOf({ key: 'young', startedAt: micros(NOON + 7 * DAY_MICROS) }));
    expect(await server.client.zrange(INDEX, 0, -1)).toEqual(['old', 'young']);
    await store.begin(attemptOf({ key: 'new', startedAt: micros(NOON + 7 * DAY_MICROS + 1) }));
    expect(await server.client.zrange(INDEX, 0, -1)).toEqual(['young', 'new']);
    expect((await store.find('dc-east', 'old'))?.key).toBe('old'); // it may have reached the cluster
    expect(await server.client.ttl(INDEX)).toBeGreaterThan(WEEK_SECONDS - 60);
  });

  it('come newest first, without those whose record has expired', async () => {
    const server = await startRedis();
    const store = await storeOn(server);
    for (const [key, hours] of [
      ['b', 1],
      ['c', 3],
      ['a', 1],
      ['gone', 2],
    ] as const)
      await store.begin(attemptOf({ key, startedAt: micros(NOON + hours * HOUR_MICROS) }));
    await server.client.del('copygraph:failover:{dc-east}:gone');
    expect((await store.since('dc-east', NOON)).map(({ key }) => key)).toEqual(['c', 'a', 'b']);
  });

  it.each([
    ['cut short', '{"attemptId":"att'],
    ['no JSON at all', 'hello'],
    ['another shape', '{"attemptId":"attempt-1"}'],
    ['an outcome of a later version', JSON.stringify({ ...attemptOf(), outcome: 'delegated' })],
    ['a time beyond what is exact', JSON.stringify({ ...attemptOf(), startedAt: 1e300 })],
  ])('are an error where a record is %s, and never taken for none', async (_what, text) => {
    const server = await startRedis();
    const store = await storeOn(server);
    await store.begin(attemptOf());
    await server.client.set(RECORD, text);
    await expect(store.find('dc-east', 'drill_2026-03')).rejects.toThrow('cannot be read');
    await expect(store.since('dc-east', NOON)).rejects.toThrow('cannot be read');
  });

  it('reject in every method where Redis is gone', async () => {
    const server = await startRedis();
    const store = await storeOn(server);
    await server.kill();
    const asked = [
      store.find('dc-east', 'a'),
      store.since('dc-east', NOON),
      store.begin(attemptOf()),
      store.end(attemptOf({ outcome: 'accepted' })),
    ];
    const settled = await Promise.allSettled(asked);
    expect(settled.map((one) => (one.status === 'rejected' ? String(one.reason) : 'resolved'))).toEqual(
      asked.map(() => expect.stringContaining('Error: Redis could not be asked')),
    );
  });
});
