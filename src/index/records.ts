import { HOUR_MICROS } from '../domain/micros.js';
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
  readonly ease: Ease | null;
}

/** The older a record is, the longer its last read counts: a copy that has run for hours changes little in a minute. */
export interface Ease {
  readonly now: number;
  readonly most: number; // microseconds
}

/** The records themselves. */
interface Records<T> {
  take(read: WholeRead<T>): void;
  /** Takes one out that is gone. */
  discard(record: T): void;
  /** Those that may still change. */
  unsettled(): Iterable<T>;
  /**
   * Of these groups, or of all, those with records that may still change, started at or after a time, and are to be read
   * again: their oldest start.
   */
  moving(since: number, pace: Pace, only: readonly string[] | null): ReadonlyMap<string, number>;
  find(group: string, key: string): T | null;
  /** How many started at or after a time, as far as that need be known. */
  count(since: number, most: number): number;
  unreadable(since: number): number;
  /** Of these groups, or of all; where the groups hold much, others' records are among them. */
  snapshot<R extends Timed>(
    view: View<T, R>,
    from: number,
    to: number | null,
    only: readonly string[] | null,
  ): Snapshot<R>;
  /** All that started at or after a time, in no order. */
  since(from: number): Generator<T, void, void>;
  newestStart(): number | null;
  weight(): number;
  /**
   * Drops the oldest, settled ones alone and by whole hours, until no more than so much is left; keeps all that started
   * at or after a time. Returns before when all settled ones are gone.
   */
  shrink(weight: number, keepSince: number): number;
}

const startOf = ({ startedAt }: Started): number => startedAt ?? Number.POSITIVE_INFINITY;

const FEW = 500; // records that are sorted for one list, which costs less than to look through those of all groups

const EASING = 60; // a record of an hour is read once a minute

/** Whether a record that was read at this time is to be read again. */
const isDue = (readAt: number, startedAt: number | null, readBefore: number, ease: Ease | null): boolean => {
  if (readAt > readBefore) return false;
  if (ease === null || startedAt === null) return true;
  return ease.now - readAt >= Math.min(ease.most, (ease.now - startedAt) / EASING);
};

export const createRecords = <T extends Started>(kind: RecordKind<T>): Records<T> => {
  const groups = new Map<string, Map<string, T>>();
  const open = new Map<string, Set<T>>(); // may still change, by group
  const flawed = new Set<T>();
  const views = new Map<View<T, Timed>, Ordered<Timed>>();
  let weight = 0;
  let newest: number | null = null;

  const isOpen = (record: T): boolean => open.get(kind.groupOf(record))?.has(record) === true;

  const drop = (group: Map<string, T>, key: string, record: T): void => {
    group.delete(key);
    open.get(kind.groupOf(record))?.delete(record);
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
    if (record.startedAt === null || !kind.isSettled(record)) open.set(name, (open.get(name) ?? new Set()).add(record));
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

  /** The end of the hour before which all settled records must go, so that no more than so much is left. */
  const cutFor = (most: number): number => {
    const hours = new Map<number, number>();
    for (const record of all()) {
      if (isOpen(record)) continue;
      const hour = Math.floor(startOf(record) / HOUR_MICROS);
      hours.set(hour, (hours.get(hour) ?? 0) + kind.weight(record));
    }
    let [left, cut] = [weight, Number.NEGATIVE_INFINITY];
    for (const [hour, held] of [...hours].sort(([a], [b]) => a - b)) {
      if (left <= most) break;
      left -= held;
      cut = (hour + 1) * HOUR_MICROS;
    }
    return cut;
  };

  return {
    take: (read) => {
      read.records.forEach(put);
      if (read.isWhole) removeMissing(read);
    },
    discard: (record) => {
      const [group, key] = [groups.get(kind.groupOf(record)), kind.keyOf(record)];
      const held = group?.get(key);
      if (group !== undefined && held !== undefined) drop(group, key, held);
    },
    unsettled: () => [...open.values()].flatMap((some) => [...some]),
    moving: (since, { goingOnBefore, overBefore, ease }, only) => {
      const oldest = new Map<string, number>();
      for (const group of only ?? open.keys()) {
        for (const record of open.get(group) ?? []) {
          const readBefore = kind.isFinished(record) ? overBefore : goingOnBefore;
          if (startOf(record) < since || !isDue(kind.observedAt(record), record.startedAt, readBefore, ease)) continue;
          // One whose start is not told may be anywhere.
          oldest.set(group, Math.min(oldest.get(group) ?? Number.POSITIVE_INFINITY, record.startedAt ?? since));
        }
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
    snapshot: <R extends Timed>(view: View<T, R>, from: number, to: number | null, only: readonly string[] | null) => {
      const asked = only?.map((group) => groups.get(group));
      const count = asked?.reduce((sum, group) => sum + (group?.size ?? 0), 0) ?? Number.POSITIVE_INFINITY;
      const ordered = asked === undefined || count > FEW ? orderedFor(view) : createOrdered<Timed>();
      if (count <= FEW)
        for (const group of asked ?? [])
          for (const record of group?.values() ?? []) view.of(record).forEach(ordered.add);
      return ordered.snapshot(from, to) as Snapshot<R>;
    },
    since: function* (from) {
      for (const record of all()) if (startOf(record) >= from) yield record;
    },
    newestStart: () => newest,
    weight: () => weight,
    shrink: (most, keepSince) => {
      const before = Math.min(cutFor(most), keepSince);
      for (const group of groups.values())
        for (const [key, record] of group) if (startOf(record) < before && !isOpen(record)) drop(group, key, record);
      return before;
    },
  };
};
