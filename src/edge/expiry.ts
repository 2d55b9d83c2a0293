import type { Micros } from '../domain/micros.js';

/** A timer cannot run longer than 24 days, and does not notice a changed clock. */
const LONGEST_MS = 3_600_000;

/** Calls `ring` at a time, however far away; `null` never comes. Returns a function that cancels it. */
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
