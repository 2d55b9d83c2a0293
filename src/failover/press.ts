import { type FailoverAttempt, decide, newestOf } from '../domain/failover-attempt.js';
import type { SingleFlight } from '../domain/single-flight.js';
import { befallen } from '../domain/store-refused.js';
import { clock } from '../calling/clock.js';
import { startDeadline, unlessAborted } from '../calling/deadline.js';
import type { Action } from './action.js';
import { toAuditRecord } from './audited.js';
import { type Answer, type Press, rejected, withoutLock } from './answers.js';
import { type FailoverGuard, recall } from './guard.js';
import { type Permit, sendOnce } from './once.js';
import { leaseOf, lockOf, makeReady } from './ready.js';
import type { MutationContext } from './mutation-context.js';
import { asError } from '../calling/outcome.js';

/** The part of the operation's time that a request may take, so that the caller still gets its outcome. */
const SHARE_OF_TIME = 0.9;

/**
 * Starts an action. However often and wherever it is requested with one key, at most one request is sent. Equal
 * requests join here, wait for each other over replicas, and check the upstream and the stores; a request is sent only
 * if none can have been sent before. An outage before anything was sent is thrown.
 */
export const press = async <Seen, Result extends Answer>(
  context: MutationContext,
  flights: SingleFlight<Result>,
  action: Action<Seen, Result>,
): Promise<Result> => {
  const { failoverGuard, call } = context;
  const { upstream, key, bodyDigest, answers } = action;
  const flight = flights.join(`${upstream} ${key}`, () => pressOnce(context, action), bodyDigest);
  if (flight.mark !== bodyDigest) return answers.conflict();
  try {
    // The work continues without its callers: a caller that leaves must not stop it half-way.
    return await unlessAborted(call.signal, flight.result, () => new OutOfTimeError());
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) throw error;
    // Nothing is sent after the operation's time: work that has not begun by now never will.
    const attempt = await failoverGuard.memory.find(upstream, key);
    const decision = decide(attempt, { bodyDigest, isListed: false });
    if (decision === 'conflict') return answers.conflict();
    return decision === 'answer'
      ? answers.accepted(null, attempt)
      : rejected({ action }, 'LOCK_UNAVAILABLE', 'No time was left to check whether another replica uses this key.');
  }
};

class OutOfTimeError extends Error {}

/** One request in this process, under the lock if replicas share one. Sends nothing after the operation's time. */
const pressOnce = async <Seen, Result extends Answer>(
  context: MutationContext,
  action: Action<Seen, Result>,
): Promise<Result> => {
  const { failoverGuard: guard, limits, call } = context;
  const ends =
    (call.deadlineAt ?? performance.now() + limits.requestTimeoutMs) - limits.requestTimeoutMs * (1 - SHARE_OF_TIME);
  const timeMs = Math.max(1, ends - performance.now());
  const deadline = startDeadline(timeMs);
  const { signal } = deadline;
  const one: Press<Seen, Result> = { context, action, signal, msLeft: () => ends - performance.now() };
  try {
    if (guard.shared === null) return await lookAndSend(one, guard, null);
    const turn = await guard.shared.exclusive.acquire(lockOf(action.upstream, action.key), {
      leaseMs: leaseOf(limits),
      waitMs: timeMs / 2,
    });
    if (turn.kind === 'held') {
      try {
        return await underLock(one, guard, { shared: guard.shared, turns: [turn] });
      } finally {
        await turn.release();
      }
    }
    return turn.kind === 'busy'
      ? await onlyLook(one)
      : await withoutRedis(one, befallen(turn.refusal, 'cannot be reached.'));
  } finally {
    deadline.end();
  }
};

const seconds = (ms: number): number => Math.ceil(ms / 1000);

const lostRedis = (leftMs: number): string =>
  `was found empty or restarted. Every replica first writes back what it remembers, which takes ${seconds(leftMs)} seconds more: press again then.`;

/** First checks whether Redis is sure to know every attempt. If not, only local knowledge is used for an answer. */
const underLock = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  guard: FailoverGuard,
  { shared, turns }: Pick<Permit, 'shared' | 'turns'>,
): Promise<Result> => {
  const { upstream, key, bodyDigest, allowWithoutLock, answers } = press.action;
  const standing = await orError(shared.attempts.standing(upstream));
  if (standing instanceof Error) {
    // If instead the audit file could not be read, the answer says that.
    const own = await orError(recall({ ...guard, shared: null }, upstream, key));
    return own instanceof Error ? unreadable(press) : withoutRedis(press, befallen(standing, 'was lost.'));
  }
  if (standing.kind === 'whole') return lookAndSend(press, guard, { shared, turns, epoch: standing.epoch });
  if (allowWithoutLock) return withoutRedis(press, lostRedis(standing.leftMs));
  const known = await remembered(press, guard);
  if ('__typename' in known) return known;
  const { attempt } = known;
  const decision = decide(attempt, { bodyDigest, isListed: false });
  if (decision === 'conflict') return answers.conflict();
  if (decision === 'send') return withoutRedis(press, lostRedis(standing.leftMs));
  return answers.accepted(await look(press, attempt), attempt);
};

const look = <Seen, Result extends Answer>(
  { action, signal }: Press<Seen, Result>,
  attempt: FailoverAttempt | null,
): Promise<Seen | null> => action.find(attempt, { signal });

