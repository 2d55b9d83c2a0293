import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueIn } from '../../../src/index/pace.js';

const SECOND = 1_000_000;
const LIST = 5 * SECOND;
const MOST = 60 * SECOND;

/** When a record that began long ago and was read at a time is to be read again, in microseconds after that read. */
const afterRead = (readAt: number, startedAt: number, now: number): number =>
  now + dueIn(readAt, startedAt, now - LIST, { now, most: MOST }) - readAt;

describe('the pace of reading running records again', () => {
  it('spreads what was read together over a quarter of the longest time, whenever it is asked', () => {
    const anyRead = fc.record({
      readAt: fc.integer({ min: 1e15, max: 1.8e15 }),
      hours: fc.integer({ min: 2, max: 500 }),
      later: fc.integer({ min: 0, max: MOST }),
    });
    fc.assert(
      fc.property(anyRead, ({ readAt, hours, later }) => {
        const startedAt = readAt - hours * 3600 * SECOND;
        const due = afterRead(readAt, startedAt, readAt + later);
        expect(due).toBeGreaterThan(0.75 * MOST - 1);
        expect(due).toBeLessThanOrEqual(MOST);
        expect(due).toBeCloseTo(afterRead(readAt, startedAt, readAt), -1);
      }),
    );
    const dues = Array.from({ length: 126 }, (_, index) => {
      const readAt = 1.7e15 + index * 7919; // 8 ms apart, over a second
      return afterRead(readAt, readAt - 7200 * SECOND, readAt);
    });
    expect(Math.max(...dues) - Math.min(...dues)).toBeGreaterThan(0.2 * MOST);
  });

  it('is that of lists for a record that has just begun', () => {
    const readAt = 1.7e15 + 999_999;
    expect(afterRead(readAt, readAt - SECOND, readAt)).toBe(LIST);
  });
});
