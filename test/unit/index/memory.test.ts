import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIndexMemory } from '../../../src/index/memory.js';
import { runs } from '../../support/runs.js';

const MEGABYTES = 1;
const MOST = Math.floor((MEGABYTES * 1024 * 1024) / 900); // 1,165 records

/** An index that holds so many records of each hour back, as one that gives up whole hours. */
const playIndex = (perHour: number, hours: number, { needs = Number.POSITIVE_INFINITY, rank = 0 } = {}) => {
  let held = hours; // hours back from 0
  const weight = (): number => held * perHour;
  const shrink = (most: number, keepSince: number): void => {
    while (held > 0 && weight() > most && -held < keepSince) held -= 1;
  };
  return { weight, shrink, neededSince: () => needs, rank, reach: () => held };
};

const together = (...indexes: readonly ReturnType<typeof playIndex>[]): readonly number[] => {
  const memory = createIndexMemory(MEGABYTES);
  const shares = indexes.map((one) => memory.join(one));
  shares.at(-1)?.changed();
  return indexes.map(({ reach }) => reach());
};

describe('the memory of the indexes', () => {
  it.each([
    ['both fit', [playIndex(10, 50), playIndex(10, 50)], [50, 50]],
    ['nobody needs the largest', [playIndex(20, 50), playIndex(10, 50, { needs: -48 })], [31, 50]],
    ['both have more than is needed', [playIndex(10, 80, { needs: -48 }), playIndex(10, 50, { needs: -30 })], [63, 50]],
    [
      'all of both is needed',
      [playIndex(10, 80, { needs: -80 }), playIndex(10, 50, { needs: -50, rank: 1 })],
      [80, 33],
    ],
    ['one alone is too large', [playIndex(40, 50, { needs: -50 })], [28]],
  ])('keeps what is needed, the lowest rank last: %s', (_what, indexes, expected) => {
    expect(together(...indexes)).toEqual(expected);
  });

  it('holds no more than it may, and cuts what is needed only where nothing else is left', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            perHour: fc.integer({ min: 1, max: 40 }),
            hours: fc.integer({ min: 0, max: 100 }),
            needed: fc.integer({ min: 0, max: 100 }),
            rank: fc.nat(3),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        (specs) => {
          const indexes = specs.map(({ perHour, hours, needed, rank }) =>
            playIndex(perHour, hours, { needs: -needed, rank }),
          );
          const reaches = together(...indexes);
          const weight = indexes.reduce((sum, one) => sum + one.weight(), 0);
          expect(weight).toBeLessThanOrEqual(MOST);
          const cut = specs.filter(({ hours, needed }, at) => (reaches[at] ?? 0) < Math.min(hours, needed));
          if (cut.length === 0) return;
          specs.forEach(({ needed }, at) => expect(reaches[at]).toBeLessThanOrEqual(Math.max(needed, 1)));
          const lowest = Math.min(...cut.map(({ rank }) => rank));
          specs.forEach(({ rank, hours }, at) => {
            if (rank > lowest && hours > 0) expect(reaches[at]).toBe(0);
          });
        },
      ),
      { numRuns: runs(500) },
    ));
});
