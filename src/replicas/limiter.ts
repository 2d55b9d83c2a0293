import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisConnection } from './redis.js';

export interface LimiterOptions {
  readonly points: number;
  readonly seconds: number;
  /** What its keys in Redis begin with. */
  readonly keyPrefix: string;
  /** `null` for a process that shares its count with no other. */
  readonly redis: RedisConnection | null;
}

/** What the limiter uses of an ioredis client, by way of `ask`: a Redis that has fallen silent is hung up on. */
const storeOf = (redis: RedisConnection) => {
  let script = '';
  return {
    defineCommand: (_name: string, { lua }: { readonly lua: string }): void => void (script = lua),
    rlflxIncr: ([key = '', ...given]: readonly string[]) =>
      redis.ask((client) => client.eval(script, 1, key, ...given)),
  };
};

/**
 * So many turns in so many seconds, counted for each name from its first: over all replicas in Redis where there is one,
 * else, and for as long as Redis is lost, by this process alone. One command for each turn. Takes a turn: 0 where there
 * is one, else the milliseconds until there is. Never rejects.
 */
export const createLimiter = ({ points, seconds, keyPrefix, redis }: LimiterOptions) => {
  const options = { points, duration: seconds, keyPrefix };
  const alone = new RateLimiterMemory(options);
  const limiter =
    redis === null ? alone : new RateLimiterRedis({ ...options, storeClient: storeOf(redis), insuranceLimiter: alone });
  return (name: string): Promise<number> =>
    limiter.consume(name).then(
      () => 0,
      // What is no refusal cannot come: the insurance counts in memory. It would stop nobody.
      (refusal: unknown) => (refusal instanceof RateLimiterRes ? Math.max(1, refusal.msBeforeNext) : 0),
    );
};
