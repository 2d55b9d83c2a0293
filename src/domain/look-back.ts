import { type CopyFilter, isGiven, isOfUnfinished } from './copy-filter.js';
import type { IncompleteReason } from './incomplete-reason.js';
import { HOUR_MICROS, type Micros } from './micros.js';
import type { Window } from './window.js';

const beyond: readonly IncompleteReason[] = ['LOOK_BACK'];
const within: readonly IncompleteReason[] = [];

/**
 * The reasons if a filter reaches outside the window that is read for it: it asks for ends before that window, or for
 * unfinished copies older than the look-back. A given `startedAfter` is always read in full.
 */
export const lookBackReasons = (
  filter: CopyFilter,
  window: Window,
  now: Micros,
  lookBackHours: number,
): readonly IncompleteReason[] => {
  if (isGiven(filter.startedAfter)) return within;
  const { endedAfter, startedBefore } = filter;
  if (isGiven(endedAfter) && endedAfter < window.from) return beyond;
  const oldest = now - lookBackHours * HOUR_MICROS;
  return isOfUnfinished(filter) && isGiven(startedBefore) && startedBefore <= oldest ? beyond : within;
};

/** The reasons if a lag is longer than the look-back: it cannot be distinguished from a longer one, or from no copy at all. */
export const lagReasons = (
  offsiteLagOver: number | null | undefined, // seconds
  lookBackHours: number,
): readonly IncompleteReason[] => (isGiven(offsiteLagOver) && offsiteLagOver > lookBackHours * 3600 ? beyond : within);

/** The reasons for a stream: it reads no further back than the gateway does, whatever its filter says. */
export const streamReasons = (
  { startedAfter, startedBefore }: CopyFilter,
  now: Micros,
  lookBackHours: number,
): readonly IncompleteReason[] => {
  const oldest = now - lookBackHours * HOUR_MICROS;
  const goesPast =
    (isGiven(startedAfter) && startedAfter < oldest) || (isGiven(startedBefore) && startedBefore <= oldest);
  return goesPast ? beyond : within;
};
