import { HOUR_MICROS, hourOf } from '../domain/micros.js';
import type { Started, Timed } from '../domain/order.js';
import { createOpenRecords } from './open-records.js';
import { type Ordered, type Snapshot, snapshotOf } from './ordered.js';
import { type View, createOrders } from './orders.js';
import { type Pace, dueIn } from './pace.js';
import type { Span } from './span.js';

/** The functions an index needs to know a vendor's records, such as runs with their copies. */
export interface RecordKind<T> {
  groupOf(record: T): string;
  /** Its key within its group. */
  keyOf(record: T): string;
  observedAt(record: T): number;
  /** Whether no part of it is still running. */
  isFinished(record: T): boolean;
  /** Whether nothing in it will change any more, as of its read. */
  isSettled(record: T): boolean;
  /** The number of its parts that could not be read. */
  unreadable(record: T): number;
  /** The number of records in it, including itself. */
  weight(record: T): number;
}

/** The part of a view that a list asks for. */
export interface Shown {
  readonly from: number;
  readonly to: number | null;
  /** The groups, or all. If they have many records, those of other groups are included. */
  readonly groups: readonly string[] | null;
  readonly openOnly: boolean; // only records that may still change
}

/** One read of everything that started at or after `from`, of one group or of all. */
interface WholeRead<T> {
  readonly group: string | null;
  readonly from: number;
  readonly readAt: number;
  readonly records: readonly T[];
  readonly isWhole: boolean; // whether records it does not return no longer exist
}

/** The stored records of an index. */
interface Records<T> {
  take(read: WholeRead<T>): void;
  /** Removes a record that no longer exists. */
  discard(record: T): void;
  /** The records that may still change: all of them, or those that started in a span. */
  unsettled(span?: Span): readonly T[];
  /**
   * The groups, of these or of all, that have records to be read again: started at or after `since`, and may still
   * change. With each, the oldest such start.
   */
  moving(since: number, pace: Pace, only: readonly string[] | null): ReadonlyMap<string, number>;
  /** How long it takes until one more of those records is to be read again, in microseconds; `Infinity` if none is. */
  movesIn(since: number, pace: Pace, only: readonly string[] | null): number;
  find(group: string, key: string): T | null;
  /** The number of records that started at or after a time; counting stops at `most`. */
  count(since: number, most: number): number;
  unreadable(since: number): number;
  snapshot<R extends Timed>(view: View<T, R>, shown: Shown): Snapshot<R>;
  /** Does most of the work of that snapshot, over as many turns of the event loop as it takes. */
  prepare(view: View<T, Timed>, shown: Shown): Promise<void>;
  /** All records that started at or after a time, unordered. */
  since(from: number): Generator<T, void, void>;
  newestStart(): number | null;
  weight(): number;
  /**
   * Drops the oldest settled records, by whole hours, until the weight is at most this. Keeps those that started at or
   * after `keepSince`. Returns a time: all settled records that started before it are gone.
   */
  shrink(weight: number, keepSince: number): number;
}

const startOf = ({ startedAt }: Started): number => startedAt ?? Number.POSITIVE_INFINITY;

const FEW = 500; // sorting this many records costs less than searching those of all groups

function* membersOf<T>(groups: ReadonlyMap<string, ReadonlyMap<string, T>>): Generator<T, void, void> {
  for (const group of groups.values()) yield* group.values();
}

function* startedSince<T extends Started>(records: Iterable<T>, from: number): Generator<T, void, void> {
  for (const record of records) if (startOf(record) >= from) yield record;
}

