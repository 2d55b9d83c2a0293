import type { ActivityState } from './activity.js';
import type { CopyOperation } from './copy-operation.js';
import type { CopyTargetKind } from './copy-target.js';
import type { FailureCategory } from './failure-category.js';
import { dayOf } from './micros.js';

export const groupings = ['STATE', 'UPSTREAM', 'TARGET_KIND', 'DAY', 'FAILURE_CATEGORY'] as const;
export type GroupBy = (typeof groupings)[number];

/** How many copies, and their bytes; `null` bytes where not one of them tells. */
export interface CopySum {
  readonly count: number;
  readonly sizeBytes: bigint | null;
  readonly transferredBytes: bigint | null;
}

/** A sum of the copies that are alike in what was grouped by; the other members are `null`. */
export interface CopyGroup extends CopySum {
  readonly state: ActivityState | null;
  readonly upstream: string | null;
  readonly targetKind: CopyTargetKind | null;
  readonly day: string | null;
  readonly failureCategory: FailureCategory | null;
}

/** The key of what is not grouped. */
export const noKey = { state: null, upstream: null, targetKind: null, day: null, failureCategory: null } as const;

const nothing: CopySum = { count: 0, sizeBytes: null, transferredBytes: null };

const plus = (a: bigint | null, b: bigint | null): bigint | null => (a === null ? b : b === null ? a : a + b);

const plusSum = <S extends CopySum>(sum: S, { count, sizeBytes, transferredBytes }: CopySum): S => ({
  ...sum,
  count: sum.count + count,
  sizeBytes: plus(sum.sizeBytes, sizeBytes),
  transferredBytes: plus(sum.transferredBytes, transferredBytes),
});

const withCopy = <S extends CopySum>(sum: S, { sizeBytes, transferredBytes }: CopyOperation): S =>
  plusSum(sum, { count: 1, sizeBytes, transferredBytes });

/** What a copy is grouped under. */
const keyOf = (copy: CopyOperation, groupBy: ReadonlySet<GroupBy>): CopyGroup => ({
  ...nothing,
  state: groupBy.has('STATE') ? copy.state : null,
  upstream: groupBy.has('UPSTREAM') ? copy.upstream : null,
  targetKind: groupBy.has('TARGET_KIND') ? (copy.target?.kind ?? 'UNKNOWN') : null,
  day: groupBy.has('DAY') && copy.startedAt !== null ? dayOf(copy.startedAt) : null,
  failureCategory: groupBy.has('FAILURE_CATEGORY') ? copy.failureCategory : null,
});

const textOf = ({ day, upstream, state, targetKind, failureCategory }: CopyGroup): string =>
  [day, upstream, state, targetKind, failureCategory].map((part) => part ?? '').join(' ');

/** Adds copies up one by one, in no particular order; memory grows with the groups and not with the copies. */
export const createCopySum = (groupBy: readonly GroupBy[]) => {
  const by = new Set(groupBy);
  const groups = new Map<string, CopyGroup>();
  let total: CopySum = nothing;
  return {
    add: (copy: CopyOperation): void => {
      total = withCopy(total, copy);
      if (by.size === 0) return;
      const key = keyOf(copy, by);
      const text = textOf(key);
      groups.set(text, withCopy(groups.get(text) ?? key, copy));
    },
    /** Adds what another sum of the same grouping has come to. */
    join: (other: { readonly total: CopySum; readonly groups: readonly CopyGroup[] }): void => {
      total = plusSum(total, other.total);
      for (const group of other.groups) {
        const text = textOf(group);
        const known = groups.get(text);
        groups.set(text, known === undefined ? group : plusSum(known, group));
      }
    },
    /** The groups sorted by day, upstream, state, kind and category, so that equal estates give equal answers. */
    result: (): { readonly total: CopySum; readonly groups: readonly CopyGroup[] } => ({
      total,
      groups: [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group),
    }),
  };
};
