import type { RedisConnection } from './redis.js';
import type { Client } from './redis-client.js';

/** Whatever can be asked a command of Redis. */
export type Askable = Pick<RedisConnection, 'ask'>;

/** Redis where it is an aid and no need: a caller that gets no answer in time goes on without it. */
export interface RedisAid extends Askable {
  /** Throws an `Error` where there is no answer within `patienceMs`, and at once while Redis is slow. */
  ask: RedisConnection['ask'];
  readonly patienceMs: number;
}

interface RedisAidOptions {
  readonly patienceMs?: number;
  /** Told when Redis becomes too slow to be waited for, and when it is no longer. */
  readonly onSlow?: (slow: boolean) => void;
}

/** To a Redis nearby this is an age, and to a person nothing. */
const PATIENCE_MS = 50;
/** How long a slow Redis is left alone before a ping tries it. */
const REST_MS = 1000;

const OVERDUE = Symbol('overdue');

/**
 * Resolves when the time is over and whatever has come in has been read. A busy event loop is late itself: what Redis
 * has answered meanwhile is read between the timers and here.
 */
const overdueAfter = (ms: number): { readonly over: Promise<typeof OVERDUE>; callOff(): void } => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<typeof OVERDUE>((resolve) => {
    timer = setTimeout(() => setImmediate(() => resolve(OVERDUE)), ms);
  });
  return { over, callOff: () => clearTimeout(timer) };
};

/** Waits for what may take too long, and goes on when it has. */
export const patiently = async (work: Promise<void>, patienceMs: number): Promise<void> => {
  const { over, callOff } = overdueAfter(patienceMs);
  await Promise.race([work, over]).finally(callOff);
};

/**
 * A breaker by latency: one command that takes longer than `patienceMs` opens it, and then nobody waits for Redis any
 * more. A ping a second tries it meanwhile, for which nobody waits either; a fast one closes it.
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
    answer.catch(() => undefined); // it may fail when nobody waits any more
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
        throw new Error('Redis is too slow to be waited for');
      }
      const answer = await timed(command);
      if (answer !== OVERDUE) return answer;
      open();
      throw new Error('Redis did not answer in time to be of help');
    },
  };
};
