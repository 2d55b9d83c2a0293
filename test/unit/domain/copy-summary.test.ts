import { describe, expect, it } from 'vitest';
import type { CopyOperation } from '../../../src/domain/copy-operation.js';
import { type GroupBy, type GroupingBasis, noKey } from '../../../src/domain/copy-group.js';
import { createSorting, gatherCopies } from '../../../src/domain/copy-summary.js';
import { sumOf as sumOfTally } from '../../../src/domain/copy-tally.js';
import { createTarget } from '../../../src/domain/copy-target.js';
import { micros } from '../../../src/domain/micros.js';
import { timeZoneNamed } from '../../../src/domain/time-zone.js';
import { TooComplexError } from '../../../src/domain/too-complex.js';

const midnight = Date.UTC(2024, 4, 2) * 1000;

const copy = (overrides: Partial<CopyOperation> = {}): CopyOperation => ({
  __typename: 'CopyRun',
  id: 'CopyRun:dc-east:1',
  upstream: 'dc-east',
  state: 'SUCCEEDED',
  upstreamState: 'kSuccess',
  error: null,
  failureCategory: null,
  startedAt: micros(midnight),
  endedAt: null,
  observedAt: micros(midnight),
  name: 'VM Gold',
  target: createTarget('dc-east', 'LOCAL', null, null),
  offsite: false,
  sizeBytes: null,
  transferredBytes: null,
  expiresAt: null,
  ...overrides,
});

const basisIn = (timeZone: string, by: GroupingBasis['by'] = 'STARTED'): GroupingBasis => {
  const zone = timeZoneNamed(timeZone);
  if (zone === null) throw new Error(`there is no ${timeZone}`);
  return { by, zone, objectOf: () => null };
};

const gather = (groupBy: readonly GroupBy[], basis = basisIn('UTC'), maxGroups = 1000) =>
  gatherCopies(groupBy, basis, maxGroups);

const resultOf = ({ total, groups }: ReturnType<typeof gather>) => {
  const sorting = createSorting(null);
  [...groups].forEach(sorting.add);
  return { total: sumOfTally(total), groups: sorting.first(null) };
};

const sumOf = (groupBy: readonly GroupBy[], ...copies: readonly CopyOperation[]) => {
  const gathering = gather(groupBy);
  copies.forEach(gathering.add);
  return resultOf(gathering);
};

const untold = {
  sizeBytes: null,
  transferredBytes: null,
  copiedBytes: null,
  durationSeconds: null,
  bytesPerSecond: null,
};

const failed = (failureCategory: CopyOperation['failureCategory']) => copy({ state: 'FAILED', failureCategory });

