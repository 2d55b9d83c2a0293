import type { FailoverAttempt, SharedAttempts, Standing } from '../domain/failover-attempt.js';
import { newestOf } from '../domain/failover-attempt.js';
import type { Wait } from '../domain/wait.js';
import { createAttemptRecords } from './attempt-records.js';
import type { RedisConnection } from './redis.js';

/** The number of records written back by one command. */
const BATCH = 200;
const LONGEST_PAUSE_MS = 5_000;
const SHORTEST_PAUSE_MS = 20;

/** This replica's view of one upstream's epoch. */
interface Known {
  readonly id: string;
  readonly sinceMs: number; // when it was first seen, by a monotonic clock
  restored: boolean;
  version: string;
  /** All attempts as last read from Redis. If they are lost, any replica can write them back. */
  mirror: readonly FailoverAttempt[];
}

export interface SharedAttemptsOptions {
  readonly redis: RedisConnection;
  /** The present upstreams; each is checked in the background. */
  readonly upstreams: () => readonly string[];
  /**
   * How long a new epoch waits: longer than the longest failover request, and than a replica needs to find Redis again.
   */
  readonly waitMs: () => number;
  /** All attempts that this process and its audit file remember. */
  readonly remembered: (upstream: string) => Promise<readonly FailoverAttempt[]>;
  readonly onChange: (upstream: string, standing: Standing['kind']) => void;
  /** Waits between two checks; must not keep the process alive. */
  readonly wait: Wait;
}

/** The pause between two checks: several of them fit into the wait. */
const pauseFor = (waitMs: number): number =>
  waitMs === 0 ? LONGEST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, waitMs / 12));

const newestOfEach = (attempts: readonly FailoverAttempt[]): readonly FailoverAttempt[] => {
  const newest = new Map<string, FailoverAttempt>();
  for (const one of attempts) newest.set(one.key, newestOf([newest.get(one.key) ?? null, one]) ?? one);
  return [...newest.values()];
};

/**
 * The attempts of all replicas, and whether Redis is sure to have them all. An empty or restarted Redis counts as lost:
 * each replica writes back the attempts it remembers within a few seconds, and requests may be sent only after the
 * wait. By then, every earlier request has ended and is known.
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
      if (!whole) throw new Error('Redis was lost again while this replica wrote back its failovers.');
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

  /** If the write failed, Redis may lack an attempt that this replica knows: the next check writes it back. */
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
      // again at the next check
      await Promise.all(upstreams().map((one) => orWriteBack(one, standing(one)).catch(() => undefined)));
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
