import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { CallKind, CallRate } from '../domain/call-rate.js';
import type { RedisConnection } from './redis.js';

export interface CallRateOptions {
  readonly upstream: string;
  readonly perSecond: CallRate['perSecond'];
  /** `null` for a process that shares its quota with no other. */
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
 * The rate of one upstream, counted second by second from the first call of each: over all replicas in Redis where there
 * is one, else, and for as long as Redis is lost, by this process alone. One command for each call.
 */
export const createCallRate = ({ upstream, perSecond, redis }: CallRateOptions): CallRate => {
  const limiterOf = (kind: CallKind): RateLimiterMemory | RateLimiterRedis => {
    const options = { points: perSecond[kind], duration: 1, keyPrefix: `copygraph:calls:${kind}` };
    const alone = new RateLimiterMemory(options);
    if (redis === null) return alone;
    return new RateLimiterRedis({ ...options, storeClient: storeOf(redis), insuranceLimiter: alone });
  };
  const limiters = { describe: limiterOf('describe'), list: limiterOf('list') };
  return {
    perSecond,
    take: (kind) =>
      limiters[kind].consume(upstream).then(
        () => 0,
        // What is no refusal cannot come: the insurance counts in memory. It would stop nobody.
        (refusal: unknown) => (refusal instanceof RateLimiterRes ? Math.max(1, refusal.msBeforeNext) : 0),
      ),
  };
};
