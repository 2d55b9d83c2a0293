import { HOUR_MICROS, type Micros, micros } from '../domain/micros.js';
import type { Notice } from '../domain/notice.js';
import { type NotifyRule, idOf } from './rule.js';

/** A waiting notice, with the attempts so far. */
interface Waiting {
  readonly notice: Notice;
  readonly attempts: number;
  readonly dueAt: Micros;
  readonly batch: string | null; // notices that were sent together are sent together again
}

/** The waiting notices, in the order they arrived. */
export interface Outbox {
  readonly waiting: ReadonlyMap<string, Waiting>;
  readonly deliveredAt: ReadonlyMap<string, Micros>; // the last time, by rule
}

/** The notices of one request. */
export interface Batch {
  readonly id: string;
  readonly notices: readonly Notice[];
  readonly isDigest: boolean;
  readonly attempts: number; // so far
}

export const emptyOutbox: Outbox = { waiting: new Map(), deliveredAt: new Map() };

/** The most notices that may wait. */
export const MOST_WAITING = 1000;
const FIRST_PAUSE = 5_000_000;
const LONGEST_PAUSE = 10 * 60_000_000;

/** Adds notices that are not waiting yet, as far as there is room. */
export const put = (outbox: Outbox, notices: readonly Notice[], now: Micros): Outbox => {
  const waiting = new Map(outbox.waiting);
  for (const notice of notices) {
    if (waiting.size >= MOST_WAITING) break;
    if (!waiting.has(notice.id)) waiting.set(notice.id, { notice, attempts: 0, dueAt: now, batch: null });
  }
  return { ...outbox, waiting };
};

/** Removes notices. */
export const without = (outbox: Outbox, ids: Iterable<string>): Outbox => {
  const waiting = new Map(outbox.waiting);
  for (const id of ids) waiting.delete(id);
  return { ...outbox, waiting };
};

const batchOf = (of: readonly Waiting[], isDigest: boolean): Batch | null => {
  const [first] = of;
  if (first === undefined) return null;
  const notices = of.map(({ notice }) => notice);
  const ids = notices.map(({ id }) => id);
  const id = isDigest ? idOf('DIGEST', ...[...ids].sort()) : first.notice.id;
  return { id: first.batch ?? id, notices, isDigest, attempts: first.attempts };
};

const ofRule = ({ waiting }: Outbox, { name }: NotifyRule): readonly Waiting[] =>
  [...waiting.values()].filter(({ notice }) => notice.rule === name);

/** The earliest time for a new delivery of a rule. */
const openAt = ({ deliveredAt }: Outbox, { name, minSeconds }: NotifyRule): Micros => {
  const last = deliveredAt.get(name);
  return micros(last === undefined || minSeconds === 0 ? 0 : last + minSeconds * 1_000_000);
};

/**
 * The notices that a rule has to deliver now. Repeats come first; then missed ones, as one digest; then new ones. New
 * ones go one by one, or as one digest if the rule has a least time between deliveries.
 */
export const nextBatch = (outbox: Outbox, rule: NotifyRule, now: Micros): Batch | null => {
  const all = ofRule(outbox, rule);
  const due = all.filter(({ dueAt }) => dueAt <= now);
  const again = due.find(({ batch }) => batch !== null);
  if (again !== undefined) {
    const together = all.filter(({ batch }) => batch === again.batch);
    return batchOf(together, together.length > 1 || again.notice.isMissed);
  }
  if (openAt(outbox, rule) > now) return null;
  const missed = due.filter(({ notice }) => notice.isMissed);
  if (missed.length > 0) return batchOf(missed, true);
  const fresh = rule.minSeconds === 0 ? due.slice(0, 1) : due;
  return batchOf(fresh, fresh.length > 1);
};

/** When a rule next has something to deliver; `null`: nothing is waiting. */
export const nextTime = (outbox: Outbox, rule: NotifyRule): Micros | null => {
  const open = openAt(outbox, rule);
  const times = ofRule(outbox, rule).map(({ dueAt, batch }) => (batch === null ? Math.max(dueAt, open) : dueAt));
  return times.length === 0 ? null : micros(times.reduce((first, time) => Math.min(first, time)));
};

const idsOf = ({ notices }: Batch): readonly string[] => notices.map(({ id }) => id);

export const delivered = (outbox: Outbox, rule: string, batch: Batch, now: Micros): Outbox => {
  const rest = without(outbox, idsOf(batch));
  return { ...rest, deliveredAt: new Map(outbox.deliveredAt).set(rule, now) };
};

/** Postpones notices until then, whichever process delivers them now. */
export const postponed = (outbox: Outbox, ids: readonly string[], until: Micros): Outbox => {
  const waiting = new Map(outbox.waiting);
  for (const id of ids) {
    const one = waiting.get(id);
    if (one !== undefined) waiting.set(id, { ...one, dueAt: until });
  }
  return { ...outbox, waiting };
};

/** A failed batch is repeated after a pause that doubles. After an hour it is given up. */
export const failed = (
  outbox: Outbox,
  batch: Batch,
  { now, retryAfterMs }: { readonly now: Micros; readonly retryAfterMs: number | null },
): { readonly outbox: Outbox; readonly isGivenUp: boolean } => {
  const end = batch.notices.reduce((last, { since }) => Math.max(last, since), 0) + HOUR_MICROS;
  if (now >= end) return { outbox: without(outbox, idsOf(batch)), isGivenUp: true };
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** batch.attempts);
  const dueAt = micros(Math.min(end, now + Math.max(pause, (retryAfterMs ?? 0) * 1000)));
  const waiting = new Map(outbox.waiting);
  for (const notice of batch.notices)
    waiting.set(notice.id, { notice, attempts: batch.attempts + 1, dueAt, batch: batch.id });
  return { outbox: { ...outbox, waiting }, isGivenUp: false };
};
