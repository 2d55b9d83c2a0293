import { randomUUID } from 'node:crypto';
import type { Turn } from '../domain/exclusive.js';
import { type FailoverAttempt, decide } from '../domain/failover-attempt.js';
import type { FailoverResult } from '../domain/failover-result.js';
import { refusal } from '../domain/refusal.js';
import { befallen } from '../domain/store-refused.js';
import { UpstreamError } from '../domain/upstream-error.js';
import { clock } from '../calling/clock.js';
import { asError } from '../calling/outcome.js';
import { toAuditRecord } from './audited.js';
import { type Press, acceptedAs, conflict, rejected, withoutLock } from './answers.js';
import type { FailoverGuard, SharedGuard } from './guard.js';
import { searchFor, sendPlannedRun } from './send.js';
import { toFailover } from './status.js';

/** Of a press's time, what is kept for looking for a lost answer. */
const SHARE_TO_SEARCH = 0.35;

/** What allows a press to be sent where replicas share a lock; it is looked at once more when all else is ready. */
export interface Permit {
  readonly shared: SharedGuard;
  readonly turn: Extract<Turn, { kind: 'held' }>;
  readonly epoch: string;
}

const LOST = 'was lost.';
const LOST_RECORD =
  'no longer holds the lock or the record of this press, which were written a moment ago: it was emptied, or it evicts what it should keep.';

/** Redis failed while nothing had been sent: whether to go on without it is the caller's to say. */
interface RedisLost {
  readonly redis: string; // what befell it, the end of a sentence
}

/** Writes down that it is about to, sends, and writes down how it went. Without the first, nothing is sent. */
export const sendOnce = async (
  press: Press,
  guard: FailoverGuard,
  permit: Permit | null,
): Promise<FailoverResult | RedisLost> => {
  const { context, request, bodyDigest } = press;
  const { upstream, idempotencyKey: key } = request;
  const began: FailoverAttempt = {
    attemptId: randomUUID(),
    upstream,
    key,
    bodyDigest,
    objectIds: request.objects.map(({ objectId }) => objectId.toString()),
    replicationClusterId: request.replicationClusterId.toString(),
    principal: context.principal.name,
    startedAt: clock(),
    outcome: null,
  };
  const leastMs = context.limits.requestTimeoutMs * SHARE_TO_SEARCH;
  if (press.msLeft() < leastMs) throw tooLate(upstream);
  const refused = await prepare(press, guard, permit, began);
  if (refused !== null) return refused;
  if (press.msLeft() >= leastMs) return post(press, began);
  await writeDown(context.failoverGuard, { ...began, outcome: 'notSent' }); // the disk or Redis was slow
  throw tooLate(upstream);
};

const tooLate = (upstream: string): UpstreamError =>
  new UpstreamError(upstream, 'timeout', 'too little time is left to send and to see what becomes of it');

/** Everything that must be so before the request may leave. `null` when it is; else the answer, and nothing is sent. */
const prepare = async (
  press: Press,
  guard: FailoverGuard,
  permit: Permit | null,
  began: FailoverAttempt,
): Promise<FailoverResult | RedisLost | null> => {
  const giveUp = (): Promise<void> => writeDown(press.context.failoverGuard, { ...began, outcome: 'notSent' });
  if (permit !== null) {
    const { shared, epoch } = permit;
    const written = await shared.attempts.begin(began, epoch).catch(asError);
    if (written !== true) {
      // A record that arrived all the same must not close the key for ever.
      if (written instanceof Error) void shared.attempts.end({ ...began, outcome: 'notSent' }).catch(() => undefined);
      return { redis: written instanceof Error ? befallen(written, LOST) : LOST_RECORD };
    }
  }
  await guard.memory.begin(began);
  try {
    await guard.audit.before(toAuditRecord({ ...began, action: 'failover' }, 'before', began.startedAt));
  } catch {
    await giveUp();
    return rejected('AUDIT_UNAVAILABLE', 'The audit record could not be written.');
  }
  const earlier = await guard.audit.earlier(began).catch(() => undefined);
  if (earlier === undefined) {
    await giveUp();
    return rejected('AUDIT_UNAVAILABLE', 'The audit file, which tells who was first, cannot be read.');
  }
  if (earlier !== null) {
    await giveUp();
    return yieldTo(press, earlier);
  }
  if (permit === null) return null;
  const holds = await stillHolds(permit, began);
  if (holds === true || (holds instanceof Error && press.request.allowWithoutLock)) return null;
  await giveUp();
  return withoutLock(holds instanceof Error ? befallen(holds, LOST) : LOST_RECORD);
};

