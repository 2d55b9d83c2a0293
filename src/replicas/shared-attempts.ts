import type { FailoverAttempt, SharedAttempts, Standing } from '../domain/failover-attempt.js';
import { newestOf } from '../domain/failover-attempt.js';
import type { Wait } from '../domain/wait.js';
import { createAttemptRecords } from './attempt-records.js';
import type { RedisConnection } from './redis.js';

/** So many records are written back by one command. */
const BATCH = 200;
const LONGEST_PAUSE_MS = 5_000;
const SHORTEST_PAUSE_MS = 20;

/** What this replica knows of one upstream's epoch. */
interface Known {
  readonly id: string;
  readonly sinceMs: number; // when it was first seen, by a clock that nobody sets
  restored: boolean;
  version: string;
  /** All attempts as Redis last told them: were they lost, any replica can write them back. */
  mirror: readonly FailoverAttempt[];
}

export interface SharedAttemptsOptions {
  readonly redis: RedisConnection;
  /** Whose attempts are kept, now; each is looked at in the background. */
  readonly upstreams: () => readonly string[];
  /** How long a new epoch waits: longer than the longest press, and than a replica takes to find Redis again. */
  readonly waitMs: () => number;
  /** All that this process and its audit file remember. */
  readonly remembered: (upstream: string) => Promise<readonly FailoverAttempt[]>;
  readonly onChange: (upstream: string, standing: Standing['kind']) => void;
  /** Between two looks; it shall not keep the process from ending. */
  readonly wait: Wait;
}

/** Between two looks: several within the wait. */
const pauseFor = (waitMs: number): number =>
  waitMs === 0 ? LONGEST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, waitMs / 12));

const newestOfEach = (attempts: readonly FailoverAttempt[]): readonly FailoverAttempt[] => {
  const newest = new Map<string, FailoverAttempt>();
  for (const one of attempts) newest.set(one.key, newestOf([newest.get(one.key) ?? null, one]) ?? one);
  return [...newest.values()];
};

/**
 * The attempts of all replicas, and whether Redis can be trusted to know them all. A Redis that is empty or was started
 * anew is a lost one: each replica writes back what it remembers, within a few seconds, and only when the wait is over
 * may anything be sent. So a press that was under way has ended, and is known.
 */
export const createSharedAttempts = ({
  redis,
  upstreams,
  waitMs,
  remembered,
  onChange,
  wait,
}: SharedAttemptsOptions): SharedAttempts & { close(): void } => {
  const records = createAttemptRecords(redis);
  const known = new Map<string, Known>();

  const restore = async (upstream: string, state: Known): Promise<void> => {
    const attempts = newestOfEach([...(await remembered(upstream)), ...state.mirror]);
    for (let index = 0; index < attempts.length; index += BATCH) {
      const whole = await records.restore(upstream, state.id, attempts.slice(index, index + BATCH));
      if (!whole) throw new Error('Redis was lost again while it was told what this replica remembers.');
    }
    state.restored = true;
  };

  const standing = async (upstream: string): Promise<Standing> => {
    const { id, open, version } = await records.epoch(upstream);
    const before = known.get(upstream);
    const isNew = before?.id !== id;
    const state = isNew
      ? { id, sinceMs: performance.now(), restored: false, version: '', mirror: before?.mirror ?? [] }
      : before;
    if (isNew) {
      known.set(upstream, state);
      if (!open && waitMs() > 0) onChange(upstream, 'lost');
    }
    if (!state.restored) await restore(upstream, state);
    if (version !== state.version || isNew) {
      state.mirror = await records.all(upstream);
      state.version = version;
    }
    if (open) return { kind: 'whole', epoch: id };
    const leftMs = state.sinceMs + waitMs() - performance.now();
    if (leftMs > 0) return { kind: 'lost', leftMs };
    if (!(await records.open(upstream, id))) return { kind: 'lost', leftMs: waitMs() };
    if (waitMs() > 0) onChange(upstream, 'whole');
    return { kind: 'whole', epoch: id };
  };

  /** What this replica knows may not have reached Redis: it is written back with the next look. */
  const orWriteBack = async <T>(upstream: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      const state = known.get(upstream);
      if (state !== undefined) state.restored = false;
      throw error;
    }
  };

  const watching = new AbortController();
  const watch = async (): Promise<void> => {
    while (!watching.signal.aborted) {
      await Promise.all(upstreams().map((one) => orWriteBack(one, standing(one)).catch(() => undefined))); // next time
      await wait(pauseFor(waitMs()), watching.signal);
    }
  };
  void watch();

  return {
    standing: (upstream) => orWriteBack(upstream, standing(upstream)),
    find: records.find,
    since: records.since,
    begin: (attempt, epoch) => records.begin(attempt, epoch),
    stands: (attempt, epoch) => records.stands(attempt, epoch),
    end: (attempt) => orWriteBack(attempt.upstream, records.end(attempt)),
    close: () => watching.abort(),
  };
};
