import { type GroupBy, type GroupKey, type GroupingBasis, keyOf, textOf, timeText } from './copy-group.js';
import type { CopyOperation } from './copy-operation.js';
import { type CopySum, type CopyTally, addCopy, createTally, joinTally, sumOf } from './copy-tally.js';
import { TooComplexError } from './too-complex.js';

/** The sums of one group of copies. */
export interface CopyGroup extends GroupKey, CopySum {}

/** One group while its copies are added. */
interface Gathered {
  key: GroupKey; // as in its newest copy, because names change
  newest: number;
  readonly tally: CopyTally;
}

/** Copies that are added up, in no particular order. */
export interface CopyGathering {
  readonly total: CopyTally;
  readonly groups: ReadonlyMap<string, Gathered>;
  add(copy: CopyOperation): void;
  /**
   * Adds the sums of another gathering of the same grouping. If `rekey` is given, each group gets the key it returns.
   */
  join(other: Pick<CopyGathering, 'total' | 'groups'>, rekey?: (key: GroupKey) => GroupKey): void;
}

const written = (figure: number): string => figure.toLocaleString('en-US');

const tooMany = (copies: number, maxGroups: number): TooComplexError =>
  new TooComplexError(
    `The summary has more than ${written(maxGroups)} groups (limits.maxGroups): ${written(maxGroups + 1)} after ${written(copies)} copies. Narrow the filter, or group by fewer values.`,
    { limit: 'maxGroups', maxGroups, groups: maxGroups + 1, copies },
  );

/**
 * Adds up copies one by one. Memory grows with the groups, and by 16 bytes per copy for the durations. Throws a
 * `TooComplexError` at the first group over `maxGroups`.
 */
export const gatherCopies = (groupBy: readonly GroupBy[], basis: GroupingBasis, maxGroups: number): CopyGathering => {
  const by = [...new Set(groupBy)];
  const groups = new Map<string, Gathered>();
  const total = createTally();

  const groupAt = (key: GroupKey, newest: number): Gathered => {
    const text = textOf(key);
    const known = groups.get(text);
    if (known === undefined) {
      if (groups.size >= maxGroups) throw tooMany(total.count, maxGroups);
      const group = { key, newest, tally: createTally() };
      groups.set(text, group);
      return group;
    }
    if (newest > known.newest) Object.assign(known, { key, newest });
    return known;
  };

  return {
    total,
    groups,
    add: (copy) => {
      addCopy(total, copy);
      if (by.length > 0) addCopy(groupAt(keyOf(copy, by, basis), copy.startedAt ?? 0).tally, copy);
    },
    join: (other, rekey = (key) => key) => {
      joinTally(total, other.total);
      for (const { key, newest, tally } of other.groups.values()) joinTally(groupAt(rekey(key), newest).tally, tally);
    },
  };
};

const groupOf = ({ key, tally }: Gathered): CopyGroup => ({ ...key, ...sumOf(tally) });

export const summaryOrders = ['COUNT', 'COPIED_BYTES', 'SIZE_BYTES', 'TIME'] as const;

/** How groups are sorted. */
export interface CopySummaryOrder {
  readonly field: (typeof summaryOrders)[number];
  readonly direction: 'ASC' | 'DESC';
}

type Value = number | bigint | string | null;

const valueOf: Readonly<Record<CopySummaryOrder['field'], (group: CopyGroup) => Value>> = {
  COUNT: ({ count }) => count,
  COPIED_BYTES: ({ copiedBytes }) => copiedBytes,
  SIZE_BYTES: ({ sizeBytes }) => sizeBytes,
  TIME: timeText,
};

/** Unknown values come last, whatever the direction. */
const compareValues = (a: Value, b: Value, sign: number): number => {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -sign : sign;
};

/** A group with the value it is sorted by. */
interface Placed {
  readonly group: CopyGroup;
  readonly text: string;
  readonly value: Value;
}

/** Sorts groups by their keys, so that equal data give equal answers; first by a value, if one is asked for. */
export const createSorting = (order: CopySummaryOrder | null) => {
  const placed: Placed[] = [];
  const sign = order?.direction === 'DESC' ? -1 : 1;
  return {
    add: ([text, gathered]: readonly [string, Gathered]): void => {
      const group = groupOf(gathered);
      placed.push({ group, text, value: order === null ? null : valueOf[order.field](group) });
    },
    first: (count: number | null): readonly CopyGroup[] =>
      placed
        .sort((a, b) => compareValues(a.value, b.value, sign) || (a.text < b.text ? -1 : 1))
        .slice(0, count ?? placed.length)
        .map(({ group }) => group),
  };
};
