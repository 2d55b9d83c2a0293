import { type FailoverAttempt, decide, newestOf } from '../domain/failover-attempt.js';
import type { FailoverRequest } from '../domain/failover-input.js';
import type { FailoverResult } from '../domain/failover-result.js';
import { befallen } from '../domain/store-refused.js';
import type { PlannedRun } from '../domain/failover.js';
import type { FailoverAbility } from '../upstream/product.js';
import { startDeadline } from '../calling/deadline.js';
import { type Press, acceptedAs, conflict, rejected, withoutLock } from './answers.js';
import { type FailoverGuard, recall } from './guard.js';
import { type Permit, sendOnce } from './once.js';
import { toFailover } from './status.js';
import type { MutationContext } from './mutation-context.js';
import { asError } from '../calling/outcome.js';
import { clock } from '../calling/clock.js';

/** Of the operation's time, what a press may take: it must still be told how it ended. */
const SHARE_OF_TIME = 0.9;
/** A lock outlives the longest press by so much, should its holder die. */
const LEASE_MARGIN_MS = 60_000;

/** The name of the lock for a key. The braces keep all keys of an upstream in one slot of a Redis Cluster. */
export const lockOf = (upstream: string, key: string): string => `{${upstream}}:failover:${key}`;

/** One press in this process: under the lock, where replicas share one. Sends nothing once the operation's time is up. */
export const pressOnce = async (
  context: MutationContext,
  ability: FailoverAbility,
  request: FailoverRequest,
  bodyDigest: string,
): Promise<FailoverResult> => {
  const { failoverGuard: guard, limits, call } = context;
  const ends =
    (call.deadlineAt ?? performance.now() + limits.requestTimeoutMs) - limits.requestTimeoutMs * (1 - SHARE_OF_TIME);
  const timeMs = Math.max(1, ends - performance.now());
  const deadline = startDeadline(timeMs);
  const { signal } = deadline;
  const press: Press = { context, ability, request, bodyDigest, signal, msLeft: () => ends - performance.now() };
  try {
    if (guard.shared === null) return await lookAndSend(press, guard, null);
    const turn = await guard.shared.exclusive.acquire(lockOf(request.upstream, request.idempotencyKey), {
      leaseMs: limits.requestTimeoutMs + LEASE_MARGIN_MS,
      waitMs: timeMs / 2,
    });
    if (turn.kind === 'held') {
      try {
        return await underLock(press, guard, { shared: guard.shared, turn });
      } finally {
        await turn.release();
      }
    }
    return turn.kind === 'busy'
      ? await onlyLook(press)
      : await withoutRedis(press, befallen(turn.refusal, 'cannot be reached.'));
  } finally {
    deadline.end();
  }
};

const seconds = (ms: number): number => Math.ceil(ms / 1000);

const lostRedis = (leftMs: number): string =>
  `was found empty or restarted. Every replica first writes back what it remembers, which takes ${seconds(leftMs)} seconds more: press again then.`;

/** Asks first whether Redis can be trusted to know every attempt. Where not, only what is known here is answered. */
const underLock = async (
  press: Press,
  guard: FailoverGuard,
  { shared, turn }: Pick<Permit, 'shared' | 'turn'>,
): Promise<FailoverResult> => {
  const { upstream } = press.request;
  const standing = await orError(shared.attempts.standing(upstream));
  if (standing instanceof Error) {
    // It may be the audit file that could not be read for it: then that is told.
    const own = await orError(recall({ ...guard, shared: null }, upstream, press.request.idempotencyKey));
    return own instanceof Error ? unreadable() : withoutRedis(press, befallen(standing, 'was lost.'));
  }
  if (standing.kind === 'whole') return lookAndSend(press, guard, { shared, turn, epoch: standing.epoch });
  if (press.request.allowWithoutLock) return withoutRedis(press, lostRedis(standing.leftMs));
  const known = await remembered(press, guard);
  if ('__typename' in known) return known;
  const { attempt } = known;
  const decision = decide(attempt, { bodyDigest: press.bodyDigest, isListed: false });
  if (decision === 'conflict') return conflict();
  if (decision === 'send') return withoutRedis(press, lostRedis(standing.leftMs));
  return acceptedAs(
    toFailover(upstream, press.request.idempotencyKey, { planned: await look(press), attempt, now: clock() }),
  );
};

