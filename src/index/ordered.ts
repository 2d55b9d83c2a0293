import { hourOf } from '../domain/micros.js';
import { inTurns } from '../calling/event-loop.js';
import { type Timed, inOrder, newestFirst } from '../domain/order.js';

/** The records of one hour of start times: a sorted list, and the records added and removed since. */
interface Hour<R> {
  sorted: readonly R[];
  readonly added: Set<R>;
  readonly removed: Set<R>;
}

/** Records in the order of lists, as they were at one moment. */
export interface Snapshot<R> {
  /** Newest hour first, each hour sorted. The hours at both ends may hold records outside the window. */
  readonly hours: readonly (readonly R[])[];
  /** Records of unknown start. */
  readonly unplaced: readonly R[];
}

/** Records in the order of lists, so that a page costs by its own size and not by the number of records. */
export interface Ordered<R> {
  add(record: R): void;
  remove(record: R): void;
  /** Sorts what a snapshot of that window needs, over as many turns of the event loop as it takes. */
  prepare(from: number, to: number | null): Promise<void>;
  /** Everything that started at or after `from` and before `to`, and up to an hour more at both ends. */
  snapshot(from: number, to: number | null): Snapshot<R>;
}

const UNPLACED = Number.NEGATIVE_INFINITY;

const byTime = inOrder<Timed>(newestFirst);

/** The old array never changes, so that its readers can finish with it. */
const settle = <R extends Timed>(hour: Hour<R>): readonly R[] => {
  if (hour.added.size + hour.removed.size > 0) {
    const left = hour.removed.size === 0 ? hour.sorted : hour.sorted.filter((record) => !hour.removed.has(record));
    hour.sorted = [...left, ...hour.added].sort(byTime);
    hour.added.clear();
    hour.removed.clear();
  }
  return hour.sorted;
};

/** A snapshot of records that are in no order yet. */
export const snapshotOf = <R extends Timed>(records: readonly R[], from: number, to: number | null): Snapshot<R> => {
  const isIn = ({ startedAt }: R): boolean =>
    startedAt !== null && startedAt >= from && (to === null || startedAt < to);
  return {
    hours: [records.filter(isIn).sort(byTime)],
    unplaced: records.filter(({ startedAt }) => startedAt === null).sort(byTime),
  };
};

/** The hours of a window, newest first. */
const within = <R>(hours: ReadonlyMap<number, Hour<R>>, from: number, to: number | null): readonly Hour<R>[] => {
  const [first, last] = [hourOf(from), to === null ? Number.POSITIVE_INFINITY : hourOf(to - 1)];
  if (last - first < hours.size) {
    const few = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => hours.get(last - index));
    return few.filter((hour) => hour !== undefined);
  }
  const some = [...hours].filter(([at]) => at >= first && at <= last).sort(([a], [b]) => b - a);
  return some.map(([, hour]) => hour);
};

export const createOrdered = <R extends Timed>(): Ordered<R> => {
  const hours = new Map<number, Hour<R>>();

  const placeOf = ({ startedAt }: R): number => (startedAt === null ? UNPLACED : hourOf(startedAt));

  const hourAt = (at: number): Hour<R> => {
    const hour = hours.get(at) ?? { sorted: [], added: new Set<R>(), removed: new Set<R>() };
    hours.set(at, hour);
    return hour;
  };

  return {
    add: (record) => void hourAt(placeOf(record)).added.add(record),
    remove: (record) => {
      const at = placeOf(record);
      const hour = hourAt(at);
      if (!hour.added.delete(record)) hour.removed.add(record);
      // Nobody may ask for that hour again, which would keep its records.
      if (hour.added.size === 0 && hour.removed.size === hour.sorted.length) hours.delete(at);
    },
    prepare: (from, to) => inTurns(within(hours, from, to), settle),
    snapshot: (from, to) => {
      const unplaced = hours.get(UNPLACED);
      return {
        hours: within(hours, from, to).map(settle),
        unplaced: unplaced === undefined ? [] : settle(unplaced),
      };
    },
  };
};
