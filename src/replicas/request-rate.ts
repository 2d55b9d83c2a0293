import { createLimiter } from './limiter.js';
import type { Askable } from './redis-aid.js';

/** Below this, a quarter of it would be too little for a page that sends several requests at once. */
const LEAST_TO_QUARTER = 240;

interface RequestRateOptions {
  readonly perMinute: number;
  /** `null` for a process that shares its count with no other. */
  readonly redis: Askable | null;
}

/**
 * Limits the requests of each principal. Counted per quarter of a minute, so that a burst cannot use up a whole minute;
 * if the limit is low, per minute. Counts one request of a principal; returns the milliseconds to wait, 0 for none.
 */
export const createRequestRate = ({
  perMinute,
  redis,
}: RequestRateOptions): ((principal: string) => Promise<number>) => {
  const parts = perMinute < LEAST_TO_QUARTER ? 1 : 4;
  const take = createLimiter({
    points: Math.floor(perMinute / parts),
    seconds: 60 / parts,
    keyPrefix: 'copygraph:requests',
    redis,
  });
  return async (principal) => (await take(principal)).waitMs;
};
