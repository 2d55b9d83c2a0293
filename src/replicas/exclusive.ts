import { randomUUID } from 'node:crypto';
import type { Exclusive } from '../domain/exclusive.js';
import { StoreRefused } from '../domain/store-refused.js';
import type { Wait } from '../domain/wait.js';
import type { RedisConnection } from './redis.js';

/** Another's token stays: then the lease has expired, and the name has a new holder. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** Random, so that waiting replicas do not ask in step. */
const pause = (): number => 50 + Math.random() * 150;

/**
 * Turns from Redis, one holder for each name over all replicas: the lock that Redis documents for one instance. It is
 * only as safe as the lease is long: a holder that takes longer than `leaseMs` may not be alone. Asks once, then every
 * 50 to 200 ms until the wait is over.
 * Source: Redis documentation, "Distributed Locks with Redis", "Correct Implementation with a Single Instance".
 */
export const createExclusive = (redis: RedisConnection, wait: Wait): Exclusive => ({
  acquire: async (name, { leaseMs, waitMs }) => {
    const key = `copygraph:lock:${name}`;
    const token = randomUUID();
    const release = async (): Promise<void> => {
      // the lease expires by itself
      await redis.ask((client) => client.eval(RELEASE, 1, key, token)).catch(() => undefined);
    };
    const isStillHeld = async (): Promise<boolean> => (await redis.ask((client) => client.get(key))) === token;
    const deadline = performance.now() + waitMs;
    for (;;) {
      try {
        const taken = await redis.ask((client) => client.set(key, token, 'PX', leaseMs, 'NX'));
        if (taken === 'OK') return { kind: 'held', release, isStillHeld };
      } catch (error) {
        void release(); // Redis may still set the lock later
        return { kind: 'unreachable', ...(error instanceof StoreRefused && { refusal: error }) };
      }
      const left = deadline - performance.now();
      if (left <= 0) return { kind: 'busy' };
      await wait(Math.min(left, pause()));
    }
  },
});
