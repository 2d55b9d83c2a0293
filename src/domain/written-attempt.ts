import {
  type Acknowledgement,
  type AttemptOutcome,
  type FailoverAttempt,
  attemptOutcomes,
} from './failover-attempt.js';
import { isMapping } from './mapping.js';
import type { Micros } from './micros.js';

const isText = (value: unknown): value is string => typeof value === 'string';

const isOutcome = (value: unknown): value is AttemptOutcome | null =>
  value === null || attemptOutcomes.some((outcome) => outcome === value);

const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

const isAcknowledgement = (value: unknown): value is Acknowledgement =>
  isMapping(value) &&
  isText(value['by']) &&
  isText(value['at']) &&
  isText(value['note']) &&
  typeof value['happened'] === 'boolean';

/** The members that only an action without a read has; `null` if one has another form. */
const detailsOf = ({ sentTo, order, answer, acknowledged }: Readonly<Record<string, unknown>>) => {
  const fits =
    (sentTo === undefined || isText(sentTo)) &&
    (order === undefined || isMapping(order)) &&
    (answer === undefined || isMapping(answer)) &&
    (acknowledged === undefined || isAcknowledgement(acknowledged));
  if (!fits) return null;
  return {
    ...(sentTo !== undefined && { sentTo }),
    ...(order !== undefined && { order }),
    ...(answer !== undefined && { answer }),
    ...(acknowledged !== undefined && { acknowledged }),
  };
};

/**
 * Reads an attempt from a parsed record; `null` if members are missing. `startedAtOf` reads the time, which each store
 * writes in its own form. Members that older records or other actions lack become null or empty.
 */
export const writtenAttempt = (
  record: unknown,
  startedAtOf: (written: unknown) => Micros | null,
): FailoverAttempt | null => {
  if (!isMapping(record)) return null;
  const { attemptId, upstream, key, bodyDigest, objectIds, replicationClusterId = null, principal, outcome } = record;
  const { step = null, subject = null, ground = [], madeId = null } = record;
  const startedAt = startedAtOf(record['startedAt']);
  if (!isText(attemptId) || !isText(upstream) || !isText(key) || !isText(bodyDigest) || !isText(principal)) return null;
  if (!isTexts(objectIds) || !isTexts(ground)) return null;
  if (!isTextOrNull(replicationClusterId) || !isTextOrNull(step) || !isTextOrNull(subject) || !isTextOrNull(madeId))
    return null;
  const details = detailsOf(record);
  if (startedAt === null || !isOutcome(outcome) || details === null) return null;
  return {
    attemptId,
    upstream,
    key,
    bodyDigest,
    objectIds,
    replicationClusterId,
    step,
    subject,
    ground,
    madeId,
    principal,
    startedAt,
    outcome,
    ...details,
  };
};
