import { type FailoverAttempt, mayHaveArrived, mayStillAppear } from '../domain/failover-attempt.js';
import { micros } from '../domain/micros.js';
import { befallen } from '../domain/store-refused.js';
import type { CallOptions } from '../calling/call.js';
import { clock } from '../calling/clock.js';
import type { Action } from './action.js';
import { type Answer, type Press, rejected, withoutLock } from './answers.js';
import { type FailoverGuard, recallSince } from './guard.js';
import type { MutationContext } from './mutation-context.js';
import type { HeldTurn, Permit, Ready } from './once.js';

/** The time that a lock outlives the longest request, in case its holder dies. */
const LEASE_MARGIN_MS = 60_000;

export const leaseOf = ({ requestTimeoutMs }: MutationContext['limits']): number => requestTimeoutMs + LEASE_MARGIN_MS;

/** The name of the lock for a key. The braces keep all keys of an upstream in one slot of a Redis Cluster. */
export const lockOf = (upstream: string, key: string): string => `{${upstream}}:failover:${key}`;

export const subjectLockOf = (upstream: string, subject: string): string => `{${upstream}}:subject:${subject}`;

/** All attempts on one subject that may have reached the upstream, except those under this key. */
const attemptsAbout = async (
  guard: FailoverGuard,
  { upstream, key }: { readonly upstream: string; readonly key: string },
  subject: string,
): Promise<readonly FailoverAttempt[]> =>
  (await recallSince(guard, upstream, micros(0))).filter(
    (attempt) => attempt.subject === subject && attempt.key !== key && mayHaveArrived(attempt),
  );

/** Whether an attempt's result is unknown while the upstream shows no effect of it. */
const isOpen = (attempt: FailoverAttempt): boolean =>
  attempt.outcome !== 'accepted' || mayStillAppear(attempt, clock());

/** The first of these without a visible effect, which may still come. */
const firstOpen = async <Seen, Result extends Answer>(
  { find, blockedBy }: Pick<Action<Seen, Result>, 'find' | 'blockedBy'>,
  attempts: readonly FailoverAttempt[],
  call: CallOptions,
): Promise<FailoverAttempt | null> => {
  if (blockedBy !== undefined) return blockedBy(attempts);
  for (const attempt of attempts.filter(isOpen)) {
    if ((await find(attempt, call)) === null) return attempt;
  }
  return null;
};

/** The attempt under another key that blocks this action; `null` for none. */
export const openAttemptAbout = async <Seen, Result extends Answer>(
  guard: FailoverGuard,
  action: Action<Seen, Result>,
  call: CallOptions,
): Promise<FailoverAttempt | null> => {
  const { subject } = action.about;
  return subject === null ? null : firstOpen(action, await attemptsAbout(guard, action, subject), call);
};

type Work<Seen, Result> = (ready: Ready<Seen>, permit: Permit | null) => Promise<Result>;

/** Checks whether the request may be sent at all, and sends it. If a check fails, its result is the answer. */
const admitAnd = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  guard: FailoverGuard,
  permit: Permit | null,
  work: Work<Seen, Result>,
): Promise<Result> => {
  const { action, signal } = press;
  const { subject } = action.about;
  const attempts = subject === null ? [] : await attemptsAbout(guard, action, subject);
  const open = await firstOpen(action, attempts, { signal });
  if (open !== null) return action.answers.blocked(open);
  const admitted = await action.admit({ signal });
  if ('__typename' in admitted) return admitted;
  const known = new Set(attempts.map(({ attemptId }) => attemptId));
  return work({ ...admitted, known }, permit);
};

/** Prepares the one request: one at a time for a subject, over all keys and replicas. */
export const makeReady = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  guard: FailoverGuard,
  permit: Permit | null,
  work: Work<Seen, Result>,
): Promise<Result> => {
  const { context, action } = press;
  const { subject } = action.about;
  if (subject === null) return admitAnd(press, guard, permit, work);
  const exclusive = permit?.shared.exclusive ?? guard.ownTurns;
  const turn = await exclusive.acquire(subjectLockOf(action.upstream, subject), {
    leaseMs: leaseOf(context.limits),
    waitMs: Math.max(1, press.msLeft() / 4),
  });
  if (turn.kind === 'busy')
    return rejected(
      press,
      'LOCK_UNAVAILABLE',
      'Another request for the same subject is in progress under another key.',
    );
  if (turn.kind === 'unreachable') return withoutLock(press, befallen(turn.refusal, 'cannot be reached.'));
  try {
    return await admitAnd(press, guard, withTurn(permit, turn), work);
  } finally {
    await turn.release();
  }
};

const withTurn = (permit: Permit | null, turn: HeldTurn): Permit | null =>
  permit === null ? null : { ...permit, turns: [...permit.turns, turn] };
