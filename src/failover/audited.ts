import type { AuditRecord } from '../domain/audit.js';
import type { Micros } from '../domain/micros.js';

/** The common part of both audit records of one attempt. */
export type AuditedAttempt = Omit<AuditRecord, 'phase' | 'at' | 'errorCode'>;

/** One of the two records of an attempt; the one before has no outcome. */
export const toAuditRecord = (
  { outcome, ...attempt }: AuditedAttempt,
  phase: AuditRecord['phase'],
  at: Micros,
  errorCode: string | null = null,
): AuditRecord => ({ ...attempt, phase, at, outcome: phase === 'before' ? null : outcome, errorCode });
