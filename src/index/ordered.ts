import { HOUR_MICROS } from '../domain/micros.js';
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
  /** Everything that started at or after `from` and before `to`, and up to an hour more at both ends. */
  snapshot(from: number, to: number | null): Snapshot<R>;
}

const hourOf = (at: number): number => Math.floor(at / HOUR_MICROS);

const UNPLACED = Number.NEGATIVE_INFINITY;

const byTime = inOrder<Timed>(newestFirst);

export const createOrdered = <R extends Timed>(): Ordered<R> => {
  const hours = new Map<number, Hour<R>>();

  const hourFor = ({ startedAt }: R): Hour<R> => {
    const at = startedAt === null ? UNPLACED : hourOf(startedAt);
    const hour = hours.get(at) ?? { sorted: [], added: new Set<R>(), removed: new Set<R>() };
    hours.set(at, hour);
    return hour;
  };

  /** The old array never changes, so that its readers can finish with it. */
  const settle = (hour: Hour<R>): readonly R[] => {
    if (hour.added.size + hour.removed.size > 0) {
      const left = hour.removed.size === 0 ? hour.sorted : hour.sorted.filter((record) => !hour.removed.has(record));
      hour.sorted = [...left, ...hour.added].sort(byTime);
      hour.added.clear();
      hour.removed.clear();
    }
    return hour.sorted;
  };

  return {
    add: (record) => void hourFor(record).added.add(record),
    remove: (record) => {
      const hour = hourFor(record);
      if (!hour.added.delete(record)) hour.removed.add(record);
    },
    snapshot: (from, to) => {
      const [first, last] = [hourOf(from), to === null ? Number.POSITIVE_INFINITY : hourOf(to - 1)];
      const within = [...hours].filter(([at]) => at >= first && at <= last).sort(([a], [b]) => b - a);
      const unplaced = hours.get(UNPLACED);
      return {
        hours: within.map(([, hour]) => settle(hour)),
        unplaced: unplaced === undefined ? [] : settle(unplaced),
      };
    },
  };
};
