import { type FailoverAttempt, decide, newestOf } from '../domain/failover-attempt.js';
import type { SingleFlight } from '../domain/single-flight.js';
import { befallen } from '../domain/store-refused.js';
import { startDeadline, unlessAborted } from '../calling/deadline.js';
import type { Action } from './action.js';
import { type Answer, type Press, rejected, withoutLock } from './answers.js';
import { type FailoverGuard, recall } from './guard.js';
import { type Permit, sendOnce } from './once.js';
import { leaseOf, lockOf, makeReady } from './ready.js';
import type { MutationContext } from './mutation-context.js';
import { asError } from '../calling/outcome.js';

/** Of the operation's time, what a press may take: it must still be told how it ended. */
const SHARE_OF_TIME = 0.9;

/**
 * Presses a button. However often and from wherever it is pressed with one key, at most one request is sent: equal
 * presses join here, wait for each other over replicas, look at the upstream and at what is remembered, and send only
 * what nobody can have sent before. An outage before anything was sent is thrown.
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
    // The press goes on whoever waits for it: a caller who goes away must not leave it half done.
    return await unlessAborted(call.signal, flight.result, () => new OutOfTimeError());
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) throw error;
    // A press sends nothing once the operation's time is up: what has not begun by now never will.
    const attempt = await failoverGuard.memory.find(upstream, key);
    const decision = decide(attempt, { bodyDigest, isListed: false });
    if (decision === 'conflict') return answers.conflict();
    return decision === 'answer'
      ? answers.accepted(null, attempt)
      : rejected(
          { action },
          'LOCK_UNAVAILABLE',
          'There was no time left to find out whether another replica presses this key.',
        );
  }
};

class OutOfTimeError extends Error {}

/** One press in this process: under the lock, where replicas share one. Sends nothing once the operation's time is up. */
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

/** Asks first whether Redis can be trusted to know every attempt. Where not, only what is known here is answered. */
const underLock = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  guard: FailoverGuard,
  { shared, turns }: Pick<Permit, 'shared' | 'turns'>,
): Promise<Result> => {
  const { upstream, key, bodyDigest, allowWithoutLock, answers } = press.action;
  const standing = await orError(shared.attempts.standing(upstream));
  if (standing instanceof Error) {
    // It may be the audit file that could not be read for it: then that is told.
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

/** Another replica is at it, longer than we could wait: what can be seen is the answer. */
const onlyLook = async <Seen, Result extends Answer>(press: Press<Seen, Result>): Promise<Result> => {
  const {
    failoverGuard: guard,
    failoverGuard: { shared },
  } = press.context;
  const standing = await orError(shared?.attempts.standing(press.action.upstream) ?? nothing);
  if (standing instanceof Error) return withoutLock(press, befallen(standing, 'was lost.'));
  const judged = await judge(press, guard);
  if ('__typename' in judged) return judged;
  if (judged.decision === 'send')
    return rejected(
      press,
      'LOCK_UNAVAILABLE',
      'Another replica holds the lock for this key, and has not said what it does.',
    );
  if (judged.attempt === null && standing?.kind === 'lost') return withoutLock(press, lostRedis(standing.leftMs));
  return press.action.answers.accepted(judged.seen, judged.attempt);
};

/** Redis is gone: refused, unless the caller takes it on. What this process and the audit file know still counts. */
const withoutRedis = <Seen, Result extends Answer>(press: Press<Seen, Result>, what: string): Promise<Result> =>
  press.action.allowWithoutLock
    ? lookAndSend(press, { ...press.context.failoverGuard, shared: null }, null)
    : Promise.resolve(withoutLock(press, what));

const unreadable = <Seen, Result extends Answer>(press: Press<Seen, Result>): Result =>
  rejected(press, 'AUDIT_UNAVAILABLE', 'The audit file, which tells what was pressed before, cannot be read.');

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
const remembered = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  guard: FailoverGuard,
): Promise<{ readonly attempt: FailoverAttempt | null } | Result> => {
  const { upstream, key } = press.action;
  const others = await orError(guard.shared?.attempts.find(upstream, key) ?? nothing);
  if (others instanceof Error) return withoutRedis(press, befallen(others, 'was lost.'));
  const own = await orError(recall({ ...guard, shared: null }, upstream, key));
  return own instanceof Error ? unreadable(press) : { attempt: newestOf([own, others]) };
};

interface Judged<Seen> {
  readonly decision: 'send' | 'answer';
  readonly attempt: FailoverAttempt | null;
  readonly seen: Seen | null;
}

/** What to do with a press, by what is remembered and what the upstream shows. */
const judge = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  guard: FailoverGuard,
): Promise<Judged<Seen> | Result> => {
  const first = await remembered(press, guard);
  if ('__typename' in first) return first;
  const { bodyDigest, answers } = press.action;
  if (decide(first.attempt, { bodyDigest, isListed: false }) === 'conflict') return answers.conflict();
  const seen = await look(press, first.attempt);
  const isListed = seen !== null;
  // Listed, though nobody had sent it: who did so since has written down with which body.
  const unknown = first.attempt === null || first.attempt.outcome === 'notSent';
  const known = isListed && unknown ? await remembered(press, guard) : first;
  if ('__typename' in known) return known;
  const decision = decide(known.attempt, { bodyDigest, isListed });
  return decision === 'conflict' ? answers.conflict() : { decision, attempt: known.attempt, seen };
};

const lookAndSend = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  guard: FailoverGuard,
  permit: Permit | null,
): Promise<Result> => {
  const judged = await judge(press, guard);
  if ('__typename' in judged) return judged;
  if (judged.decision === 'answer') return press.action.answers.accepted(judged.seen, judged.attempt);
  return makeReady(press, guard, permit, async (ready, allowed) => {
    const sent = await sendOnce(press, guard, allowed, ready);
    return 'redis' in sent ? withoutRedis(press, sent.redis) : sent;
  });
};
