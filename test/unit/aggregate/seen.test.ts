import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeen } from '../../../src/aggregate/seen.js';

describe('what was seen', () => {
  it('is told from what was not, as a set of the ids tells it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(50).map(String), fc.string(), fc.uuid()), { maxLength: 3000 }), (ids) => {
        const [seen, set] = [createSeen(), new Set<string>()];
        for (const id of ids) {
          expect(seen.add(id)).toBe(!set.has(id));
          set.add(id);
        }
      }),
    );
  });

  it('counts a hundred thousand ids that differ in little, each once', () => {
    const seen = createSeen();
    const ids = Array.from(
      { length: 100_000 },
      (_, index) => `CopyRun:dc-east:7:17145288001${index}:1:2:${index % 10}`,
    );
    expect(ids.filter((id) => seen.add(id))).toHaveLength(100_000);
    expect(ids.filter((id) => seen.add(id))).toEqual([]);
  });

  it('takes a few bytes for each id', () => {
    const before = process.memoryUsage().arrayBuffers;
    const seen = createSeen();
    for (let index = 0; index < 200_000; index += 1) seen.add(`CopyJob:aws-prod:${index}`);
    expect((process.memoryUsage().arrayBuffers - before) / 200_000).toBeLessThan(64); // with what is not collected yet
    expect(seen.add('CopyJob:aws-prod:199999')).toBe(false);
  });
});
