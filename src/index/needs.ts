import type { Micros } from '../domain/micros.js';

/** How far back an index was asked about lately: that is the last it gives up. */
interface Needs {
  note(since: number): void;
  /** The earliest time asked about in the last ten to twenty minutes; `Infinity` if nobody asked. */
  since(): number;
}

const COUNTS_MICROS = 600_000_000;

export const createNeeds = (now: () => Micros): Needs => {
  let [current, previous, begunAt] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, now()];
  const turn = (): void => {
    const age = now() - begunAt;
    if (age < COUNTS_MICROS) return;
    previous = age < 2 * COUNTS_MICROS ? current : Number.POSITIVE_INFINITY;
    [current, begunAt] = [Number.POSITIVE_INFINITY, now()];
  };
  return {
    note: (since) => {
      turn();
      current = Math.min(current, since);
    },
    since: () => {
      turn();
      return Math.min(current, previous);
    },
  };
};