/** Whether Redis still has the lock, the record and the epoch; an error where it cannot be asked. */
const stillHolds = async ({ shared, turn, epoch }: Permit, began: FailoverAttempt): Promise<boolean | Error> => {
  try {
    const both = await Promise.all([turn.isStillHeld(), shared.attempts.stands(began, epoch)]);
    return both.every(Boolean);
  } catch (error) {
    return asError(error);
  }
};

/** Another process was first under this key, in the file that both write: the answer is what became of that attempt. */
const yieldTo = async (press: Press, earlier: FailoverAttempt): Promise<FailoverResult> => {
  const { context, ability, request, bodyDigest } = press;
  const { upstream, idempotencyKey: key } = request;
  if (decide(earlier, { bodyDigest, isListed: false }) === 'conflict') return conflict();
  const { audit } = context.failoverGuard;
  const seen = await searchFor(async (signal) => {
    const planned = await ability.poll(key, { signal });
    const attempt = await audit.reread(earlier);
    return planned !== null || attempt.outcome !== null ? { planned, attempt } : null;
  }, press.msLeft());
  const { planned, attempt } = seen ?? { planned: null, attempt: earlier };
  if (planned === null && (attempt.outcome === 'refused' || attempt.outcome === 'notSent'))
    return rejected('LOCK_UNAVAILABLE', 'Another process pressed this key a moment before, and no run was started.');
  return acceptedAs(toFailover(upstream, key, { planned, attempt, now: clock() }));
};

/** The one POST of an attempt that is written down. */
const post = async (press: Press, began: FailoverAttempt): Promise<FailoverResult> => {
  const { context, ability, request } = press;
  const { upstream, key } = began;
  const searchMs = press.msLeft() * SHARE_TO_SEARCH;
  const end = (outcome: FailoverAttempt['outcome'], errorCode: string | null = null): Promise<void> =>
    writeDown(context.failoverGuard, { ...began, outcome }, errorCode);
  const sent = await sendPlannedRun(ability, key, request, { postMs: press.msLeft() - searchMs, searchMs }).catch(
    async (error: unknown) => {
      await end('unconfirmed'); // a fault of ours, and nobody knows how far it came
      throw error;
    },
  );
  const { outcome, planned, failure } = sent;
  await end(outcome, failure?.errorCode ?? null);
  if (outcome === 'notSent' && failure !== null) throw failure;
  if (outcome === 'refused') {
    const why = failure?.status === 429 ? 'asks to slow down' : 'refused the planned run';
    return refusal(
      'FailoverRejected',
      'REJECTED_BY_CLUSTER',
      `Upstream ${upstream} ${why}; no run was started. The same request can be pressed again under this key, a changed one needs another.`,
      { errorCode: failure?.errorCode ?? null },
    );
  }
  return acceptedAs(toFailover(upstream, key, { planned, attempt: { ...began, outcome }, now: clock() }));
};

/** How it went, in every place, Redis too where it was left out: it may be back. A place that fails costs only itself. */
const writeDown = async (
  { memory, audit, shared }: FailoverGuard,
  attempt: FailoverAttempt,
  errorCode: string | null = null,
): Promise<void> => {
  await memory.end(attempt);
  await audit.after(toAuditRecord({ ...attempt, action: 'failover' }, 'after', clock(), errorCode));
  await shared?.attempts.end(attempt).catch(() => undefined); // it keeps "began", which is the safe side
};
