import type { RedisConnection } from './redis.js';
import type { Client } from './redis-client.js';

/** Anything that can run a command on Redis. */
export type Askable = Pick<RedisConnection, 'ask'>;

/** Redis for optional uses: a caller without an answer in time continues without it. */
export interface RedisAid extends Askable {
  /** Throws an `Error` if there is no answer within `patienceMs`, and at once while Redis is slow. */
  ask: RedisConnection['ask'];
  readonly patienceMs: number;
}

interface RedisAidOptions {
  readonly patienceMs?: number;
  /** Called with `true` when Redis becomes too slow to wait for, and with `false` when it is fast again. */
  readonly onSlow?: (slow: boolean) => void;
}

/** Very long for a nearby Redis, and unnoticeable for a person. */
const PATIENCE_MS = 50;
/** How long a slow Redis is not used before a ping tests it. */
const REST_MS = 1000;

const OVERDUE = Symbol('overdue');

/**
 * Resolves after the time, once arrived data have been read. A busy event loop is late itself, and reads Redis's
 * answers between its timers and this point.
 */
const overdueAfter = (ms: number): { readonly over: Promise<typeof OVERDUE>; callOff(): void } => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<typeof OVERDUE>((resolve) => {
    timer = setTimeout(() => setImmediate(() => resolve(OVERDUE)), ms);
  });
  return { over, callOff: () => clearTimeout(timer) };
};

/** Waits for work up to `patienceMs`, then continues without it. */
export const patiently = async (work: Promise<void>, patienceMs: number): Promise<void> => {
  const { over, callOff } = overdueAfter(patienceMs);
  await Promise.race([work, over]).finally(callOff);
};

/**
 * A circuit breaker by latency: one command slower than `patienceMs` opens it, and then no caller waits for Redis.
 * Meanwhile one ping a second tests it in the background; a fast one closes it.
 */
export const createRedisAid = (
  redis: Askable,
  { patienceMs = PATIENCE_MS, onSlow = () => undefined }: RedisAidOptions = {},
): RedisAid => {
  let slow = false;
  let tryAt = 0; // by `performance.now()`
  let trying = false;

  const timed = async <T>(command: (client: Client) => Promise<T>): Promise<T | typeof OVERDUE> => {
    const { over, callOff } = overdueAfter(patienceMs);
    const answer = redis.ask(command);
    answer.catch(() => undefined); // it may fail after the caller has stopped waiting
    try {
      return await Promise.race([answer, over]);
    } finally {
      callOff();
    }
  };

  const open = (): void => {
    tryAt = performance.now() + REST_MS;
    if (slow) return;
    slow = true;
    onSlow(true);
  };

  const tryAgain = async (): Promise<void> => {
    if (trying || performance.now() < tryAt) return;
    trying = true;
    const answer = await timed((client) => client.ping()).catch(() => OVERDUE);
    trying = false;
    if (answer === OVERDUE) return open();
    slow = false;
    onSlow(false);
  };

  return {
    patienceMs,
    ask: async (command) => {
      if (slow) {
        void tryAgain();
        throw new Error('Redis is too slow to wait for');
      }
      const answer = await timed(command);
      if (answer !== OVERDUE) return answer;
      open();
      throw new Error('Redis did not answer in time to be of use');
    },
  };
};
