import type { Micros } from './micros.js';

/** The sort position of a record: plain values, so that a cursor can carry it. */
export type Position = readonly (string | number | null)[];

/** One way to sort a list: total, so that a position splits any estate in two. */
export interface Order<T> {
  readonly name: string;
  positionOf(record: T): Position;
  /** Negative where `a` comes first. */
  compare(a: Position, b: Position): number;
  isPosition(value: readonly unknown[]): value is Position;
}

/** A record with a start, which is null if the vendor does not report it. */
export interface Started {
  readonly startedAt: Micros | null;
}

/** A record of a list that is sorted by time. */
export interface Timed extends Started {
  readonly id: string;
}

/** A comparison for `sort` by an order. */
export const inOrder =
  <T>(order: Order<T>) =>
  (a: T, b: T): number =>
    order.compare(order.positionOf(a), order.positionOf(b));

export const compareText = (a: unknown, b: unknown): number => {
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** Newest `startedAt` first, equal times by `id` ascending, unknown times last. */
export const newestFirst: Order<Timed> = {
  name: 'time',
  positionOf: ({ startedAt, id }) => [startedAt, id],
  compare: ([a = null, idA], [b = null, idB]) => {
    if (a === b) return compareText(idA, idB);
    if (a === null) return 1;
    if (b === null) return -1;
    return Number(b) - Number(a);
  },
  isPosition: (value): value is Position =>
    value.length === 2 && (value[0] === null || Number.isInteger(value[0])) && typeof value[1] === 'string',
};

/** By name, equal names by `id`. */
export const byName: Order<{ readonly name: string; readonly id: string }> = {
  name: 'name',
  positionOf: ({ name, id }) => [name, id],
  compare: ([a, idA], [b, idB]) => compareText(a, b) || compareText(idA, idB),
  isPosition: (value): value is Position => value.length === 2 && value.every((part) => typeof part === 'string'),
};

class Listed<T> implements Order<T> {
  readonly name = 'listed';
  private places: ReadonlyMap<T, number> | null = null; // built for the first cursor, because most pages have none

  constructor(private readonly records: readonly T[]) {}

  positionOf(record: T): Position {
    this.places ??= new Map(this.records.map((one, place) => [one, place]));
    return [this.places.get(record) ?? 0];
  }

  compare([a]: Position, [b]: Position): number {
    return Number(a) - Number(b);
  }

  isPosition(value: readonly unknown[]): value is Position {
    return value.length === 1 && Number.isSafeInteger(value[0]);
  }
}

/**
 * The vendor's own order, for lists that come whole inside another record. A class, because a query may have hundreds
 * of such lists.
 */
export const asListed = <T>(records: readonly T[]): Order<T> => new Listed(records);