describe('the sum of copies', () => {
  it('of none is none, and tells no bytes', () => {
    const nothing = { total: { ...untold, count: 0 }, groups: [] };
    expect(sumOf([])).toEqual(nothing);
    expect(sumOf(['STATE', 'DAY'])).toEqual(nothing);
  });

  it('adds the bytes of those that tell, exactly above 2^53, and zero is told', () => {
    const { total } = sumOf(
      [],
      copy({ sizeBytes: 9_007_199_254_740_993n, transferredBytes: 0n }),
      copy({ sizeBytes: 9_007_199_254_740_993n }),
      copy(),
    );
    expect(total).toMatchObject({ count: 3, sizeBytes: 18_014_398_509_481_986n, transferredBytes: 0n });
  });

  it.each<[readonly GroupBy[], readonly CopyOperation[], readonly object[]]>([
    [
      ['STATE'],
      [copy(), copy({ state: 'FAILED' }), copy()],
      [
        { state: 'FAILED', count: 1 },
        { state: 'SUCCEEDED', count: 2 },
      ],
    ],
    [
      ['UPSTREAM'],
      [copy({ upstream: 'dc-east' }), copy({ upstream: 'dc' }), copy({ upstream: 'aws' })],
      [{ upstream: 'aws' }, { upstream: 'dc' }, { upstream: 'dc-east' }],
    ],
    [['TARGET_KIND'], [copy(), copy({ target: null })], [{ targetKind: 'LOCAL' }, { targetKind: 'UNKNOWN' }]],
    [
      ['DAY'],
      [copy({ startedAt: micros(midnight) }), copy({ startedAt: micros(midnight - 1) }), copy({ startedAt: null })],
      [{ day: null }, { day: '2024-05-01' }, { day: '2024-05-02' }],
    ],
    [
      ['FAILURE_CATEGORY'],
      [failed('MEDIA'), copy(), failed('ACCESS'), failed('ACCESS')],
      [{ failureCategory: null }, { failureCategory: 'ACCESS', count: 2 }, { failureCategory: 'MEDIA' }],
    ],
  ])('splits by %j, sorted, with null for what is not split by', (groupBy, copies, expected) => {
    const { groups, total } = sumOf(groupBy, ...copies);
    expect(groups).toEqual(expected.map((group) => ({ ...noKey, ...untold, count: 1, ...group })));
    expect(total.count).toBe(copies.length);
  });

  it('splits by several at once, whatever their order, and by one named twice only once', () => {
    const copies = [
      failed('ACCESS'),
      failed('MEDIA'),
      copy({ upstream: 'aws', sizeBytes: 3n }),
      copy({ upstream: 'aws' }),
    ];
    const one = sumOf(['STATE', 'UPSTREAM', 'FAILURE_CATEGORY'], ...copies);
    expect(one).toEqual(sumOf(['FAILURE_CATEGORY', 'STATE', 'UPSTREAM', 'STATE'], ...copies.toReversed()));
    expect(one.groups).toEqual([
      { ...noKey, ...untold, upstream: 'aws', state: 'SUCCEEDED', count: 2, sizeBytes: 3n, copiedBytes: 3n },
      {
        ...noKey,
        upstream: 'dc-east',
        state: 'FAILED',
        failureCategory: 'ACCESS',
        ...untold,
        count: 1,
      },
      {
        ...noKey,
        upstream: 'dc-east',
        state: 'FAILED',
        failureCategory: 'MEDIA',
        ...untold,
        count: 1,
      },
    ]);
  });

  it('can be looked at before it is finished', () => {
    const sum = gather(['STATE']);
    sum.add(copy());
    const before = resultOf(sum);
    sum.add(copy());
    expect([before.total.count, before.groups[0]?.count, resultOf(sum).total.count]).toEqual([1, 1, 2]);
  });

  it('shows the name that the newest copy of a group tells, in whichever order they come', () => {
    const objectOf = ({ name, upstream }: CopyOperation) => ({
      __typename: 'ProtectedObject' as const,
      id: 'ProtectedObject:dc-east:1',
      upstream,
      name,
      source: null,
      resourceArn: null,
      resourceType: null,
      copies: null,
    });
    const [old, young] = [copy({ name: 'old' }), copy({ name: 'young', startedAt: micros(midnight + 1) })];
    for (const copies of [
      [old, young],
      [young, old],
    ]) {
      const sum = gather(['OBJECT'], { ...basisIn('UTC'), objectOf });
      copies.forEach(sum.add);
      expect(resultOf(sum).groups).toMatchObject([{ protectedObject: { name: 'young' }, count: 2 }]);
    }
  });

  it('counts bytes as copied only of what ended well: what was transferred where told, otherwise the size', () => {
    const { total } = sumOf(
      [],
      copy({ transferredBytes: 5n, sizeBytes: 100n }),
      copy({ state: 'WARNING', sizeBytes: 7n }),
      copy({ state: 'FAILED', transferredBytes: 1000n }),
      copy({ state: 'RUNNING', transferredBytes: 1000n }),
    );
    expect(total.copiedBytes).toBe(12n);
  });

  it('tells how long and how fast, of those that have both times, and the speed of those whose bytes are counted', () => {
    const lasting = (seconds: number, overrides: Partial<CopyOperation> = {}) =>
      copy({ endedAt: micros(midnight + seconds * 1_000_000), ...overrides });
    const { total } = sumOf(
      [],
      lasting(10, { transferredBytes: 100n }),
      lasting(30, { transferredBytes: 100n }),
      lasting(20, { state: 'FAILED', transferredBytes: 100n }),
      lasting(-5, { transferredBytes: 100n }), // by a clock that is wrong
      copy({ transferredBytes: 1_000_000n }),
    );
    expect(total).toMatchObject({ durationSeconds: { p50: 20, p95: 30, max: 30 }, bytesPerSecond: 5 });
  });

  it('refuses the first group too many with the figures', () => {
    const sum = gather(['UPSTREAM'], basisIn('UTC'), 2);
    for (const upstream of ['a', 'b', 'a']) sum.add(copy({ upstream }));
    expect(() => sum.add(copy({ upstream: 'c' }))).toThrow(TooComplexError);
    const figures = { limit: 'maxGroups', maxGroups: 2, groups: 3, copies: 4 };
    expect(() => sum.add(copy({ upstream: 'd' }))).toThrow(
      expect.objectContaining({ figures: { ...figures, copies: 5 } }) as Error,
    );
  });
});

/** The days and hours of a copy each quarter of an hour, from noon before a clock change to noon after it. */
const around = (day: string, timeZone: string, by: GroupingBasis['by'] = 'STARTED') => {
  const noon = Date.parse(`${day}T12:00:00Z`);
  const copies = Array.from({ length: 60 * 4 }, (_, n) => {
    const at = micros((noon - 30 * 3_600_000 + n * 900_000) * 1000);
    return by === 'STARTED' ? copy({ startedAt: at }) : copy({ startedAt: micros(midnight), endedAt: at });
  });
  const countsBy = (...groupBy: readonly GroupBy[]) => {
    const gathering = gather(groupBy, basisIn(timeZone, by));
    copies.forEach(gathering.add);
    return resultOf(gathering).groups.filter((group) => group.day === day);
  };
  return { days: countsBy('DAY'), hours: countsBy('DAY', 'HOUR') };
};

describe('a day of a clock change', () => {
  it.each([
    ['Europe/Berlin', '2024-03-31', 23],
    ['Europe/Berlin', '2024-10-27', 25],
    ['America/New_York', '2024-03-10', 23],
    ['America/New_York', '2024-11-03', 25],
    ['Australia/Sydney', '2024-10-06', 23],
    ['Australia/Sydney', '2024-04-07', 25],
    ['Asia/Kolkata', '2024-04-07', 24],
  ])('in %s on %s has its hours', (timeZone, day, hours) => {
    for (const by of ['STARTED', 'ENDED'] as const) {
      const found = around(day, timeZone, by);
      expect(found.days).toMatchObject([{ day, count: hours * 4 }]);
      expect(found.hours.map(({ count }) => count)).toEqual(Array.from({ length: hours }, () => 4));
      expect(new Set(found.hours.map(({ hour }) => hour)).size).toBe(hours);
    }
  });
});
