import { expect, it } from 'vitest';
import { type FailoverAttempt, attemptOutcomes } from '../../../src/domain/failover-attempt.js';
import { DAY_MICROS, HOUR_MICROS, micros } from '../../../src/domain/micros.js';
import { createAttemptRecords } from '../../../src/replicas/attempt-records.js';
import { createRedis } from '../../../src/replicas/redis.js';
import { NOON, attemptOf } from '../../support/attempts.js';
import { closing } from '../../support/products.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';

const HASH = 'copygraph:attempts:{dc-east}';
const OLD_RECORD = 'copygraph:failover:{dc-east}:drill_2026-03';
const KEY = 'drill_2026-03';

/** The store of one replica; its `begin` is in the epoch that there is. */
const storeOn = async ({ url }: { url: string }) => {
  const records = createAttemptRecords(closing(await createRedis(url, () => undefined)));
  const begin = async (attempt: FailoverAttempt) => records.begin(attempt, (await records.epoch(attempt.upstream)).id);
  return { ...records, begin };
};

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
    const store = await storeOn(await startRedis());
    await store.begin(attemptOf());
    await store.end(attemptOf({ outcome }));
    expect(await store.find('dc-east', KEY)).toEqual(attemptOf({ outcome }));
    const forgets = async (at: number) => {
      await store.begin(attemptOf({ key: `at-${at}`, startedAt: micros(at) }));
      return (await store.find('dc-east', KEY)) === null;
    };
    expect(await forgets(NOON + 7 * DAY_MICROS)).toBe(false);
    expect(await forgets(NOON + 7 * DAY_MICROS + 1)).toBe(outcome === 'refused' || outcome === 'notSent');
  });

  it('keep the word of a person, whichever record of the attempt comes back later', async () => {
    const store = await storeOn(await startRedis());
    const lost = attemptOf({ outcome: 'unconfirmed' });
    const acknowledged = { by: 'bob', at: '2026-11-21T10:00:00Z', happened: false, note: 'no trace' };
    const judged = attemptOf({ outcome: 'refused', acknowledged });
    await store.begin(attemptOf());
    await store.end(lost);
    const { id } = await store.epoch('dc-east');
    await store.restore('dc-east', id, [judged, lost]);
    expect(await store.find('dc-east', KEY)).toEqual(judged);
    await store.end(lost);
    expect(await store.find('dc-east', KEY)).toEqual(judged);
    const again = attemptOf({ attemptId: 'attempt-2', outcome: null });
    expect(await store.begin(again)).toBe(true);
  });

  it('stay where a key is pressed again', async () => {
    const store = await storeOn(await startRedis());
    await store.begin(attemptOf());
    await store.end(attemptOf({ outcome: 'refused' }));
    const again = attemptOf({ attemptId: 'attempt-2' });
    expect(await store.begin(again)).toBe(true);
    await store.begin(attemptOf({ key: 'late', startedAt: micros(NOON + 40 * DAY_MICROS) }));
    expect(await store.find('dc-east', KEY)).toEqual(again);
  });

  it.each([null, 'accepted', 'unconfirmed'] as const)('let none begin after one that ended %s', async (outcome) => {
    const store = await storeOn(await startRedis());
    await store.begin(attemptOf());
    if (outcome !== null) await store.end(attemptOf({ outcome }));
    expect(await store.begin(attemptOf({ attemptId: 'second' }))).toBe(false);
    await store.end(attemptOf({ attemptId: 'second', startedAt: micros(NOON + 1), outcome: 'notSent' }));
    expect(await store.find('dc-east', KEY)).toEqual(attemptOf({ outcome }));
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

  it('come newest first', async () => {
    const store = await storeOn(await startRedis());
    for (const [key, hours] of [
      ['b', 1],
      ['c', 3],
      ['a', 1],
    ] as const)
      await store.begin(attemptOf({ key, startedAt: micros(NOON + hours * HOUR_MICROS) }));
    expect((await store.since('dc-east', NOON)).map(({ key }) => key)).toEqual(['c', 'a', 'b']);
  });

  it('that version 0.1 wrote are found', async () => {
    const server = await startRedis();
    const store = await storeOn(server);
    const { replicationClusterId: _none, ...old } = attemptOf({ outcome: 'accepted' });
    await server.client.set(OLD_RECORD, JSON.stringify(old));
    expect(await store.find('dc-east', KEY)).toEqual(attemptOf({ outcome: 'accepted', replicationClusterId: null }));
  });

  it('stand only in their epoch, which ends when Redis is emptied or started anew', async () => {
    const server = await startRedis();
    const store = await storeOn(server);
    const first = await store.epoch('dc-east');
    expect(await store.epoch('dc-east')).toEqual(first);
    expect(first.open).toBe(false);
    await store.begin(attemptOf());
    expect(await store.stands(attemptOf(), first.id)).toBe(true);
    expect(await store.stands(attemptOf({ attemptId: 'another' }), first.id)).toBe(false);
    expect(await store.open('dc-east', first.id)).toBe(true);
    expect((await store.epoch('dc-east')).open).toBe(true);

    await server.client.hset(HASH, '#run', 'another'); // as after a restart that found what was on its disk
    const second = await store.epoch('dc-east');
    expect(second).toMatchObject({ open: false });
    expect(second.id).not.toBe(first.id);
    expect(await store.open('dc-east', first.id)).toBe(false);
    expect(await store.stands(attemptOf(), first.id)).toBe(false);
    expect(await store.find('dc-east', KEY)).toEqual(attemptOf()); // what is left is no less true

    await server.client.flushall();
    expect((await store.epoch('dc-east')).id).not.toBe(second.id);
  });

  it('come back from those who remember: what may have arrived before what did not, then the newest', async () => {
    const store = await storeOn(await startRedis());
    const epoch = (await store.epoch('dc-east')).id;
    const sent = attemptOf({ attemptId: 'sent', outcome: 'unconfirmed' });
    const refused = attemptOf({ attemptId: 'refused', outcome: 'refused', startedAt: micros(NOON + 5) });
    const newer = attemptOf({ attemptId: 'newer', outcome: 'accepted', startedAt: micros(NOON + 1) });
    for (const [offered, standing] of [
      [refused, refused],
      [
        { ...sent, outcome: null },
        { ...sent, outcome: null },
      ],
      [refused, { ...sent, outcome: null }],
      [sent, sent],
      [{ ...sent, outcome: null }, sent],
      [newer, newer],
      [sent, newer],
    ] as const) {
      expect(await store.restore('dc-east', epoch, [offered])).toBe(true);
      expect(await store.find('dc-east', KEY)).toEqual(standing);
    }
    expect(await store.restore('dc-east', 'another epoch', [sent])).toBe(false);
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
    await server.client.hset(HASH, KEY, text);
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
