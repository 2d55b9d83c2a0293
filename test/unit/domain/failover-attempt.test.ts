import { describe, expect, it } from 'vitest';
import {
  type AttemptOutcome,
  type Decision,
  attemptOutcomes,
  decide,
  mayStillAppear,
  newestOf,
} from '../../../src/domain/failover-attempt.js';
import { DAY_MICROS, micros } from '../../../src/domain/micros.js';
import { NOON, attemptOf } from '../../support/attempts.js';

const now = micros(NOON + DAY_MICROS);
const young = micros(NOON + 1); // a microsecond less than a day ago
const old = NOON;

/** For each end: what the same body gets, and another body, where the cluster does not list the id. */
const rules: readonly (readonly [AttemptOutcome | null, same: Decision, other: Decision])[] = [
  [null, 'answer', 'conflict'],
  ['unconfirmed', 'answer', 'conflict'],
  ['accepted', 'answer', 'conflict'],
  ['refused', 'send', 'conflict'],
  ['notSent', 'send', 'send'],
];

describe('a press of a key', () => {
  const press = (outcome: AttemptOutcome | null, same: boolean, isListed = false): Decision => {
    const attempt = attemptOf({ outcome });
    return decide(attempt, { bodyDigest: same ? attempt.bodyDigest : 'other', isListed });
  };

  it('is judged by every end that an attempt can have', () => {
    expect(rules.map(([outcome]) => outcome)).toEqual(expect.arrayContaining([null, ...attemptOutcomes]));
  });

  it('that nobody remembers is sent, unless the cluster lists it', () => {
    expect(decide(null, { bodyDigest: 'any', isListed: false })).toBe('send');
    expect(decide(null, { bodyDigest: 'any', isListed: true })).toBe('answer');
  });

  it.each(rules)('after %s, however long ago: the same body %s, another one %s', (outcome, same, other) => {
    expect(press(outcome, true)).toBe(same);
    expect(press(outcome, false)).toBe(other);
  });

  it.each(rules)('after %s is never sent where the cluster lists it', (outcome, _same, other) => {
    expect(press(outcome, true, true)).toBe('answer');
    expect(press(outcome, false, true)).toBe(other === 'conflict' ? 'conflict' : 'answer');
  });
});

it.each([
  ['accepted', true],
  ['unconfirmed', false],
  ['refused', false],
  ['notSent', false],
  [null, false],
] as const)('an attempt that ended %s may still appear for a day: %s', (outcome, may) => {
  expect(mayStillAppear(attemptOf({ outcome, startedAt: young }), now)).toBe(may);
  expect(mayStillAppear(attemptOf({ outcome, startedAt: old }), now)).toBe(false);
});

describe('of what several places remember', () => {
  const early = attemptOf({ attemptId: 'early', outcome: 'refused' });
  const late = attemptOf({ attemptId: 'late', startedAt: micros(NOON + 1) });

  it('the newest counts, whatever the order', () => {
    expect(newestOf([early, null, late])).toBe(late);
    expect(newestOf([late, early])).toBe(late);
  });

  it('of one attempt the record that knows its end counts', () => {
    const ended = { ...late, outcome: 'accepted' } as const;
    expect(newestOf([late, ended])).toBe(ended);
    expect(newestOf([ended, late])).toBe(ended);
  });

  it.each([null, 'unconfirmed', 'accepted'] as const)(
    'what may have reached the cluster counts before what did not, whatever the clocks say: %s',
    (outcome) => {
      const behind = attemptOf({ attemptId: 'behind', startedAt: micros(NOON - 60_000_000), outcome });
      expect(newestOf([early, behind])).toBe(behind);
      expect(newestOf([behind, { ...early, outcome: 'notSent' }])).toBe(behind);
    },
  );

  it('an end counts for its own attempt, also where another place knows only of its beginning', () => {
    expect(newestOf([{ ...early, outcome: null }, early])).toBe(early);
    expect(newestOf([early, { ...early, outcome: null }])).toBe(early);
  });

  it('a person’s word counts before every record of the same attempt, and for no other', () => {
    const lost = { ...late, outcome: 'unconfirmed' } as const;
    const acknowledged = { by: 'bob', at: '2026-11-21T10:00:00Z', happened: false, note: 'no trace' };
    const judged = { ...late, outcome: 'refused', acknowledged } as const;
    expect(newestOf([lost, judged])).toBe(judged);
    expect(newestOf([judged, { ...late, outcome: null }])).toBe(judged);
    const other = attemptOf({ attemptId: 'other', outcome: 'unconfirmed' });
    expect(newestOf([judged, other])).toBe(other);
  });

  it('there may be nothing', () => {
    expect(newestOf([])).toBeNull();
    expect(newestOf([null, null])).toBeNull();
  });
});
