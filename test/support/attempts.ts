import { type FailoverAttempt } from '../../src/domain/failover-attempt.js';
import type { AuditRecord } from '../../src/domain/audit.js';
import { micros } from '../../src/domain/micros.js';

/** 2026-03-01T12:00:00.000123Z */
export const NOON = micros(1_772_366_400_000_123);

/** An attempt that has begun; members from the test win. */
export const attemptOf = (members: Partial<FailoverAttempt> = {}): FailoverAttempt => ({
  attemptId: 'attempt-1',
  upstream: 'dc-east',
  key: 'drill_2026-03',
  bodyDigest: 'a'.repeat(64),
  objectIds: ['101', '9007199254740993'],
  replicationClusterId: '77',
  step: null,
  subject: null,
  ground: [],
  madeId: null,
  principal: 'night-shift',
  startedAt: NOON,
  outcome: null,
  ...members,
});

/** The audit record of an attempt: `before` while its outcome is unknown, otherwise `after`. */
export const recordOf = (attempt: FailoverAttempt, members: Partial<AuditRecord> = {}): AuditRecord => ({
  ...attempt,
  phase: attempt.outcome === null ? 'before' : 'after',
  action: 'failover',
  at: attempt.startedAt,
  errorCode: null,
  ...members,
});
