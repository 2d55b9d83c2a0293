import type { Micros } from '../domain/micros.js';
import type { Read } from '../calling/call.js';

/** More than so many records are not held back to be kept: memory must not grow with the estate. */
const MOST = 20_000;

/** Gathers what the pieces of one read bring, so that it is kept when, and only if, all of it was read. */
interface Keeper<T> {
  add(records: readonly T[], read: Pick<Read<unknown>, 'observedAt' | 'unreadable' | 'reasons'>): void;
  /** To be called when the last piece is there. */
  end(): void;
}

export const createKeeper = <T>(
  keep: (records: readonly T[], observedAt: Micros) => void,
  weight: (record: T) => number = () => 1,
): Keeper<T> => {
  let gathered: T[] | null = [];
  let total = 0;
  let oldest: Micros | null = null;
  return {
    add: (records, { observedAt, unreadable, reasons = [] }) => {
      if (oldest === null || observedAt < oldest) oldest = observedAt;
      total += records.reduce((sum, record) => sum + weight(record), 0);
      // What is left out belongs to an hour that nobody knows, so no hour is whole.
      if (total > MOST || unreadable > 0 || reasons.length > 0) gathered = null;
      gathered?.push(...records);
    },
    end: () => {
      if (gathered !== null && oldest !== null) keep(gathered, oldest);
    },
  };
};
