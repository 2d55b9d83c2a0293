import type { AttemptAction, FailoverAttempt } from '../domain/failover-attempt.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import type { CallOptions } from '../calling/call.js';

/** What an upstream has been asked for and has taken on: what shows of it, and its own id where it said one. */
export interface Taken<Seen> {
  readonly seen: Seen | null;
  readonly madeId: string | null;
}

/** Everything is as it must be: what the upstream has now, and the one request. */
export interface Admitted<Seen> {
  readonly ground: readonly string[];
  send(call: CallOptions): Promise<Taken<Seen>>;
}

/** How an action words what became of a press. */
interface Answers<Seen, Result> {
  /** It was sent, now or before; `seen` is what shows of it. */
  accepted(seen: Seen | null, attempt: FailoverAttempt | null): Result;
  /** The key stands for another body. */
  conflict(): Result;
  /** Nothing was sent. */
  rejected(code: 'LOCK_UNAVAILABLE' | 'AUDIT_UNAVAILABLE', message: string): Result;
  /** The upstream said no. */
  refused(failure: UpstreamError): Result;
  /** Nothing was sent: an earlier attempt about the same thing has not ended, as far as anyone can tell. */
  blocked(earlier: FailoverAttempt): Result;
}

/**
 * One thing that a press of a button starts. All of them are pressed by the same code: what an upstream does with them
 * is all that differs.
 */
export interface Action<Seen, Result extends { readonly __typename: string }> {
  readonly name: AttemptAction;
  readonly upstream: string;
  readonly key: string; // as `attemptKey` writes it
  readonly bodyDigest: string;
  readonly about: Pick<FailoverAttempt, 'objectIds' | 'replicationClusterId' | 'step' | 'subject'>;
  /** Whether it may go on without the lock of all replicas. */
  readonly allowWithoutLock: boolean;
  /** Whether the upstream goes by the key, so that a refusal may come from an equal request of another's. */
  readonly upstreamKnowsKey: boolean;
  /** Asks the upstream what shows of an attempt; `null` for nothing. Where nobody remembers one there is none. */
  find(attempt: FailoverAttempt | null, call: CallOptions): Promise<Seen | null>;
  /** The last look, under the lock. What stands in the way is the answer, and nothing is sent. */
  admit(call: CallOptions): Promise<Admitted<Seen> | Result>;
  /** The upstream’s id of what was found after a lost answer, which is then remembered; `null` for none. */
  madeIdOf(seen: Seen): string | null;
  readonly answers: Answers<Seen, Result>;
}
