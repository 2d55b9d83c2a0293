import { HOUR_MICROS, type Micros, micros } from '../domain/micros.js';
import type { Notice } from '../domain/notice.js';
import { type NotifyRule, idOf } from './rule.js';

/** A notice that waits, with what was tried so far. */
interface Waiting {
  readonly notice: Notice;
  readonly attempts: number;
  readonly dueAt: Micros;
  readonly batch: string | null; // those that were tried together are tried together again
}

/** What waits to be delivered, in the order in which it came. */
export interface Outbox {
  readonly waiting: ReadonlyMap<string, Waiting>;
  readonly deliveredAt: ReadonlyMap<string, Micros>; // last, by rule
}

/** What goes into one request. */
export interface Batch {
  readonly id: string;
  readonly notices: readonly Notice[];
  readonly isDigest: boolean;
  readonly attempts: number; // made so far
}

export const emptyOutbox: Outbox = { waiting: new Map(), deliveredAt: new Map() };

/** So many notices may wait. */
export const MOST_WAITING = 1000;
const FIRST_PAUSE = 5_000_000;
const LONGEST_PAUSE = 10 * 60_000_000;

/** Adds those that do not wait yet, as far as there is room. */
export const put = (outbox: Outbox, notices: readonly Notice[], now: Micros): Outbox => {
  const waiting = new Map(outbox.waiting);
  for (const notice of notices) {
    if (waiting.size >= MOST_WAITING) break;
    if (!waiting.has(notice.id)) waiting.set(notice.id, { notice, attempts: 0, dueAt: now, batch: null });
  }
  return { ...outbox, waiting };
};

/** Without those. */
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

/** Before then nothing that is new may go out. */
const openAt = ({ deliveredAt }: Outbox, { name, minSeconds }: NotifyRule): Micros => {
  const last = deliveredAt.get(name);
  return micros(last === undefined || minSeconds === 0 ? 0 : last + minSeconds * 1_000_000);
};

/**
 * What a rule has to deliver now: what is tried again; what was missed, as one digest; else what is new, one by one or,
 * where deliveries have a least time between them, as one digest.
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

/** When a rule has something to deliver next; `null`: nothing waits. */
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

/** Those wait until then, whoever delivers them now. */
export const postponed = (outbox: Outbox, ids: readonly string[], until: Micros): Outbox => {
  const waiting = new Map(outbox.waiting);
  for (const id of ids) {
    const one = waiting.get(id);
    if (one !== undefined) waiting.set(id, { ...one, dueAt: until });
  }
  return { ...outbox, waiting };
};

/** A failed batch is tried again after a pause that doubles, until an hour has passed; then it is given up. */
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
