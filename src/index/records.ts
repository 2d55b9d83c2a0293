import type { Started, Timed } from '../domain/order.js';
import { type Ordered, type Snapshot, createOrdered } from './ordered.js';

/** What the index must know of the records that a vendor lists, such as runs with their copies. */
export interface RecordKind<T> {
  groupOf(record: T): string;
  /** Tells it from the others of its group. */
  keyOf(record: T): string;
  observedAt(record: T): number;
  /** Whether anything of it still goes on. */
  isFinished(record: T): boolean;
  /** Whether nothing of it will change any more, as it was when it was read. */
  isSettled(record: T): boolean;
  /** Parts of it that could not be read. */
  unreadable(record: T): number;
  /** How many records it holds, itself included. */
  weight(record: T): number;
}

/** What lists show of each record: the copies of a run, for one. A constant, since each is kept in order. */
export interface View<T, R extends Timed> {
  of(record: T): readonly R[];
}

/** One read of everything that started at or after `from`, of one group or of all. */
interface WholeRead<T> {
  readonly group: string | null;
  readonly from: number;
  readonly readAt: number;
  readonly records: readonly T[];
  readonly isWhole: boolean; // what it does not show is gone
}

/** What was read before is to be read again: of what goes on, and of what is over but may have a late change. */
export interface Pace {
  readonly goingOnBefore: number;
  readonly overBefore: number;
}

/** The records themselves. */
interface Records<T> {
  take(read: WholeRead<T>): void;
  /** The groups of those that may still change, started at or after a time, and are to be read again: their oldest start. */
  moving(since: number, pace: Pace): ReadonlyMap<string, number>;
  find(group: string, key: string): T | null;
  /** How many started at or after a time, as far as that need be known. */
  count(since: number, most: number): number;
  unreadable(since: number): number;
  snapshot<R extends Timed>(view: View<T, R>, from: number, to: number | null): Snapshot<R>;
  /** All that started at or after a time, in no order. */
  since(from: number): Generator<T, void, void>;
  newestStart(): number | null;
  weight(): number;
  /** Drops the oldest, settled ones alone, until no more than so much is left; returns before when all of them are gone. */
  shrink(weight: number): number;
}

const startOf = ({ startedAt }: Started): number => startedAt ?? Number.POSITIVE_INFINITY;

export const createRecords = <T extends Started>(kind: RecordKind<T>): Records<T> => {
  const groups = new Map<string, Map<string, T>>();
  const open = new Set<T>(); // may still change
  const flawed = new Set<T>();
  const views = new Map<View<T, Timed>, Ordered<Timed>>();
  let weight = 0;
  let newest: number | null = null;

  const drop = (group: Map<string, T>, key: string, record: T): void => {
    group.delete(key);
    open.delete(record);
    flawed.delete(record);
    weight -= kind.weight(record);
    for (const [view, ordered] of views) view.of(record).forEach(ordered.remove);
  };

  const put = (record: T): void => {
    const [name, key] = [kind.groupOf(record), kind.keyOf(record)];
    const group = groups.get(name) ?? new Map<string, T>();
    groups.set(name, group);
    const before = group.get(key);
    if (before === record || (before !== undefined && kind.observedAt(before) > kind.observedAt(record))) return;
    if (before !== undefined) drop(group, key, before);
    group.set(key, record);
    // Where nobody tells when it began, nobody can tell that it is over for good.
    if (record.startedAt === null || !kind.isSettled(record)) open.add(record);
    if (kind.unreadable(record) > 0) flawed.add(record);
    weight += kind.weight(record);
    newest = record.startedAt === null ? newest : Math.max(newest ?? 0, record.startedAt);
    for (const [view, ordered] of views) view.of(record).forEach(ordered.add);
  };

  function* all(): Generator<T, void, void> {
    for (const group of groups.values()) yield* group.values();
  }

  const orderedFor = (view: View<T, Timed>): Ordered<Timed> => {
    const known = views.get(view);
    if (known !== undefined) return known;
    const ordered = createOrdered<Timed>();
    for (const record of all()) view.of(record).forEach(ordered.add);
    views.set(view, ordered);
    return ordered;
  };

  /** What a whole read does not show is gone. */
  const removeMissing = ({ group, from, readAt, records }: WholeRead<T>): void => {
    const shown = new Set(records.map((record) => `${kind.groupOf(record)} ${kind.keyOf(record)}`));
    for (const [name, members] of group === null
      ? groups
      : [[group, groups.get(group) ?? new Map<string, T>()] as const])
      for (const [key, record] of members)
        if (startOf(record) >= from && kind.observedAt(record) < readAt && !shown.has(`${name} ${key}`))
          drop(members, key, record);
  };

  return {
    take: (read) => {
      read.records.forEach(put);
      if (read.isWhole) removeMissing(read);
    },
    moving: (since, { goingOnBefore, overBefore }) => {
      const oldest = new Map<string, number>();
      for (const record of open) {
        const readBefore = kind.isFinished(record) ? overBefore : goingOnBefore;
        if (startOf(record) < since || kind.observedAt(record) > readBefore) continue;
        const group = kind.groupOf(record);
        // One whose start is not told may be anywhere.
        oldest.set(group, Math.min(oldest.get(group) ?? Number.POSITIVE_INFINITY, record.startedAt ?? since));
      }
      return oldest;
    },
    find: (group, key) => groups.get(group)?.get(key) ?? null,
    count: (since, most) => {
      let count = 0;
      for (const record of all()) {
        if (startOf(record) >= since) count += 1;
        if (count >= most) break;
      }
      return count;
    },
    unreadable: (since) => {
      let sum = 0;
      for (const record of flawed) if (startOf(record) >= since) sum += kind.unreadable(record);
      return sum;
    },
    // What a view holds are its own records.
    snapshot: <R extends Timed>(view: View<T, R>, from: number, to: number | null) =>
      orderedFor(view).snapshot(from, to) as Snapshot<R>,
    since: function* (from) {
      for (const record of all()) if (startOf(record) >= from) yield record;
    },
    newestStart: () => newest,
    weight: () => weight,
    shrink: (most) => {
      let before = Number.NEGATIVE_INFINITY;
      const settled = [...groups].flatMap(([name, group]) =>
        [...group].filter(([, record]) => !open.has(record)).map(([key, record]) => ({ name, key, record })),
      );
      settled.sort((a, b) => startOf(a.record) - startOf(b.record));
      for (const { name, key, record } of settled) {
        if (weight <= most) break;
        const group = groups.get(name);
        if (group !== undefined) drop(group, key, record);
        before = startOf(record) + 1;
      }
      return before;
    },
  };
};
