import type { CopyOperation } from './copy-operation.js';
import type { CopyWorth } from './good-copy.js';
import type { Micros } from './micros.js';

/** One copy off site, and for how long it was or will be good. */
interface OffsiteCopy {
  readonly dataAt: Micros;
  readonly from: Micros;
  readonly until: Micros | null; // null: for good
}

/** What is known of an object's past: copies that were deleted since are not. */
export interface ObjectHistory {
  readonly add: (copy: CopyOperation, worth: CopyWorth) => void;
  readonly join: (other: ObjectHistory) => void;
  /** When its first copy started; `null` where no copy tells. */
  readonly firstAt: () => Micros | null;
  /** Newest data first. */
  readonly offsite: () => readonly OffsiteCopy[];
}

const earlier = (a: Micros | null, b: Micros | null): Micros | null => (a === null ? b : b === null || a < b ? a : b);

export const createObjectHistory = (): ObjectHistory => {
  const offsite: OffsiteCopy[] = [];
  let firstAt: Micros | null = null;
  return {
    add: (copy, { sound, dataAt, goodUntil }) => {
      firstAt = earlier(firstAt, copy.startedAt);
      const from = copy.endedAt ?? copy.startedAt; // one whose end is not told counts from its start
      if (!sound || copy.offsite !== true || dataAt === null || from === null) return;
      offsite.push({ dataAt, from, until: goodUntil });
    },
    join: (other) => {
      firstAt = earlier(firstAt, other.firstAt());
      for (const one of other.offsite()) offsite.push(one);
    },
    firstAt: () => firstAt,
    offsite: () => offsite.sort((a, b) => b.dataAt - a.dataAt),
  };
};

/**
 * How old an object's newest good data off site were at each of some times, which ascend; in microseconds. `null` where
 * it had none, `undefined` before its first copy.
 */
export const lagsAt = (history: ObjectHistory, times: readonly Micros[]): readonly (number | null | undefined)[] => {
  const firstAt = history.firstAt();
  const offsite = history.offsite();
  let newest = 0; // what is newer than this one had not ended by then, nor by any earlier time
  return times
    .toReversed()
    .map((at) => {
      if (firstAt !== null && firstAt > at) return undefined;
      while (newest < offsite.length && (offsite[newest]?.from ?? 0) > at) newest += 1;
      for (let place = newest; place < offsite.length; place += 1) {
        const one = offsite[place];
        if (one !== undefined && one.from <= at && (one.until === null || one.until > at))
          return Math.max(0, at - one.dataAt);
      }
      return null;
    })
    .toReversed();
};
