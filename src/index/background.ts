import { type Micros, micros } from '../domain/micros.js';
import type { Wait } from '../domain/wait.js';
import { createAbort } from '../calling/abort.js';
import { idleWait } from '../calling/clock.js';

/** A group, and the start of the time for which all its records are wanted. */
interface Job {
  readonly group: string;
  readonly from: Micros;
}

type ReadJob = (job: Job, signal: AbortSignal) => Promise<void>;

/** Reads in the background: so few at once that callers come first. */
export interface Background {
  /** Adds jobs that are neither waiting nor running. A waiting job reaches as far back as the furthest request. */
  add(scope: string, jobs: Iterable<Job>, read: ReadJob): void;
  /** Whether any job of that scope is waiting or running. */
  isBusy(scope: string): boolean;
  close(): void;
}

interface BackgroundOptions {
  readonly atOnce: number;
  readonly wait?: Wait; // the system's, if absent
}

const SHORTEST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * After a failure it pauses, twice as long each time, and continues with the next job. A failed job runs again only if
 * it is added again.
 */
export const createBackground = ({ atOnce, wait = idleWait }: BackgroundOptions): Background => {
  const waiting = new Map<string, { readonly job: Job; readonly read: ReadJob }>();
  const underWay = new Map<string, number>(); // the start of the time it reads
  const controller = createAbort();
  const { signal } = controller;
  let running = 0;
  let pauseMs = SHORTEST_MS;

  const work = async (): Promise<void> => {
    for (let next = waiting.entries().next(); !next.done && !signal.aborted; next = waiting.entries().next()) {
      const [key, { job, read }] = next.value;
      waiting.delete(key);
      underWay.set(key, job.from);
      try {
        await read(job, signal);
        pauseMs = SHORTEST_MS;
      } catch {
        // The upstream's policy has logged the failure, and its health shows it.
        await wait(pauseMs, signal);
        pauseMs = Math.min(LONGEST_MS, pauseMs * 2);
      } finally {
        underWay.delete(key);
      }
    }
  };

  return {
    add: (scope, jobs, read) => {
      for (const { group, from } of jobs) {
        const key = `${scope} ${group}`;
        if ((underWay.get(key) ?? Number.POSITIVE_INFINITY) <= from) continue;
        const since = Math.min(from, waiting.get(key)?.job.from ?? from);
        waiting.set(key, { job: { group, from: micros(since) }, read });
      }
      while (running < Math.min(atOnce, waiting.size) && !signal.aborted) {
        running += 1;
        void work().finally(() => (running -= 1));
      }
    },
    isBusy: (scope) => [...waiting.keys(), ...underWay.keys()].some((key) => key.startsWith(`${scope} `)),
    close: () => controller.abort(),
  };
};
