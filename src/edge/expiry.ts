import type { Micros } from '../domain/micros.js';

/** A timer takes no more than 24 days, and does not know of a clock that is set. */
const LONGEST_MS = 3_600_000;

/** Calls back when a time has come, however far off it is; `null` never comes. What it returns calls it off. */
export const whenPast = (at: Micros | null, ring: () => void): (() => void) => {
  if (at === null) return () => undefined;
  let timer: NodeJS.Timeout;
  const wind = (): void => {
    const left = at / 1000 - Date.now();
    timer = setTimeout(left <= LONGEST_MS ? ring : wind, Math.min(Math.max(0, left), LONGEST_MS));
  };
  wind();
  return () => clearTimeout(timer);
};
