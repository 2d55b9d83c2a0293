import { describe, expect, it } from 'vitest';
import type { CopyOperation } from '../../../src/domain/copy-operation.js';
import { type GroupBy, createCopySum, noKey } from '../../../src/domain/copy-summary.js';
import { micros } from '../../../src/domain/micros.js';

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
  target: { __typename: 'LocalTarget', kind: 'LOCAL', name: null, offsite: false },
  sizeBytes: null,
  transferredBytes: null,
  expiresAt: null,
  ...overrides,
});

const sumOf = (groupBy: readonly GroupBy[], ...copies: readonly CopyOperation[]) => {
  const sum = createCopySum(groupBy);
  copies.forEach(sum.add);
  return sum.result();
};

const failed = (failureCategory: CopyOperation['failureCategory']) => copy({ state: 'FAILED', failureCategory });

describe('the sum of copies', () => {
  it('of none is none, and tells no bytes', () => {
    const nothing = { total: { count: 0, sizeBytes: null, transferredBytes: null }, groups: [] };
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
    expect(total).toEqual({ count: 3, sizeBytes: 18_014_398_509_481_986n, transferredBytes: 0n });
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
    expect(groups).toEqual(
      expected.map((group) => ({ ...noKey, count: 1, sizeBytes: null, transferredBytes: null, ...group })),
    );
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
      { ...noKey, upstream: 'aws', state: 'SUCCEEDED', count: 2, sizeBytes: 3n, transferredBytes: null },
      {
        ...noKey,
        upstream: 'dc-east',
        state: 'FAILED',
        failureCategory: 'ACCESS',
        count: 1,
        sizeBytes: null,
        transferredBytes: null,
      },
      {
        ...noKey,
        upstream: 'dc-east',
        state: 'FAILED',
        failureCategory: 'MEDIA',
        count: 1,
        sizeBytes: null,
        transferredBytes: null,
      },
    ]);
  });

  it('can be looked at before it is finished', () => {
    const sum = createCopySum(['STATE']);
    sum.add(copy());
    const before = sum.result();
    sum.add(copy());
    expect([before.total.count, before.groups[0]?.count, sum.result().total.count]).toEqual([1, 1, 2]);
  });
});
