import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const LONGEST_DELAY_MS = 1000;
const FULLEST_HEAP = 0.9;
const WINDOW_MS = 1000;

/** The load of the process. */
export interface Vitals {
  /** The delay of the event loop, on average over the last second, in milliseconds. */
  delayMs(): number;
  /** The used part of the heap's limit. */
  heapUsed(): number;
}

export type Strain = 'event_loop' | 'heap';

/** The resource that the process is short of, so that more work would make everything late; `null` for none. */
export const strainOf = ({ delayMs, heapUsed }: Vitals): Strain | null => {
  if (delayMs() > LONGEST_DELAY_MS) return 'event_loop';
  return heapUsed() > FULLEST_HEAP ? 'heap' : null;
};

export interface Watch extends Vitals {
  end(): void;
}

/** Measures this process. */
export const watchVitals = (): Watch => {
  const loop = monitorEventLoopDelay({ resolution: 20 });
  loop.enable();
  let delayMs = 0;
  let before = { count: 0, sum: 0 };
  const timer = setInterval(() => {
    // By difference: a reset would lose the present delay, which is the only one if the loop hardly turns.
    const { count } = loop;
    if (count === before.count) return;
    const sum = loop.mean * count;
    delayMs = (sum - before.sum) / (count - before.count) / 1e6;
    before = { count, sum };
  }, WINDOW_MS).unref();
  return {
    delayMs: () => delayMs,
    heapUsed: () => {
      const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
      return used / limit;
    },
    end: () => {
      clearInterval(timer);
      loop.disable();
    },
  };
};