export const createRecords = <T extends Started>(kind: RecordKind<T>): Records<T> => {
  const groups = new Map<string, Map<string, T>>();
  const open = createOpenRecords<T>();
  const flawed = new Set<T>();
  const orders = createOrders(() => membersOf(groups));
  const openOrders = createOrders(() => open.list());
  const settledWeights = new Map<number, number>(); // by the hour of the start
  let weight = 0;
  let newest: number | null = null;

  const isOpen = (record: T): boolean => open.has(kind.groupOf(record), record);

  const dueOf = (record: T, { goingOnBefore, overBefore, ease }: Pace): number =>
    dueIn(kind.observedAt(record), record.startedAt, kind.isFinished(record) ? overBefore : goingOnBefore, ease);

  const addSettled = (record: T, sign: 1 | -1): void => {
    const hour = hourOf(startOf(record));
    const held = (settledWeights.get(hour) ?? 0) + sign * kind.weight(record);
    if (held === 0) settledWeights.delete(hour);
    else settledWeights.set(hour, held);
  };

  const drop = (group: Map<string, T>, key: string, record: T): void => {
    group.delete(key);
    if (isOpen(record)) openOrders.remove(record);
    else addSettled(record, -1);
    open.remove(kind.groupOf(record), record);
    flawed.delete(record);
    weight -= kind.weight(record);
    orders.remove(record);
  };

  const put = (record: T): void => {
    const [name, key] = [kind.groupOf(record), kind.keyOf(record)];
    const group = groups.get(name) ?? new Map<string, T>();
    groups.set(name, group);
    const before = group.get(key);
    if (before === record || (before !== undefined && kind.observedAt(before) > kind.observedAt(record))) return;
    if (before !== undefined) drop(group, key, before);
    group.set(key, record);
    // A record of unknown start is never known to be settled.
    if (record.startedAt === null || !kind.isSettled(record)) {
      open.add(name, record);
      openOrders.add(record);
    } else addSettled(record, 1);
    if (kind.unreadable(record) > 0) flawed.add(record);
    weight += kind.weight(record);
    newest = record.startedAt === null ? newest : Math.max(newest ?? 0, record.startedAt);
    orders.add(record);
  };

  /** Whether records are asked for that are worth an order that is kept: those of all groups, or many. */
  const isOrdered = ({ groups: only, openOnly }: Shown): boolean =>
    openOnly || only === null || only.reduce((sum, group) => sum + (groups.get(group)?.size ?? 0), 0) > FEW;

  const viewed = (view: View<T, Timed>, { groups: only }: Shown): readonly Timed[] =>
    (only ?? []).flatMap((group) => [...(groups.get(group)?.values() ?? [])].flatMap(view.of));

  const orderFor = (view: View<T, Timed>, { openOnly }: Shown): Ordered<Timed> =>
    (openOnly ? openOrders : orders).of(view);

  /** Drops the records that a complete read no longer returned. */
  const removeMissing = ({ group, from, readAt, records }: WholeRead<T>): void => {
    const shown = new Set(records.map((record) => `${kind.groupOf(record)} ${kind.keyOf(record)}`));
    for (const [name, members] of group === null
      ? groups
      : [[group, groups.get(group) ?? new Map<string, T>()] as const])
      for (const [key, record] of members)
        if (startOf(record) >= from && kind.observedAt(record) < readAt && !shown.has(`${name} ${key}`))
          drop(members, key, record);
  };

  /** The end of an hour: if all settled records before it go, the weight is at most `most`. */
  const cutFor = (most: number): number => {
    let [left, cut] = [weight, Number.NEGATIVE_INFINITY];
    for (const [hour, held] of [...settledWeights].sort(([a], [b]) => a - b)) {
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
    unsettled: open.list,
    moving: (since, pace, only) => {
      const oldest = new Map<string, number>();
      for (const group of only ?? open.groups()) {
        for (const record of open.of(group)) {
          if (startOf(record) < since || dueOf(record, pace) > 0) continue;
          // A record of unknown start may be anywhere.
          oldest.set(group, Math.min(oldest.get(group) ?? Number.POSITIVE_INFINITY, record.startedAt ?? since));
        }
      }
      return oldest;
    },
    movesIn: (since, pace, only) => {
      let first = Number.POSITIVE_INFINITY;
      for (const group of only ?? open.groups()) {
        for (const record of open.of(group)) {
          const left = startOf(record) < since ? 0 : dueOf(record, pace);
          if (left > 0) first = Math.min(first, left);
        }
      }
      return first;
    },
    find: (group, key) => groups.get(group)?.get(key) ?? null,
    count: (since, most) => {
      let count = 0;
      for (const record of membersOf(groups)) {
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
    prepare: async (view, shown) => {
      if (isOrdered(shown)) await orderFor(view, shown).prepare(shown.from, shown.to);
    },
    snapshot: <R extends Timed>(view: View<T, R>, shown: Shown) => {
      const { from, to } = shown;
      const snapshot = isOrdered(shown)
        ? orderFor(view, shown).snapshot(from, to)
        : snapshotOf(viewed(view, shown), from, to);
      return snapshot as Snapshot<R>; // a view has only its own records
    },
    since: (from) => startedSince(membersOf(groups), from),
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
