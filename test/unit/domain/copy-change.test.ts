import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ActivityState, activityStates, isFinished } from '../../../src/domain/activity.js';
import { type CopyChange, changeOf, markOf, mergeChanges } from '../../../src/domain/copy-change.js';
import type { CopyJob } from '../../../src/domain/copy-job.js';
import { micros } from '../../../src/domain/micros.js';
import { jobOf, toJob } from '../../support/estate.js';

const base = toJob('aws-prod', jobOf('J', 1_714_528_800_000_000, { sizeBytes: 1000 }));

const copy = (overrides: Partial<CopyJob> = {}): CopyJob => ({ ...base, transferredBytes: 0n, ...overrides });

const running = copy({ state: 'RUNNING' });

describe('a look at a copy', () => {
  it.each<[string, CopyJob | undefined, Partial<CopyJob>, string | null]>([
    ['a new one that goes on', undefined, { state: 'RUNNING' }, 'STARTED null'],
    ['a new one that waits', undefined, { state: 'QUEUED' }, 'STARTED null'],
    ['a new one whose state we do not know', undefined, { state: 'UNKNOWN' }, 'STARTED null'],
    ['one that came and went', undefined, { state: 'FAILED' }, 'FINISHED null'],
    ['the same again', running, {}, null],
    ['the same, read later', running, { observedAt: micros(base.observedAt + 1) }, null],
    ['more bytes', running, { transferredBytes: 10n }, 'PROGRESSED RUNNING'],
    ['bytes where there were none', copy({ state: 'RUNNING', transferredBytes: null }), {}, 'PROGRESSED RUNNING'],
    ['another size', running, { sizeBytes: 2000n }, 'PROGRESSED RUNNING'],
    ['another state', copy({ state: 'QUEUED' }), { state: 'RUNNING' }, 'CHANGED QUEUED'],
    ['another word for the same state', running, { upstreamState: 'BUSY' }, 'CHANGED RUNNING'],
    ['an error while it runs', running, { error: 'slow' }, 'CHANGED RUNNING'],
    ['an end, though it still runs', running, { endedAt: micros(5) }, 'CHANGED RUNNING'],
    ['the end', running, { state: 'SUCCEEDED', endedAt: micros(5), transferredBytes: 1000n }, 'FINISHED RUNNING'],
    ['an end of another kind', copy({ state: 'CANCELING' }), { state: 'CANCELED' }, 'FINISHED CANCELING'],
    ['a better end', copy({ state: 'FAILED' }), { state: 'SUCCEEDED' }, 'CHANGED FAILED'],
    ['one that is tried again', copy({ state: 'FAILED' }), { state: 'RUNNING' }, 'CHANGED FAILED'],
  ])('%s', (_name, before, after, expected) => {
    const change = changeOf(before && markOf(before), copy({ state: 'RUNNING', ...after }));
    expect(change && `${change.change} ${change.previousState}`).toBe(expected);
  });
});

const event = (
  change: CopyChange['change'],
  previousState: ActivityState | null,
  state: ActivityState,
): CopyChange => ({
  change,
  previousState,
  operation: copy({ state }),
  upstreamReports: [],
});

