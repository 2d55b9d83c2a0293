import type { FailoverRequest } from '../domain/failover-input.js';
import type { FailoverConflict, FailoverResult } from '../domain/failover-result.js';
import { refusal } from '../domain/refusal.js';
import type { FailoverAbility } from '../upstream/product.js';
import type { toFailover } from './status.js';
import type { MutationContext } from './mutation-context.js';

export const acceptedAs = (failover: ReturnType<typeof toFailover>): FailoverResult => ({
  __typename: 'FailoverAccepted',
  failover,
});

export const rejected = (code: 'LOCK_UNAVAILABLE' | 'AUDIT_UNAVAILABLE', why: string): FailoverResult =>
  refusal('FailoverRejected', code, `${why} Nothing was sent; the same key can be used again.`);

export const conflict = (): FailoverConflict =>
  refusal(
    'FailoverConflict',
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotencyKey stands for a failover with another body. Nothing was sent. For another failover choose another key; to repeat the first one, send its body.',
    { path: ['input', 'idempotencyKey'] },
  );

/** One press of the button, while it goes on. */
export interface Press {
  readonly context: MutationContext;
  readonly ability: FailoverAbility;
  readonly request: FailoverRequest;
  readonly bodyDigest: string;
  readonly signal: AbortSignal;
  msLeft(): number;
}

/** Refused since what replicas share cannot be trusted; `what` goes on the sentence and ends it. */
export const withoutLock = (what: string): FailoverResult =>
  rejected('LOCK_UNAVAILABLE', `Redis, which keeps the failover lock of all replicas, ${what}`);
