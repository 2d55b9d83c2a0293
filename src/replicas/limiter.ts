import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Taken } from '../domain/call-rate.js';
import type { Askable } from './redis-aid.js';

interface LimiterOptions {
  readonly points: number;
  readonly seconds: number;
  /** The prefix of its keys in Redis. */
  readonly keyPrefix: string;
  /** `null` for a process that shares its count with no other. */
  readonly redis: Askable | null;
}

/** The methods of an ioredis client that the limiter uses, by way of `ask`. */
const storeOf = (redis: Askable) => {
  let script = '';
  return {
    defineCommand: (_name: string, { lua }: { readonly lua: string }): void => void (script = lua),
    rlflxIncr: ([key = '', ...given]: readonly string[]) =>
      redis.ask((client) => client.eval(script, 1, key, ...given)),
  };
};

/** The count after this request; a refusal has it too. Throws if counting failed. */
const counted = (limiter: RateLimiterMemory | RateLimiterRedis, name: string, count: number): Promise<RateLimiterRes> =>
  limiter.consume(name, count).catch((refusal: unknown) => {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  });

/**
 * Limits turns to `points` in `seconds`, counted for each name from its first turn. Replicas share the count in Redis;
 * without Redis, or while it is lost or slow, this process counts alone. One command for any number of turns. Returns
 * the granted turns, and the milliseconds until more are free if there were too few. Never rejects.
 */
export const createLimiter = ({ points, seconds, keyPrefix, redis }: LimiterOptions) => {
  const options = { points, duration: seconds, keyPrefix };
  const alone = new RateLimiterMemory(options);
  const shared = redis === null ? null : new RateLimiterRedis({ ...options, storeClient: storeOf(redis) });

  const takenOf = ({ consumedPoints, msBeforeNext }: RateLimiterRes, count: number): Taken => {
    const taken = Math.max(0, Math.min(count, points - (consumedPoints - count)));
    return { taken, waitMs: taken === count ? 0 : Math.max(1, msBeforeNext) };
  };

  return async (name: string, count = 1): Promise<Taken> => {
    if (shared !== null) {
      const there = await counted(shared, name, count).catch(() => null);
      if (there !== null) return takenOf(there, count);
    }
    return takenOf(await counted(alone, name, count), count);
  };
};