describe('two events that nobody has read yet', () => {
  it.each<[...Parameters<typeof event>, ...Parameters<typeof event>, string]>([
    ['SNAPSHOT', null, 'RUNNING', 'PROGRESSED', 'RUNNING', 'RUNNING', 'SNAPSHOT null'],
    ['SNAPSHOT', null, 'QUEUED', 'CHANGED', 'QUEUED', 'RUNNING', 'SNAPSHOT null'],
    ['SNAPSHOT', null, 'QUEUED', 'FINISHED', 'QUEUED', 'SUCCEEDED', 'FINISHED QUEUED'],
    ['STARTED', null, 'QUEUED', 'CHANGED', 'QUEUED', 'RUNNING', 'STARTED null'],
    ['STARTED', null, 'QUEUED', 'FINISHED', 'QUEUED', 'FAILED', 'FINISHED null'],
    ['PROGRESSED', 'RUNNING', 'RUNNING', 'PROGRESSED', 'RUNNING', 'RUNNING', 'PROGRESSED RUNNING'],
    ['PROGRESSED', 'RUNNING', 'RUNNING', 'CHANGED', 'RUNNING', 'ON_HOLD', 'CHANGED RUNNING'],
    ['CHANGED', 'QUEUED', 'RUNNING', 'PROGRESSED', 'RUNNING', 'RUNNING', 'CHANGED QUEUED'],
    ['CHANGED', 'QUEUED', 'RUNNING', 'FINISHED', 'RUNNING', 'SUCCEEDED', 'FINISHED QUEUED'],
    ['FINISHED', 'RUNNING', 'SUCCEEDED', 'CHANGED', 'SUCCEEDED', 'SUCCEEDED', 'FINISHED RUNNING'],
    ['FINISHED', 'RUNNING', 'SUCCEEDED', 'PROGRESSED', 'SUCCEEDED', 'SUCCEEDED', 'FINISHED RUNNING'],
    ['FINISHED', 'RUNNING', 'FAILED', 'CHANGED', 'FAILED', 'RUNNING', 'CHANGED RUNNING'],
    ['FINISHED', null, 'FAILED', 'CHANGED', 'FAILED', 'RUNNING', 'STARTED null'],
  ])('%s (%s, %s) and %s (%s, %s) are %s', (...given) => {
    const [change, previous, state, nextChange, nextPrevious, nextState, expected] = given;
    const merged = mergeChanges(event(change, previous, state), event(nextChange, nextPrevious, nextState));
    expect(`${merged.change} ${merged.previousState}`).toBe(expected);
    expect(merged.operation?.state).toBe(nextState);
  });

  it('that are only about upstreams are the newer of the two', () => {
    const about = (ok: boolean): CopyChange => ({
      change: 'CHANGED',
      previousState: null,
      operation: null,
      upstreamReports: [
        {
          upstream: 'aws-prod',
          ok,
          observedAt: null,
          stale: false,
          complete: ok,
          incompleteReasons: ok ? [] : ['UPSTREAM_FAILED'],
          error: null,
        },
      ],
    });
    expect(mergeChanges(about(false), about(true))).toEqual(about(true));
  });
});

/** The events of one copy, as reads of it show them. The first may be the beginning of a stream. */
const eventsOf = (isNew: boolean, looks: readonly CopyJob[]): readonly CopyChange[] => {
  const [first, ...rest] = looks;
  if (first === undefined) return [];
  let mark = isNew ? undefined : markOf(first);
  const events: CopyChange[] = isNew
    ? []
    : [{ change: 'SNAPSHOT', previousState: null, operation: first, upstreamReports: [] }];
  for (const operation of isNew ? looks : rest) {
    const change = changeOf(mark, operation);
    mark = markOf(operation);
    if (change !== null) events.push({ ...change, operation, upstreamReports: [] });
  }
  return events;
};

const look = fc
  .record({
    state: fc.oneof(fc.constantFrom<ActivityState[]>('RUNNING', 'SUCCEEDED'), fc.constantFrom(...activityStates)),
    transferredBytes: fc.bigInt({ min: 0n, max: 2n }),
    error: fc.constantFrom(null, 'slow'),
  })
  .map(copy);

describe('what a slow reader gets', () => {
  it('is the last record of each run of events, and what happened since it read last', () => {
    const histories = fc.record({
      isNew: fc.boolean(),
      first: look,
      rest: fc.array(fc.tuple(look, fc.boolean()), { maxLength: 12 }),
    });
    fc.assert(
      fc.property(histories, ({ isNew, first, rest }) => {
        // A stream begins with what is unfinished.
        fc.pre(isNew || !isFinished(first.state));
        const events = eventsOf(isNew, [first, ...rest.map(([one]) => one)]);
        let pending: CopyChange[] = [];
        let seen: ActivityState | null = null;
        events.forEach((one, index) => {
          pending.push(one);
          if (rest[index]?.[1] !== true && index < events.length - 1) return;
          const [oldest] = pending;
          const merged = pending.reduce(mergeChanges);
          expect(merged.operation).toBe(one.operation);
          const { state = null } = merged.operation ?? {};
          const isOver = state !== null && isFinished(state);

          const begins = oldest?.change === 'SNAPSHOT';
          if (!begins) expect(merged.previousState).toBe(seen);
          // The reader has not seen the stream's beginning yet, but that is where the copy came from.
          else if (merged.change === 'SNAPSHOT') expect(merged.previousState).toBeNull();
          else expect(pending.map(({ operation }) => operation?.state)).toContain(merged.previousState);

          const fell = pending.some(({ change }) => change === 'FINISHED');
          if (isOver && fell) expect(merged.change).toBe('FINISHED');
          if (!isOver) expect(merged.change).not.toBe('FINISHED');
          if (seen === null && !isOver && !begins) expect(merged.change).toBe('STARTED');
          if (seen !== null) expect(['PROGRESSED', 'CHANGED', 'FINISHED']).toContain(merged.change);
          const onlyBytes = pending.every(({ change }) => change === 'PROGRESSED');
          expect(merged.change === 'PROGRESSED').toBe(onlyBytes);
          seen = state;
          pending = [];
        });
      }),
      { numRuns: 500 },
    );
  });
});
