import type { FailoverAttempt } from './failover-attempt.js';

/**
 * The current attempt of a key after an attempt under it has ended. The one that began last here stays, because a clock
 * may be set back between two. If this end's beginning is unknown here, the times decide.
 */
export const afterEnd = (current: FailoverAttempt | undefined, ended: FailoverAttempt): FailoverAttempt =>
  current === undefined || current.attemptId === ended.attemptId || current.startedAt < ended.startedAt
    ? ended
    : current;

/** Order of a list of attempts: newest first, equal times by key. */
export const newestAttemptFirst = (one: FailoverAttempt, other: FailoverAttempt): number =>
  other.startedAt - one.startedAt || (one.key < other.key ? -1 : 1);
