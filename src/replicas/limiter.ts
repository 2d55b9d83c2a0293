import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Taken } from '../domain/call-rate.js';
import type { Askable } from './redis-aid.js';

interface LimiterOptions {
  readonly points: number;
  readonly seconds: number;
  /** What its keys in Redis begin with. */
  readonly keyPrefix: string;
  /** `null` for a process that shares its count with no other. */
  readonly redis: Askable | null;
}

/** What the limiter uses of an ioredis client, by way of `ask`. */
const storeOf = (redis: Askable) => {
  let script = '';
  return {
    defineCommand: (_name: string, { lua }: { readonly lua: string }): void => void (script = lua),
    rlflxIncr: ([key = '', ...given]: readonly string[]) =>
      redis.ask((client) => client.eval(script, 1, key, ...given)),
  };
};

/** The count after so many were asked for; a refusal has it too. Throws where nobody could count. */
const counted = (limiter: RateLimiterMemory | RateLimiterRedis, name: string, count: number): Promise<RateLimiterRes> =>
  limiter.consume(name, count).catch((refusal: unknown) => {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  });

/**
 * So many turns in so many seconds, counted for each name from its first: over all replicas in Redis where there is one,
 * else, and for as long as Redis is lost or slow, by this process alone. One command, however many turns are asked for.
 * Gives as many as there are, and the milliseconds until there are more where that is too few. Never rejects.
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
