/** How far the clocks of two replicas may be apart, in microseconds, before one of them is wrong. */
const APART_MICROS = 2_000_000;

/**
 * How old something is that was observed then, in microseconds. `Infinity` for what was observed more than two seconds
 * from now: a replica's clock is ahead, or ours was set back, and nobody can tell how old it is.
 */
export const ageMicros = (observedAt: number, now: number): number =>
  observedAt > now + APART_MICROS ? Number.POSITIVE_INFINITY : Math.max(0, now - observedAt);

/** When something was observed that we have just been told: never later than now, whatever the clock of who told us. */
export const toldAt = (observedAt: number, now: number): number => Math.min(observedAt, now);