const look = ({ ability, request, signal }: Press): Promise<PlannedRun | null> =>
  ability.poll(request.idempotencyKey, { signal });

/** Another replica is at it, longer than we could wait: what can be seen is the answer. */
const onlyLook = async (press: Press): Promise<FailoverResult> => {
  const {
    failoverGuard: guard,
    failoverGuard: { shared },
  } = press.context;
  const { upstream } = press.request;
  const standing = await orError(shared?.attempts.standing(upstream) ?? nothing);
  if (standing instanceof Error) return withoutLock(befallen(standing, 'was lost.'));
  const seen = await judge(press, guard);
  if ('__typename' in seen) return seen;
  if (seen.decision === 'send')
    return rejected('LOCK_UNAVAILABLE', 'Another replica holds the lock for this key, and has not said what it does.');
  if (seen.attempt === null && standing?.kind === 'lost') return withoutLock(lostRedis(standing.leftMs));
  return answer(press, seen);
};

/** Redis is gone: refused, unless the caller takes it on. What this process and the audit file know still counts. */
const withoutRedis = (press: Press, what: string): Promise<FailoverResult> =>
  press.request.allowWithoutLock
    ? lookAndSend(press, { ...press.context.failoverGuard, shared: null }, null)
    : Promise.resolve(withoutLock(what));

const unreadable = (): FailoverResult =>
  rejected('AUDIT_UNAVAILABLE', 'The audit file, which tells what was pressed before, cannot be read.');

const nothing = Promise.resolve(null); // where replicas share nothing

/** What is there, or that it cannot be told: never taken for nothing. */
const orError = async <T>(found: Promise<T>): Promise<T | Error> => {
  try {
    return await found;
  } catch (error) {
    return asError(error);
  }
};

/** The attempt that stands for the key, over all places; a refusal where one of them cannot be asked. */
const remembered = async (
  press: Press,
  guard: FailoverGuard,
): Promise<{ readonly attempt: FailoverAttempt | null } | FailoverResult> => {
  const { upstream, idempotencyKey: key } = press.request;
  const others = await orError(guard.shared?.attempts.find(upstream, key) ?? nothing);
  if (others instanceof Error) return withoutRedis(press, befallen(others, 'was lost.'));
  const own = await orError(recall({ ...guard, shared: null }, upstream, key));
  return own instanceof Error ? unreadable() : { attempt: newestOf([own, others]) };
};

interface Judged {
  readonly decision: 'send' | 'answer';
  readonly attempt: FailoverAttempt | null;
  readonly planned: PlannedRun | null;
}

/** What to do with a press, by what is remembered and what the cluster lists. */
const judge = async (press: Press, guard: FailoverGuard): Promise<Judged | FailoverResult> => {
  const first = await remembered(press, guard);
  if ('__typename' in first) return first;
  const { bodyDigest } = press;
  if (decide(first.attempt, { bodyDigest, isListed: false }) === 'conflict') return conflict();
  const planned = await look(press);
  const isListed = planned !== null;
  // Listed, though nobody had sent it: who did so since has written down with which body.
  const unknown = first.attempt === null || first.attempt.outcome === 'notSent';
  const known = isListed && unknown ? await remembered(press, guard) : first;
  if ('__typename' in known) return known;
  const decision = decide(known.attempt, { bodyDigest, isListed });
  return decision === 'conflict' ? conflict() : { decision, attempt: known.attempt, planned };
};

const answer = ({ request: { upstream, idempotencyKey } }: Press, { planned, attempt }: Judged): FailoverResult =>
  acceptedAs(toFailover(upstream, idempotencyKey, { planned, attempt, now: clock() }));

const lookAndSend = async (press: Press, guard: FailoverGuard, permit: Permit | null): Promise<FailoverResult> => {
  const seen = await judge(press, guard);
  if ('__typename' in seen) return seen;
  if (seen.decision === 'answer') return answer(press, seen);
  const sent = await sendOnce(press, guard, permit);
  return 'redis' in sent ? withoutRedis(press, sent.redis) : sent;
};
