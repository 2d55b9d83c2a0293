import { randomUUID } from 'node:crypto';
import type { Turn } from '../domain/exclusive.js';
import { type FailoverAttempt, decide, mayHaveArrived } from '../domain/failover-attempt.js';
import { micros } from '../domain/micros.js';
import { befallen } from '../domain/store-refused.js';
import { UpstreamError } from '../domain/upstream-error.js';
import { clock } from '../calling/clock.js';
import { asError } from '../calling/outcome.js';
import type { Admitted } from './action.js';
import { toAuditRecord } from './audited.js';
import { type Answer, type Press, rejected, withoutLock } from './answers.js';
import type { FailoverGuard, SharedGuard } from './guard.js';
import { searchFor, sendAndFind } from './send.js';

/** The part of a request's time that is reserved for the search after a lost answer. */
const SHARE_TO_SEARCH = 0.35;

export type HeldTurn = Extract<Turn, { kind: 'held' }>;

/** The permit to send, if replicas share a lock; it is checked again when everything is ready. */
export interface Permit {
  readonly shared: SharedGuard;
  readonly turns: readonly HeldTurn[];
  readonly epoch: string;
}

/** A request that may be sent if no other process was first. */
export interface Ready<Seen> extends Admitted<Seen> {
  /** The attempts on the same subject that were known when it was admitted. */
  readonly known: ReadonlySet<string>;
}

const LOST = 'was lost.';
const LOST_RECORD =
  'no longer holds the lock or the record of this press, which were written a moment ago: it was emptied, or it evicts what it should keep.';

/** Redis failed before anything was sent; the caller decides whether to continue without it. */
interface RedisLost {
  readonly redis: string; // the failure, as the end of a sentence
}

const attemptOf = <Seen, Result extends Answer>(
  { context, action }: Press<Seen, Result>,
  { ground }: Admitted<Seen>,
): FailoverAttempt => ({
  attemptId: randomUUID(),
  upstream: action.upstream,
  key: action.key,
  bodyDigest: action.bodyDigest,
  ...action.about,
  ground,
  madeId: null,
  principal: context.principal.name,
  startedAt: clock(),
  outcome: null,
});

/** Records the attempt, sends it, and records its outcome. Without the first record, nothing is sent. */
export const sendOnce = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  guard: FailoverGuard,
  permit: Permit | null,
  ready: Ready<Seen>,
): Promise<Result | RedisLost> => {
  const { context, action } = press;
  const leastMs = context.limits.requestTimeoutMs * SHARE_TO_SEARCH;
  if (press.msLeft() < leastMs) throw tooLate(action.upstream);
  const began = attemptOf(press, ready);
  const refused = await prepare(press, guard, permit, { began, known: ready.known });
  if (refused !== null) return refused;
  if (press.msLeft() >= leastMs) return post(press, ready, began);
  await writeDown(press, { ...began, outcome: 'notSent' }); // the disk or Redis was slow
  throw tooLate(action.upstream);
};

const tooLate = (upstream: string): UpstreamError =>
  new UpstreamError(upstream, 'timeout', 'too little time is left to send and to see what becomes of it');

/** The conditions before the request may leave. `null` if all hold; otherwise the answer, and nothing is sent. */
const prepare = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  guard: FailoverGuard,
  permit: Permit | null,
  { began, known }: Pick<Ready<Seen>, 'known'> & { readonly began: FailoverAttempt },
): Promise<Result | RedisLost | null> => {
  const giveUp = (): Promise<void> => writeDown(press, { ...began, outcome: 'notSent' });
  if (permit !== null) {
    const { shared, epoch } = permit;
    const written = await shared.attempts.begin(began, epoch).catch(asError);
    if (written !== true) {
      // If the record arrived all the same, it must not block the key for ever.
      if (written instanceof Error) void shared.attempts.end({ ...began, outcome: 'notSent' }).catch(() => undefined);
      return { redis: written instanceof Error ? befallen(written, LOST) : LOST_RECORD };
    }
  }
  await guard.memory.begin(began);
  const refused = await writeBefore(press, guard, began, known);
  if (refused !== null) {
    await giveUp();
    return typeof refused === 'function' ? refused() : refused;
  }
  if (permit === null) return null;
  const holds = await stillHolds(permit, began);
  if (holds === true || (holds instanceof Error && press.action.allowWithoutLock)) return null;
  await giveUp();
  return withoutLock(press, holds instanceof Error ? befallen(holds, LOST) : LOST_RECORD);
};

/**
 * Writes the record into the audit file, and checks that no other process was first there: two may write one file.
 * `null` if so; otherwise the answer, or the way to find it.
 */
