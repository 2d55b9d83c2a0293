import type { AttemptAction, Details, FailoverAttempt } from '../domain/failover-attempt.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import type { CallOptions } from '../calling/call.js';

/** The state of an action that an upstream has accepted: its visible effect, and its own id if it sent one. */
export interface Taken<Seen> {
  readonly seen: Seen | null;
  readonly madeId: string | null;
  readonly answer?: Details; // to be remembered, if the upstream has no read of it
}

/** The checks have passed: the upstream's present copies of the subject, and the one request. */
export interface Admitted<Seen> {
  readonly ground: readonly string[];
  send(call: CallOptions): Promise<Taken<Seen>>;
}

/** The results of an action, in its own words. */
interface Answers<Seen, Result> {
  /** It was sent, now or earlier; `seen` is its visible effect. */
  accepted(seen: Seen | null, attempt: FailoverAttempt | null): Result;
  /** The key belongs to another body. */
  conflict(): Result;
  /** Nothing was sent. */
  rejected(code: 'LOCK_UNAVAILABLE' | 'AUDIT_UNAVAILABLE', message: string): Result;
  /** The upstream refused. */
  refused(failure: UpstreamError): Result;
  /** Nothing was sent: an earlier attempt on the same subject has not ended, as far as is known. */
  blocked(earlier: FailoverAttempt): Result;
}

/**
 * One thing that a request starts. All actions run through the same code, and differ only in their calls to the
 * upstream.
 */
export interface Action<Seen, Result extends { readonly __typename: string }> {
  readonly name: AttemptAction;
  readonly upstream: string;
  readonly key: string; // as `attemptKey` writes it
  readonly bodyDigest: string;
  readonly about: Pick<FailoverAttempt, 'objectIds' | 'replicationClusterId' | 'step' | 'subject' | 'sentTo' | 'order'>;
  /** Whether it may run without the lock of all replicas. */
  readonly allowWithoutLock: boolean;
  /**
   * Whether the upstream identifies requests by the key, so that a refusal may come from an equal request by another
   * process.
   */
  readonly upstreamKnowsKey: boolean;
  /** `false` if the upstream has no read of the effect: after a lost answer, nothing is searched for. */
  readonly canBeFound?: false;
  /**
   * The attempt that blocks this one, among those on the same subject that may have arrived; `null` for none. If absent:
   * the first one without a visible effect.
   */
  blockedBy?(others: readonly FailoverAttempt[]): FailoverAttempt | null;
  /**
   * Asks the upstream for the visible effect of an attempt; `null` for none. `attempt` is `null` if none is remembered.
   */
  find(attempt: FailoverAttempt | null, call: CallOptions): Promise<Seen | null>;
  /** The last check, under the lock. If it fails, its result is the answer, and nothing is sent. */
  admit(call: CallOptions): Promise<Admitted<Seen> | Result>;
  /** The upstream’s id of what was found after a lost answer, which is then remembered; `null` for none. */
  madeIdOf(seen: Seen): string | null;
  readonly answers: Answers<Seen, Result>;
}
