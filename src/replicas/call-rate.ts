import type { CallKind, CallRate } from '../domain/call-rate.js';
import { createLimiter } from './limiter.js';
import type { Askable } from './redis-aid.js';

interface CallRateOptions {
  readonly upstream: string;
  readonly perSecond: CallRate['perSecond'];
  /** `null` for a process that shares its quota with no other. */
  readonly redis: Askable | null;
}

/** The call rate of one upstream. Each second begins with the first call of its kind. */
export const createCallRate = ({ upstream, perSecond, redis }: CallRateOptions): CallRate => {
  const limiterOf = (kind: CallKind) =>
    createLimiter({ points: perSecond[kind], seconds: 1, keyPrefix: `copygraph:calls:${kind}`, redis });
  const limiters = { describe: limiterOf('describe'), list: limiterOf('list') };
  return { perSecond, take: (kind, count) => limiters[kind](`{${upstream}}`, count) };
};
