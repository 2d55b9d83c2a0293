import type { IncompleteReason } from '../domain/incomplete-reason.js';
import { type Micros, micros } from '../domain/micros.js';
import type { Coverage, Freshness, Reach } from './coverage.js';

/** A question to the index: everything since a time, of all groups or of some. */
export interface Wanted {
  readonly since: number;
  readonly groups: readonly string[] | null;
  readonly fresh: Freshness;
}

/** The reads behind an answer from the index. */
export interface Basis {
  readonly observedAt: Micros | null; // the time of the oldest read
  readonly unreadable: number;
  readonly reasons: readonly IncompleteReason[];
  readonly isKnown: boolean; // whether everything since the time asked for is known
}

/** The reads of all groups together, or those of each group. */
const reachesOf = (coverage: Coverage, { since, groups, fresh }: Wanted): readonly Reach[] => {
  const ofAll = coverage.reach(null, since, fresh);
  if (groups === null && ofAll.from <= since) return [ofAll];
  return [...(groups ?? coverage.groups() ?? [])].map((group) => coverage.reach(group, since, fresh));
};

/** The first of the times; `Infinity` if there is none. */
export const earliest = (times: Iterable<number>): number => Math.min(Number.POSITIVE_INFINITY, ...times);

/** The records behind an answer: the number of unreadable parts, and whether any should have been read again. */
interface Behind {
  readonly unreadable: number;
  readonly isOld: boolean;
}

export const basisOf = (coverage: Coverage, wanted: Wanted, { unreadable, isOld }: Behind): Basis => {
  const reaches = reachesOf(coverage, wanted);
  const used = [...new Set(reaches.flatMap((reach) => reach.used))];
  const isListed = (wanted.groups ?? coverage.groups()) !== null;
  const isKnown = (isListed || reaches.length > 0) && reaches.every(({ from }) => from <= wanted.since);
  return {
    observedAt: used.length === 0 ? null : micros(earliest(used.map(({ readAt }) => readAt))),
    unreadable: Math.max(0, ...used.map((stretch) => stretch.unreadable)) + unreadable,
    reasons: [
      ...new Set(used.flatMap(({ reasons }) => reasons)),
      ...(isKnown && !isOld ? [] : (['NOT_READ_YET'] as const)),
    ],
    isKnown,
  };
};

/** How long those reads stay valid, in microseconds: lists until their newest one is too old. */
export const standsFor = (coverage: Coverage, { since, groups, fresh }: Wanted): number => {
  // The answer may also come from reads that left something out.
  const accepted: Freshness = { ...fresh, flawedSince: Number.NEGATIVE_INFINITY };
  return earliest(
    reachesOf(coverage, { since, groups, fresh: accepted }).flatMap(({ used }) => [
      ...used.slice(0, 1).map(({ readAt }) => readAt - fresh.movingSince),
      ...used.map(({ readAt }) => readAt - fresh.settledSince),
    ]),
  );
};