const writeBefore = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  { audit }: FailoverGuard,
  began: FailoverAttempt,
  known: ReadonlySet<string>,
): Promise<Result | (() => Promise<Result>) | null> => {
  try {
    await audit.before(toAuditRecord({ ...began, action: press.action.name }, 'before', began.startedAt));
  } catch {
    return rejected(press, 'AUDIT_UNAVAILABLE', 'The audit record could not be written.');
  }
  try {
    const earlier = await audit.earlier(began);
    if (earlier !== null) return () => yieldTo(press, earlier);
    const rival = await rivalOf(audit, began, known);
    return rival === null
      ? null
      : rejected(press, 'LOCK_UNAVAILABLE', 'Another process sends a request for the same subject now.');
  } catch {
    return rejected(press, 'AUDIT_UNAVAILABLE', 'The audit file cannot be read, so the first request is not known.');
  }
};

/** An attempt on the same subject that was added to the file after this one was admitted. */
const rivalOf = async (
  audit: FailoverGuard['audit'],
  began: FailoverAttempt,
  known: ReadonlySet<string>,
): Promise<FailoverAttempt | null> => {
  if (began.subject === null) return null;
  const all = await audit.since(began.upstream, micros(0));
  const isRival = ({ attemptId, subject }: FailoverAttempt): boolean =>
    subject === began.subject && attemptId !== began.attemptId && !known.has(attemptId);
  return all.filter(mayHaveArrived).find(isRival) ?? null;
};

/** Whether Redis still has the lock, the record and the epoch; an error if it cannot be reached. */
const stillHolds = async ({ shared, turns, epoch }: Permit, began: FailoverAttempt): Promise<boolean | Error> => {
  try {
    const all = await Promise.all([...turns.map((turn) => turn.isStillHeld()), shared.attempts.stands(began, epoch)]);
    return all.every(Boolean);
  } catch (error) {
    return asError(error);
  }
};

/** Another process that writes the same file was first under this key: the answer is its attempt's. */
const yieldTo = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  earlier: FailoverAttempt,
): Promise<Result> => {
  const { context, action } = press;
  if (decide(earlier, { bodyDigest: action.bodyDigest, isListed: false }) === 'conflict')
    return action.answers.conflict();
  const { audit } = context.failoverGuard;
  const found = await searchFor(async (signal) => {
    const seen = await action.find(earlier, { signal });
    const attempt = await audit.reread(earlier);
    return seen !== null || attempt.outcome !== null ? { seen, attempt } : null;
  }, press.msLeft());
  const { seen, attempt } = found ?? { seen: null, attempt: earlier };
  if (seen === null && (attempt.outcome === 'refused' || attempt.outcome === 'notSent'))
    return rejected(press, 'LOCK_UNAVAILABLE', 'Another process used this key a moment ago, and nothing was started.');
  return action.answers.accepted(seen, attempt);
};

/** The one request of a recorded attempt. */
const post = async <Seen, Result extends Answer>(
  press: Press<Seen, Result>,
  ready: Ready<Seen>,
  began: FailoverAttempt,
): Promise<Result> => {
  const { action } = press;
  const searchMs = action.canBeFound === false ? 0 : press.msLeft() * SHARE_TO_SEARCH;
  const sent = await sendAndFind(
    {
      send: (call) => ready.send(call),
      find: (call) => action.find(began, call),
      looksBehindRefusal: action.upstreamKnowsKey,
    },
    { postMs: press.msLeft() - searchMs, searchMs },
  ).catch(async (error: unknown) => {
    // a bug of ours; it is unknown whether the request arrived
    await writeDown(press, { ...began, outcome: 'unconfirmed' });
    throw error;
  });
  const { outcome, seen, failure } = sent;
  const madeId = sent.madeId ?? (seen === null ? null : action.madeIdOf(seen));
  const attempt = { ...began, outcome, madeId, ...(sent.answer !== undefined && { answer: sent.answer }) };
  await writeDown(press, attempt, failure?.errorCode ?? null);
  if (outcome === 'notSent' && failure !== null) throw failure;
  return outcome === 'refused' && failure !== null
    ? action.answers.refused(failure)
    : action.answers.accepted(seen, attempt);
};

/**
 * Records the outcome in every store, including Redis even if it was left out, because it may be back. A failed store
 * costs only itself.
 */
const writeDown = async <Seen, Result extends Answer>(
  { context, action }: Press<Seen, Result>,
  attempt: FailoverAttempt,
  errorCode: string | null = null,
): Promise<void> => {
  const { memory, audit, shared } = context.failoverGuard;
  await memory.end(attempt);
  await audit.after(toAuditRecord({ ...attempt, action: action.name }, 'after', clock(), errorCode));
  await shared?.attempts.end(attempt).catch(() => undefined); // it keeps "began", which is the safe side
};
