import type { CopyOperation } from './copy-operation.js';
import type { CopyWorth } from './good-copy.js';
import type { Micros } from './micros.js';

/** One copy off site, and the time until it was or will be good. */
interface OffsiteCopy {
  readonly dataAt: Micros;
  readonly from: Micros;
  readonly until: Micros | null; // null: without end
}

/** The known past of an object. Copies deleted since then are not in it. */
export interface ObjectHistory {
  readonly add: (copy: CopyOperation, worth: CopyWorth) => void;
  readonly join: (other: ObjectHistory) => void;
  /** When its first copy started; `null` if no copy reports it. */
  readonly firstAt: () => Micros | null;
  /** The copies off site, newest data first. */
  readonly offsite: () => readonly OffsiteCopy[];
}

const earlier = (a: Micros | null, b: Micros | null): Micros | null => (a === null ? b : b === null || a < b ? a : b);

export const createObjectHistory = (): ObjectHistory => {
  const offsite: OffsiteCopy[] = [];
  let firstAt: Micros | null = null;
  return {
    add: (copy, { sound, dataAt, goodUntil }) => {
      firstAt = earlier(firstAt, copy.startedAt);
      const from = copy.endedAt ?? copy.startedAt; // a copy of unknown end counts from its start
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
 * The age of an object's newest good data off site at each of `times`, which ascend; in microseconds. `null` if it had
 * none, `undefined` before its first copy.
 */
export const lagsAt = (history: ObjectHistory, times: readonly Micros[]): readonly (number | null | undefined)[] => {
  const firstAt = history.firstAt();
  const offsite = history.offsite();
  let newest = 0; // copies with newer data than this one had not ended by then, nor by any earlier time
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
