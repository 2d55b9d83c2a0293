/** The times before which reads are repeated: for running records, and for finished ones that may still change. */
export interface Pace {
  readonly goingOnBefore: number;
  readonly overBefore: number;
  readonly ease: Ease | null;
}

/**
 * Lets the last read of a record count longer the older the record is: a copy that has run for hours changes little in
 * a minute.
 */
export interface Ease {
  readonly now: number;
  readonly most: number; // microseconds
}

const EASING = 60; // a record that is an hour old is read once a minute

const SPREAD = 0.25;

/** Up to a fourth less, by the fraction of a second of the last read: reads that began together would stay together. */
const spreadOf = (readAt: number): number => 1 - (SPREAD * (readAt % 1_000_000)) / 1_000_000;

/** How long it takes until a record is to be read again, in microseconds; at most 0 if it is already. */
export const dueIn = (readAt: number, startedAt: number | null, readBefore: number, ease: Ease | null): number => {
  const left = readAt - readBefore;
  if (ease === null || startedAt === null) return left;
  const age = ease.now - readAt;
  const paced = ((ease.now - startedAt) / EASING - age) / (1 - 1 / EASING); // the record gets older meanwhile
  return Math.max(left, Math.min(ease.most * spreadOf(readAt) - age, paced));
};
