import { randomUUID } from 'node:crypto';
import { type FailoverAttempt, decide, newestOf } from '../domain/failover-attempt.js';
import type { FailoverRequest } from '../domain/failover-input.js';
import type { FailoverConflict, FailoverResult } from '../domain/failover-result.js';
import { refusal } from '../domain/refusal.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { CohesityClient } from '../upstream/cohesity/client.js';
import { startDeadline } from '../upstream/deadline.js';
import { toAuditRecord } from './audited.js';
import { type FailoverGuard, recall } from './failover-guard.js';
import { pollPlannedRun, sendPlannedRun } from './failover-send.js';
import { toFailover } from './failover-status.js';
import type { MutationContext } from './mutation.js';
import { asError } from './outcome.js';
import { clock } from '../upstream/clock.js';

/** Of the operation's time, what a press may take: it must still be told how it ended. */
const SHARE_OF_TIME = 0.9;
/** Of that, what is kept for looking for a lost answer. */
const SHARE_TO_SEARCH = 0.35;
/** A lock outlives the longest press by so much, should its holder die. */
const LEASE_MARGIN_MS = 60_000;

export const acceptedAs = (failover: ReturnType<typeof toFailover>): FailoverResult => ({
  __typename: 'FailoverAccepted',
  failover,
});

const rejected = (code: 'LOCK_UNAVAILABLE' | 'AUDIT_UNAVAILABLE', why: string): FailoverResult =>
  refusal('FailoverRejected', code, `${why} Nothing was sent; the same key can be used again.`);

export const conflict = (): FailoverConflict =>
  refusal(
    'FailoverConflict',
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotencyKey stands for a failover with another body. Nothing was sent. For another failover choose another key; to repeat the first one, send its body.',
    { path: ['input', 'idempotencyKey'] },
  );

/** One press in this process: under the lock, where replicas share one. */
export const pressOnce = async (
  context: MutationContext,
  client: CohesityClient,
  request: FailoverRequest,
  bodyDigest: string,
): Promise<FailoverResult> => {
  const { failoverGuard: guard, limits } = context;
  const timeMs = limits.requestTimeoutMs * SHARE_OF_TIME;
  const deadline = startDeadline(timeMs);
  const endsAt = performance.now() + timeMs;
  const press: Press = {
    context,
    client,
    request,
    bodyDigest,
    signal: deadline.signal,
    msLeft: () => endsAt - performance.now(),
  };
  try {
    if (guard.shared === null) return await lookAndSend(press, guard);
    const turn = await guard.shared.exclusive.acquire(`failover:${request.upstream}:${request.idempotencyKey}`, {
      leaseMs: limits.requestTimeoutMs + LEASE_MARGIN_MS,
      waitMs: timeMs / 2,
    });
    if (turn.kind === 'held') {
      try {
        return await lookAndSend(press, guard);
      } finally {
        await turn.release();
      }
    }
    return turn.kind === 'busy' ? await onlyLook(press) : await withoutRedis(press, 'cannot be reached');
  } finally {
    deadline.end();
  }
};

interface Press {
  readonly context: MutationContext;
  readonly client: CohesityClient;
  readonly request: FailoverRequest;
  readonly bodyDigest: string;
  readonly signal: AbortSignal;
  msLeft(): number;
}

const look = ({ client, request, signal }: Press) => pollPlannedRun(client, request.idempotencyKey, signal);

/** Another replica is at it, longer than we could wait: what can be seen is the answer. */
const onlyLook = async (press: Press): Promise<FailoverResult> => {
  const { upstream, idempotencyKey: key } = press.request;
  const attempt = await recall(press.context.failoverGuard, upstream, key).catch(() => null);
  const decision = decide(attempt, { bodyDigest: press.bodyDigest, isListed: false });
  if (decision === 'conflict') return conflict();
  const planned = await look(press);
  if (planned === null && decision === 'send') {
    return rejected('LOCK_UNAVAILABLE', 'Another replica holds the lock for this key, and has not said what it does.');
  }
  return acceptedAs(toFailover(upstream, key, { planned, attempt, now: clock() }));
};

