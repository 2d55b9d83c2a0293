import { type CopyFilter, isGiven, isOfUnfinished } from './copy-filter.js';
import type { IncompleteReason } from './incomplete-reason.js';
import { HOUR_MICROS, type Micros } from './micros.js';
import type { Window } from './window.js';

const beyond: readonly IncompleteReason[] = ['LOOK_BACK'];
const within: readonly IncompleteReason[] = [];

/**
 * Whether a filter's own bounds go past the window that is read for it: it asks for ends before that window, or for
 * what is unfinished and older than the gateway looks back. Who gives `startedAfter` is read as far as that says.
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

/** A lag longer than the gateway looks back cannot be told from a longer one, or from a copy that was never made. */
export const lagReasons = (
  offsiteLagOver: number | null | undefined, // seconds
  lookBackHours: number,
): readonly IncompleteReason[] => (isGiven(offsiteLagOver) && offsiteLagOver > lookBackHours * 3600 ? beyond : within);

/** A stream looks no further back than the gateway does, whatever its filter's bounds. */
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