/** Another replica has been working on it for longer than we could wait: the visible effect is the answer. */
const onlyLook = async <Seen, Result extends Answer>(press: Press<Seen, Result>): Promise<Result> => {
  const {
    failoverGuard: guard,
    failoverGuard: { shared },
  } = press.context;
  const standing = await orError(shared?.attempts.standing(press.action.upstream) ?? nothing);
  if (standing instanceof Error) return withoutLock(press, befallen(standing, 'was lost.'));
  const judged = await judge(press, guard, standing?.kind === 'whole' ? standing.epoch : null);
  if ('__typename' in judged) return judged;
  if (judged.decision === 'send')
    return rejected(
      press,
      'LOCK_UNAVAILABLE',
      'Another replica holds the lock for this key and has not reported its result.',
    );
  if (judged.loss !== null) return withoutLock(press, judged.loss);
  return press.action.answers.accepted(judged.seen, judged.attempt);
};

/** Redis is gone: refused, unless the caller accepts that. Attempts in this process and the audit file still count. */
const withoutRedis = <Seen, Result extends Answer>(press: Press<Seen, Result>, what: string): Promise<Result> =>
  press.action.allowWithoutLock
    ? lookAndSend(press, { ...press.context.failoverGuard, shared: null }, null)
    : Promise.resolve(withoutLock(press, what));

const unreadable = <Seen, Result extends Answer>(press: Press<Seen, Result>): Result =>
  rejected(press, 'AUDIT_UNAVAILABLE', 'The audit file, which has the earlier requests, cannot be read.');

const nothing = Promise.resolve(null); // if replicas share nothing

/** The found value, or an error if it is unknown: an error never counts as "nothing". */
const orError = async <T>(found: Promise<T>): Promise<T | Error> => {
  try {
    return await found;
  } catch (error) {
    return asError(error);
  }
};

/** The current attempt of the key, over all stores; a refusal if one of them cannot be reached. */
const remembered = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  guard: FailoverGuard,
): Promise<{ readonly attempt: FailoverAttempt | null } | Result> => {
  const { upstream, key } = press.action;
  const others = await orError(guard.shared?.attempts.find(upstream, key) ?? nothing);
  if (others instanceof Error) return withoutRedis(press, befallen(others, 'was lost.'));
  const own = await orError(recall({ ...guard, shared: null }, upstream, key));
  if (own instanceof Error) return unreadable(press);
  const attempt = newestOf([own, others]);
  const learned = await orError(learn(press, own, attempt));
  return learned instanceof Error ? unreadable(press) : { attempt };
};

/** Writes down here that a person has judged an attempt of this process at another replica. */
const learn = async <Seen, Result extends Answer>(
  { context, action }: Press<Seen, Result>,
  own: FailoverAttempt | null,
  attempt: FailoverAttempt | null,
): Promise<void> => {
  if (attempt?.acknowledged === undefined || own?.attemptId !== attempt.attemptId || own.acknowledged) return;
  const { audit, memory } = context.failoverGuard;
  await audit.before(toAuditRecord({ ...attempt, action: action.name }, 'acknowledged', clock()));
  await memory.end(attempt);
};

/**
 * Whether Redis may have lost a record that was searched for after its epoch had been read; the failure as the end of a
 * sentence, or `null`. Without its record, a listed run could be taken for one of another body.
 */
const lossSince = async ({ shared }: FailoverGuard, upstream: string, epoch: string | null): Promise<string | null> => {
  if (shared === null) return null;
  const standing = await orError(shared.attempts.standing(upstream));
  if (standing instanceof Error) return befallen(standing, 'was lost.');
  if (standing.kind === 'lost') return lostRedis(standing.leftMs);
  return standing.epoch === epoch ? null : lostRedis(0);
};

interface Judged<Seen> {
  readonly decision: 'send' | 'answer';
  readonly attempt: FailoverAttempt | null;
  readonly seen: Seen | null;
  /** Why the record of what is listed may be gone, as the end of a sentence; `null` if it is not. */
  readonly loss: string | null;
}

/**
 * Decides on a request by the remembered attempt and its visible effect. `epoch` is that of Redis before, `null` if it
 * was not whole.
 */
const judge = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  guard: FailoverGuard,
  epoch: string | null,
): Promise<Judged<Seen> | Result> => {
  const first = await remembered(press, guard);
  if ('__typename' in first) return first;
  const { bodyDigest, answers } = press.action;
  if (decide(first.attempt, { bodyDigest, isListed: false }) === 'conflict') return answers.conflict();
  const seen = await look(press, first.attempt);
  const isListed = seen !== null;
  // Listed, although no attempt was known: the process that sent it has recorded its body by now.
  const unknown = first.attempt === null || first.attempt.outcome === 'notSent';
  const known = isListed && unknown ? await remembered(press, guard) : first;
  if ('__typename' in known) return known;
  const loss = isListed && known.attempt === null ? await lossSince(guard, press.action.upstream, epoch) : null;
  const decision = decide(known.attempt, { bodyDigest, isListed });
  return decision === 'conflict' ? answers.conflict() : { decision, attempt: known.attempt, seen, loss };
};

const lookAndSend = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  guard: FailoverGuard,
  permit: Permit | null,
): Promise<Result> => {
  const judged = await judge(press, guard, permit?.epoch ?? null);
  if ('__typename' in judged) return judged;
  if (judged.loss !== null) return withoutRedis(press, judged.loss);
  if (judged.decision === 'answer') return press.action.answers.accepted(judged.seen, judged.attempt);
  return makeReady(press, guard, permit, async (ready, allowed) => {
    const sent = await sendOnce(press, guard, allowed, ready);
    return 'redis' in sent ? withoutRedis(press, sent.redis) : sent;
  });
};
