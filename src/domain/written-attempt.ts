import { type AttemptOutcome, type FailoverAttempt, attemptOutcomes } from './failover-attempt.js';
import { isMapping } from './mapping.js';
import type { Micros } from './micros.js';

const isText = (value: unknown): value is string => typeof value === 'string';

const isOutcome = (value: unknown): value is AttemptOutcome | null =>
  value === null || attemptOutcomes.some((outcome) => outcome === value);

/**
 * The attempt that a parsed record tells of; `null` if the record does not have its members. `startedAtOf` reads the
 * time, which each store writes in its own form. Older records have no `replicationClusterId`.
 */
export const writtenAttempt = (
  record: unknown,
  startedAtOf: (written: unknown) => Micros | null,
): FailoverAttempt | null => {
  if (!isMapping(record)) return null;
  const { attemptId, upstream, key, bodyDigest, objectIds, replicationClusterId = null, principal, outcome } = record;
  const startedAt = startedAtOf(record['startedAt']);
  if (!isText(attemptId) || !isText(upstream) || !isText(key) || !isText(bodyDigest) || !isText(principal)) return null;
  if (!Array.isArray(objectIds) || !objectIds.every(isText)) return null;
  if (replicationClusterId !== null && !isText(replicationClusterId)) return null;
  if (startedAt === null || !isOutcome(outcome)) return null;
  return { attemptId, upstream, key, bodyDigest, objectIds, replicationClusterId, principal, startedAt, outcome };
};
