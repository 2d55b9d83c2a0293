import type { AttemptAction, FailoverAttempt } from './failover-attempt.js';
import type { Micros } from './micros.js';

/** What stops something; it may be sent again without harm. */
export type CancelAction = 'cancelFailover' | 'cancelCopyRun' | 'cancelViewFailover';

/** What is written down of a request that changes something, once before it leaves and once after. */
export interface AuditRecord {
  readonly phase: 'before' | 'after';
  readonly action: AttemptAction | CancelAction;
  readonly attemptId: string; // the same before and after
  readonly at: Micros;
  readonly principal: string;
  readonly upstream: string;
  readonly key: string; // of an attempt; of a cancel the workflow id, or the copy run's global id
  readonly bodyDigest: string | null; // SHA-256, hexadecimal; null where the request has no body
  readonly objectIds: readonly string[];
  readonly replicationClusterId: string | null; // decimal; null where the request names none
  readonly step: string | null; // these four as `FailoverAttempt` has them; of a cancel nothing
  readonly subject: string | null;
  readonly ground: readonly string[];
  readonly madeId: string | null;
  readonly startedAt: Micros; // of the attempt: equal before and after
  readonly outcome: string | null; // null before
  readonly errorCode: string | null; // the vendor's, where it refused
}

/** Where audit records go: the log always, and a file where one is configured. */
export interface AuditTrail {
  /** Whether records are on a disk when `before` resolves. */
  readonly durable: boolean;
  /** Resolves when the record is as safe as configured; throws where it could not be written, so nothing must be sent. */
  before(record: AuditRecord): Promise<void>;
  /** Throws nothing: what is done is done. A record that cannot be written is told in the log. */
  after(record: AuditRecord): Promise<void>;
  /** What the file tells of attempts; empty where there is none. */
  find(upstream: string, key: string): Promise<FailoverAttempt | null>;
  since(upstream: string, from: Micros): Promise<readonly FailoverAttempt[]>;
  /**
   * The first attempt under the same key that the file had before this one and that may have arrived: two processes
   * that write one file agree on who was first. `null` where there is none.
   */
  earlier(attempt: FailoverAttempt): Promise<FailoverAttempt | null>;
  /** The same attempt, as the file tells it by now. */
  reread(attempt: FailoverAttempt): Promise<FailoverAttempt>;
}
