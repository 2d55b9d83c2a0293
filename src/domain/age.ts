/** How far the clocks of two replicas may be apart, in microseconds, before one of them is wrong. */
const APART_MICROS = 2_000_000;

/**
 * The age of an observation in microseconds. `Infinity` if it lies more than two seconds ahead of `now`: either the
 * other replica's clock is ahead or ours was set back, so its age is unknown.
 */
export const ageMicros = (observedAt: number, now: number): number =>
  observedAt > now + APART_MICROS ? Number.POSITIVE_INFINITY : Math.max(0, now - observedAt);

/**
 * The time of an observation that another replica reports: never later than `now`, even if that replica's clock is
 * ahead.
 */
export const toldAt = (observedAt: number, now: number): number => Math.min(observedAt, now);