/** Redis is gone: refused, unless the caller takes it on. What this process and the audit file know still counts. */
const withoutRedis = (press: Press, what: string): Promise<FailoverResult> =>
  press.request.allowWithoutLock
    ? lookAndSend(press, { ...press.context.failoverGuard, shared: null })
    : Promise.resolve(rejected('LOCK_UNAVAILABLE', `Redis, which keeps the failover lock of all replicas, ${what}.`));

/** What is remembered, or that it cannot be told: never taken for nothing. */
const orError = async (found: Promise<FailoverAttempt | null> | null): Promise<FailoverAttempt | null | Error> => {
  try {
    return await found;
  } catch (error) {
    return asError(error);
  }
};

const lookAndSend = async (press: Press, guard: FailoverGuard): Promise<FailoverResult> => {
  const { upstream, idempotencyKey: key } = press.request;
  const others = await orError(guard.shared?.attempts.find(upstream, key) ?? null);
  if (others instanceof Error) return withoutRedis(press, 'was lost');
  const own = await orError(recall({ ...guard, shared: null }, upstream, key));
  if (own instanceof Error) {
    return rejected('AUDIT_UNAVAILABLE', 'The audit file, which tells what was pressed before, cannot be read.');
  }
  const attempt = newestOf([own, others]);
  const { bodyDigest } = press;
  if (decide(attempt, { bodyDigest, isListed: false }) === 'conflict') return conflict();
  const planned = await look(press);
  return decide(attempt, { bodyDigest, isListed: planned !== null }) === 'send'
    ? send(press, guard)
    : acceptedAs(toFailover(upstream, key, { planned, attempt, now: clock() }));
};

const tooLate = (upstream: string): UpstreamError =>
  new UpstreamError(upstream, 'timeout', 'too little time is left to send and to see what becomes of it');

/** Writes down that it is about to, sends, and writes down how it went. Without the first, nothing is sent. */
const send = async (press: Press, guard: FailoverGuard): Promise<FailoverResult> => {
  const { context, client, request, bodyDigest } = press;
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
  const end = (outcome: FailoverAttempt['outcome'], errorCode: string | null): Promise<void> =>
    writeDown(context.failoverGuard, { ...began, outcome }, errorCode);
  const leastMs = context.limits.requestTimeoutMs * SHARE_TO_SEARCH;
  if (press.msLeft() < leastMs) throw tooLate(upstream);
  try {
    await guard.shared?.attempts.begin(began);
  } catch {
    // A record that arrived all the same must not close the key for ever.
    void guard.shared?.attempts.end({ ...began, outcome: 'notSent' }).catch(() => undefined);
    return withoutRedis(press, 'was lost');
  }
  await guard.memory.begin(began);
  try {
    await guard.audit.before(toAuditRecord({ ...began, action: 'failover' }, 'before', began.startedAt));
  } catch {
    await end('notSent', null);
    return rejected('AUDIT_UNAVAILABLE', 'The audit record could not be written.');
  }
  if (press.msLeft() < leastMs) {
    await end('notSent', null); // the disk was slow
    throw tooLate(upstream);
  }
  const searchMs = press.msLeft() * SHARE_TO_SEARCH;
  const sent = await sendPlannedRun(client, key, request, { postMs: press.msLeft() - searchMs, searchMs }).catch(
    async (error: unknown) => {
      await end('unconfirmed', null); // a fault of ours, and nobody knows how far it came
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
  errorCode: string | null,
): Promise<void> => {
  await memory.end(attempt);
  await audit.after(toAuditRecord({ ...attempt, action: 'failover' }, 'after', clock(), errorCode));
  await shared?.attempts.end(attempt).catch(() => undefined); // it keeps "began", which is the safe side
};
