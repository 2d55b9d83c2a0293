import { setMaxListeners } from 'node:events';
import { type Micros, micros } from '../domain/micros.js';
import type { Wait } from '../domain/wait.js';
import { idleWait } from '../calling/clock.js';

/** A group, and since when everything of it is wanted. */
interface Job {
  readonly group: string;
  readonly from: Micros;
}

type ReadJob = (job: Job, signal: AbortSignal) => Promise<void>;

/** Reads that nobody waits for: so few at once that callers go first. */
export interface Background {
  /** Adds what is neither waiting nor read now; what waits reaches as far back as any who asked. */
  add(scope: string, jobs: Iterable<Job>, read: ReadJob): void;
  /** Whether any job of that scope waits or is read now. */
  isBusy(scope: string): boolean;
  close(): void;
}

interface BackgroundOptions {
  readonly atOnce: number;
  readonly wait?: Wait; // the machine's, if absent
}

const SHORTEST_MS = 1_000;
const LONGEST_MS = 60_000;

/** After a failure it pauses, twice as long each time, and goes on with the next; whoever wants what is missing asks again. */
export const createBackground = ({ atOnce, wait = idleWait }: BackgroundOptions): Background => {
  const waiting = new Map<string, { readonly job: Job; readonly read: ReadJob }>();
  const underWay = new Map<string, number>(); // since when
  const controller = new AbortController();
  const { signal } = controller;
  setMaxListeners(0, signal);
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
        // The upstream's policy has logged it, and its health tells of it.
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
