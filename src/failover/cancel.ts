import { randomUUID } from 'node:crypto';
import type { CancelAction } from '../domain/audit.js';
import type { CancelRejected } from '../domain/cancel-result.js';
import { refusal } from '../domain/refusal.js';
import { UpstreamError } from '../domain/upstream-error.js';
import { startDeadline } from '../calling/deadline.js';
import { type AuditedAttempt, toAuditRecord } from './audited.js';
import { isRefusal, searchFor } from './send.js';
import type { MutationContext } from './mutation-context.js';
import { clock } from '../calling/clock.js';

/** One cancel: its request, and the read that shows its effect. */
interface Cancel<T> {
  readonly action: CancelAction;
  readonly upstream: string;
  readonly key: string; // the workflow id, or the copy run's global id
  send(signal: AbortSignal): Promise<void>;
  /** The record once the cancel shows in it; until then `null`. */
  look(signal: AbortSignal): Promise<T | null>;
}

type Canceled<T> = { readonly kind: 'requested'; readonly seen: T | null } | CancelRejected;

/** How long the gateway searches after a lost answer: a person is waiting, and can repeat a cancel without harm. */
const SEARCH_MS = 5_000;
/**
 * The cluster's status for something that can no longer be canceled. A second cancel does no harm, so the status is
 * believed.
 */
const CONFLICT = 409;
/** The part of the operation's time in which the cluster must answer. */
const SHARE_OF_TIME = 0.6;

export const cancelRejected = (
  code: CancelRejected['code'],
  message: string,
  errorCode: string | null = null,
): CancelRejected => refusal('CancelRejected', code, message, { errorCode });

const refusedBy = (upstream: string, errorCode: string | null): CancelRejected =>
  cancelRejected('REJECTED_BY_CLUSTER', `Upstream ${upstream} refused the cancel; nothing was canceled.`, errorCode);

const unconfirmedBy = (upstream: string, errorCode: string | null): CancelRejected =>
  cancelRejected(
    'UNCONFIRMED',
    `Upstream ${upstream} did not confirm the cancel, and it does not show. Check again, and cancel again if needed: a second cancel does no harm.`,
    errorCode,
  );

const begun = (principal: string, cancel: Pick<AuditedAttempt, 'action' | 'upstream' | 'key'>): AuditedAttempt => ({
  ...cancel,
  attemptId: randomUUID(),
  principal,
  bodyDigest: null,
  objectIds: [],
  replicationClusterId: null,
  step: null,
  subject: null,
  ground: [],
  madeId: null,
  startedAt: clock(),
  outcome: null,
});

/**
 * Sends one cancel, audited before and after; never repeats it. After a lost answer it searches for the effect. An
 * outage before anything was sent is thrown.
 */
export const sendCancel = async <T>(
  { failoverGuard: { audit }, principal, limits }: MutationContext,
  { action, upstream, key, send, look }: Cancel<T>,
): Promise<Canceled<T>> => {
  const attempt = begun(principal.name, { action, upstream, key });
  const end = (outcome: string, errorCode: string | null = null): Promise<void> =>
    audit.after(toAuditRecord({ ...attempt, outcome }, 'after', clock(), errorCode));
  try {
    await audit.before(toAuditRecord(attempt, 'before', attempt.startedAt));
  } catch {
    return cancelRejected('AUDIT_UNAVAILABLE', 'The audit record could not be written. Nothing was sent.');
  }
  // It has its own deadline, so that one caller's leaving does not end it for others.
  const deadline = startDeadline(limits.requestTimeoutMs * SHARE_OF_TIME);
  try {
    await send(deadline.signal);
  } catch (failure) {
    if (!(failure instanceof UpstreamError) || !failure.sent) {
      await end(failure instanceof UpstreamError ? 'notSent' : 'unconfirmed');
      throw failure;
    }
    if (isRefusal(failure) || failure.status === CONFLICT) {
      await end('refused', failure.errorCode);
      return refusedBy(upstream, failure.errorCode);
    }
    const seen = await searchFor(look, Math.min(SEARCH_MS, limits.requestTimeoutMs / 4));
    await end(seen === null ? 'unconfirmed' : 'accepted', failure.errorCode);
    return seen === null ? unconfirmedBy(upstream, failure.errorCode) : { kind: 'requested', seen };
  } finally {
    deadline.end();
  }
  await end('accepted');
  return { kind: 'requested', seen: null };
};
