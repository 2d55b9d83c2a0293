import { describe, expect, it } from 'vitest';
import { createFailoverMemory } from '../../../src/failover/memory.js';
import { attemptOutcomes } from '../../../src/domain/failover-attempt.js';
import { DAY_MICROS, type Micros, micros } from '../../../src/domain/micros.js';
import { NOON, attemptOf } from '../../support/attempts.js';

/** A memory with a clock of its own. */
const startMemory = () => {
  let now: Micros = NOON;
  const memory = createFailoverMemory(() => now);
  const endAt = async (at: number, key: string) => {
    now = micros(at);
    await memory.begin(attemptOf({ key, startedAt: now }));
    await memory.end(attemptOf({ key, startedAt: now, outcome: 'refused' }));
  };
  return { memory, endAt, knows: async (key: string) => (await memory.find('dc-east', key)) !== null };
};

describe('failover attempts in memory', () => {
  it.each(attemptOutcomes)(
    'with the outcome %s are kept for a day, those that may have arrived for ever',
    async (outcome) => {
      const { memory, endAt, knows } = startMemory();
      await memory.begin(attemptOf({ key: 'one' }));
      await memory.end(attemptOf({ key: 'one', outcome }));
      await endAt(NOON + DAY_MICROS - 1, 'two');
      expect(await knows('one')).toBe(true);
      await endAt(NOON + DAY_MICROS, 'three');
      expect(await knows('one')).toBe(outcome === 'unconfirmed' || outcome === 'accepted');
      expect(await knows('two')).toBe(true);
    },
  );

  it('are kept for ever where nobody told how they ended', async () => {
    const { memory, endAt, knows } = startMemory();
    await memory.begin(attemptOf({ key: 'one' }));
    await endAt(NOON + 40 * DAY_MICROS, 'two');
    expect(await knows('one')).toBe(true);
    expect((await memory.since('dc-east', NOON)).map(({ key }) => key)).toEqual(['two', 'one']);
  });

  it('are 10,000 at most, the oldest going first, beside those that may have arrived', async () => {
    const { memory, endAt, knows } = startMemory();
    await memory.begin(attemptOf({ key: 'open' }));
    for (let index = 0; index < 10_000; index += 1) await endAt(NOON + index, `k${index}`);
    expect(await knows('k0')).toBe(true);
    await endAt(NOON + 10_000, 'last');
    expect(await Promise.all(['open', 'k0', 'k1', 'last'].map(knows))).toEqual([true, false, true, true]);
    expect(await memory.since('dc-east', NOON)).toHaveLength(10_001);
  });

  it('come in with their end alone, unless a newer one is known', async () => {
    const { memory } = startMemory();
    const late = attemptOf({ attemptId: 'late', startedAt: micros(NOON + 1), outcome: 'accepted' });
    await memory.end(late);
    expect(await memory.find('dc-east', late.key)).toEqual(late);
    await memory.end(attemptOf({ attemptId: 'early', outcome: 'refused' }));
    expect(await memory.find('dc-east', late.key)).toEqual(late);
    const latest = { ...late, attemptId: 'latest', startedAt: micros(NOON + 2) };
    await memory.end(latest);
    expect(await memory.find('dc-east', late.key)).toEqual(latest);
  });
});
