import type { Acknowledgement, AttemptAction, Details, FailoverAttempt } from './failover-attempt.js';
import type { Micros } from './micros.js';

/** The actions that stop something. They may be sent twice without harm. */
export type CancelAction = 'cancelFailover' | 'cancelCopyRun' | 'cancelViewFailover';

/**
 * The record of a request that changes something. It is written once before the request leaves and once after, and once
 * more if a person says what became of it.
 */
export interface AuditRecord {
  readonly phase: 'before' | 'after' | 'acknowledged';
  readonly action: AttemptAction | CancelAction;
  readonly attemptId: string; // the same before and after
  readonly at: Micros;
  readonly principal: string;
  readonly upstream: string;
  readonly key: string; // an attempt's key; for a cancel the workflow id, or the copy run's global id
  readonly bodyDigest: string | null; // SHA-256, hexadecimal; null if the request has no body
  readonly objectIds: readonly string[];
  readonly replicationClusterId: string | null; // decimal; null if the request names none
  readonly step: string | null; // these four as in `FailoverAttempt`; null and empty for a cancel
  readonly subject: string | null;
  readonly ground: readonly string[];
  readonly madeId: string | null;
  readonly sentTo?: string; // these four as in `FailoverAttempt`
  readonly order?: Details;
  readonly answer?: Details;
  readonly acknowledged?: Acknowledgement;
  readonly startedAt: Micros; // when the attempt started: equal before and after
  readonly outcome: string | null; // null before
  readonly errorCode: string | null; // the vendor's code, if it refused
}

/** The destinations of audit records: always the log, and a file if one is configured. */
export interface AuditTrail {
  /** Whether records are on a disk when `before` resolves. */
  readonly durable: boolean;
  /** Resolves when the record is as safe as configured. Throws if it could not be written: then nothing may be sent. */
  before(record: AuditRecord): Promise<void>;
  /**
   * Never throws, because the request has already been sent. A record that cannot be written is reported in the log.
   */
  after(record: AuditRecord): Promise<void>;
  /** Reads attempts from the audit file. Without a file, `find` is `null` and `since` is empty. */
  find(upstream: string, key: string): Promise<FailoverAttempt | null>;
  since(upstream: string, from: Micros): Promise<readonly FailoverAttempt[]>;
  /**
   * The first earlier attempt under the same key in the file, if it may have arrived; otherwise `null`. Two processes
   * that write one file so agree on which attempt was first.
   */
  earlier(attempt: FailoverAttempt): Promise<FailoverAttempt | null>;
  /** The same attempt, as the file has it now. */
  reread(attempt: FailoverAttempt): Promise<FailoverAttempt>;
}
