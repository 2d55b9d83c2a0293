import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ActivityState, activityStates } from '../../../src/domain/activity.js';
import { type CopyFilter, matchesActivity, windowOf } from '../../../src/domain/copy-filter.js';
import { DAY_MICROS, HOUR_MICROS, micros } from '../../../src/domain/micros.js';
import { jobOf, toJob } from '../../support/estate.js';

const NUM_RUNS = Number(process.env['FILTER_RUNS'] ?? 2000);

const base = toJob('aws-prod', jobOf('J', null));
const unfinished: readonly ActivityState[] = ['QUEUED', 'RUNNING', 'CANCELING', 'ON_HOLD', 'UNKNOWN'];

/** The points in time of these tests, few enough to try each. */
const CLOCK = Array.from({ length: 8 }, (_, at) => micros(at));
const maybe = fc.option(fc.constantFrom(...CLOCK.slice(1, -1)));

describe('a window, and a span of ends', () => {
  it('keep what may belong to them, and nothing that cannot', () =>
    fc.assert(
      fc.property(
        fc.record({ startedAt: maybe, endedAt: maybe, state: fc.constantFrom(...activityStates) }),
        fc
          .record({ startedAfter: maybe, startedBefore: maybe, endedAfter: maybe, endedBefore: maybe })
          // A window without width holds nothing, and is never read.
          .filter(({ startedAfter: from, startedBefore: to }) => from === null || to === null || from < to),
        (times, filter) => {
          const { startedAt, endedAt, state } = times;
          const isOver = !unfinished.includes(state);
          // Every moment at which it may have ended, as far as the vendor says.
          const ends =
            endedAt !== null ? [endedAt] : isOver ? CLOCK.filter((at) => startedAt === null || at >= startedAt) : [];
          const within = (at: number, from: number | null, to: number | null): boolean =>
            (from === null || at >= from) && (to === null || at < to);
          const inWindow =
            startedAt !== null
              ? within(startedAt, filter.startedAfter, filter.startedBefore)
              : !isOver || ends.some((at) => within(at, filter.startedAfter, filter.startedBefore));
          const inSpan =
            (filter.endedAfter === null || ends.some((at) => within(at, filter.endedAfter, null))) &&
            (filter.endedBefore === null || ends.some((at) => within(at, null, filter.endedBefore)));
          expect(matchesActivity(filter, { ...base, ...times })).toBe(inWindow && inSpan);
        },
      ),
      { numRuns: NUM_RUNS },
    ));
});

describe('without a beginning of its own, a window', () => {
  const now = micros(1_715_137_200_000_000);
  const hoursBack = (filter: CopyFilter): number => (now - windowOf(filter, now, 168).from) / HOUR_MICROS;

  it.each<[CopyFilter, number]>([
    [{}, 24],
    [{ states: [] }, 24],
    [{ states: ['RUNNING'] }, 168],
    [{ states: unfinished }, 168],
    [{ states: ['RUNNING', 'FAILED'] }, 24],
    [{ states: ['FAILED'] }, 24],
    [{ finished: false }, 168],
    [{ finished: true }, 24],
    [{ finished: true, states: ['RUNNING'] }, 168],
    [{ endedAfter: micros(now - DAY_MICROS) }, 168],
    [{ endedBefore: micros(now) }, 24],
    [{ states: ['RUNNING'], startedAfter: micros(now - HOUR_MICROS) }, 1],
  ])('%o reaches back %i hours', (filter, hours) => {
    expect(hoursBack(filter)).toBe(hours);
  });
});
