import type { FailoverAttempt } from './failover-attempt.js';

/**
 * What stands for a key when an attempt under it has ended. The one that began last stands (a clock may be set back
 * between two, so the time does not tell); an end whose beginning is not known here comes in by its time.
 */
export const afterEnd = (current: FailoverAttempt | undefined, ended: FailoverAttempt): FailoverAttempt =>
  current === undefined || current.attemptId === ended.attemptId || current.startedAt < ended.startedAt
    ? ended
    : current;

/** Order of a list of attempts: newest first, equal times by key. */
export const newestAttemptFirst = (one: FailoverAttempt, other: FailoverAttempt): number =>
  other.startedAt - one.startedAt || (one.key < other.key ? -1 : 1);
