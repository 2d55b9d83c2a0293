import { type Activity, type ActivityState, isFinished } from './activity.js';
import type { CopyOperation } from './copy-operation.js';
import { targetIdOf, targetIdWritten } from './copy-target.js';
import { durationOf } from './copy-timing.js';
import type { CopyTargetKind } from './copy-target-kind.js';
import type { FailureCategory } from './failure-category.js';
import type { ReplicaFilter } from './replica.js';
import { encodeId, parseId } from './global-id.js';
import { isDataLocked, isOnHold } from './kept-copy.js';
import { DAY_MICROS, HOUR_MICROS, type Micros, micros } from './micros.js';
import type { Window } from './window.js';

/** The composite AWS jobs that count: all, those without a parent, or those without children. */
export type Composite = 'ALL' | 'TOP_LEVEL' | 'LEAVES';

/** A caller's filter for a list. An absent member does not narrow the list. A list of words matches any of them. */
export interface CopyFilter {
  readonly upstreams?: readonly string[] | null | undefined;
  readonly states?: readonly ActivityState[] | null | undefined;
  readonly finished?: boolean | null | undefined;
  readonly targetKinds?: readonly CopyTargetKind[] | null | undefined;
  readonly targetIds?: readonly string[] | null | undefined; // global ids
  readonly startedAfter?: Micros | null | undefined; // inclusive
  readonly startedBefore?: Micros | null | undefined; // exclusive
  readonly endedAfter?: Micros | null | undefined; // inclusive
  readonly endedBefore?: Micros | null | undefined; // exclusive
  readonly expiresAfter?: Micros | null | undefined; // inclusive
  readonly expiresBefore?: Micros | null | undefined; // exclusive
  readonly onLegalHold?: boolean | null | undefined;
  readonly dataLocked?: boolean | null | undefined; // whether a lock is in force
  readonly longerThanSeconds?: number | null | undefined;
  readonly errorContains?: string | null | undefined;
  readonly objectName?: string | null | undefined;
  readonly protectionJobIds?: readonly string[] | null | undefined; // global ids
  readonly accountIds?: readonly string[] | null | undefined;
  readonly resourceTypes?: readonly string[] | null | undefined;
  readonly messageCategories?: readonly string[] | null | undefined;
  readonly failureCategories?: readonly FailureCategory[] | null | undefined;
  readonly composite?: Composite | null | undefined;
  // decided by the code that knows which upstreams answered, not by `matchesCopy`
  readonly replicas?: ReplicaFilter | null | undefined;
}

/** Whether only unfinished records can pass, because of `finished` or of the states alone. */
export const isOfUnfinished = ({ finished, states }: CopyFilter): boolean =>
  finished === false || (isGiven(states) && states.length > 0 && !states.some(isFinished));

/** Whether it must be known when each copy expires. */
export const asksForExpiry = ({ expiresAfter, expiresBefore }: CopyFilter): boolean =>
  isGiven(expiresAfter) || isGiven(expiresBefore);

/**
 * The window to read: by default the 24 hours before now, or before `startedBefore`. Copies that are unfinished, ended
 * recently, expire or are on hold may have started days ago, so those filters look back further.
 */
export const windowOf = (filter: CopyFilter, now: Micros, lookBackHours: number): Window => {
  const { endedAfter, onLegalHold, dataLocked } = filter;
  const reaches =
    isOfUnfinished(filter) || asksForExpiry(filter) || [endedAfter, onLegalHold, dataLocked].some(isGiven);
  const back = reaches ? lookBackHours * HOUR_MICROS : DAY_MICROS;
  const end = Math.min(now, filter.startedBefore ?? now);
  return { from: filter.startedAfter ?? micros(end - back), to: filter.startedBefore ?? null };
};

/** Whether a member of a filter was given: absent and null are the same. */
export const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

const lower = (text: string): string => text.toLowerCase();

const setOf = <T>(asked: readonly T[] | null | undefined): ReadonlySet<T> | null =>
  isGiven(asked) ? new Set(asked) : null;

const prepare = (filter: CopyFilter) => ({
  upstreams: setOf(filter.upstreams),
  states: setOf(filter.states),
  failureCategories: setOf(filter.failureCategories),
  targetKinds: setOf(filter.targetKinds),
  targetIds: setOf(filter.targetIds?.map(targetIdWritten)),
  protectionJobIds: setOf(filter.protectionJobIds),
  accountIds: setOf(filter.accountIds),
  resourceTypes: setOf(filter.resourceTypes),
  messageCategories: setOf(filter.messageCategories?.map(lower)),
  objectName: lower(filter.objectName ?? ''),
  errorContains: lower(filter.errorContains ?? ''),
});

const prepared = new WeakMap<CopyFilter, ReturnType<typeof prepare>>();

/** A filter may have thousands of words and is compared with thousands of records, so its sets are built once. */
const readyOf = (filter: CopyFilter): ReturnType<typeof prepare> => {
  const known = prepared.get(filter);
  if (known !== undefined) return known;
  const ready = prepare(filter);
  prepared.set(filter, ready);
  return ready;
};

/** Whether a value is among those asked for. Any value is, if none was asked for. */
const among = <T>(asked: ReadonlySet<T> | null, value: T | null): boolean =>
  asked === null || (value !== null && asked.has(value));

/** Whether a time lies in a span; its beginning is inside, its end is not, and an absent bound does not narrow it. */
const isIn = (at: Micros, after: Micros | null | undefined, before: Micros | null | undefined): boolean =>
  (!isGiven(after) || at >= after) && (!isGiven(before) || at < before);

/**
 * Whether a record started in the filter's window. A record of unknown start may have, unless it ended outside. It also
 * passes while it is unfinished or its end is unknown.
 */
const matchesStart = (
  { startedAfter, startedBefore }: CopyFilter,
  { startedAt, endedAt, state }: Activity,
): boolean => {
  if (startedAt !== null) return isIn(startedAt, startedAfter, startedBefore);
  return endedAt === null || !isFinished(state) || isIn(endedAt, startedAfter, startedBefore);
};

/**
 * Whether a record ended in the span asked for. If a finished record's end is unknown, any time after its start may be
 * it.
 */
const matchesEnd = ({ endedAfter, endedBefore }: CopyFilter, { startedAt, endedAt, state }: Activity): boolean => {
  if (!isGiven(endedAfter) && !isGiven(endedBefore)) return true;
  if (endedAt !== null) return isIn(endedAt, endedAfter, endedBefore);
  return isFinished(state) && (!isGiven(endedBefore) || startedAt === null || startedAt < endedBefore);
};

/** Whether an activity passes the members of a filter that every activity has. */
export const matchesActivity = (filter: CopyFilter, activity: Activity): boolean => {
  const asked = readyOf(filter);
  return (
    among(asked.upstreams, activity.upstream) &&
    among(asked.states, activity.state) &&
    (!isGiven(filter.finished) || filter.finished === isFinished(activity.state)) &&
    among(asked.failureCategories, activity.failureCategory) &&
    matchesStart(filter, activity) &&
    matchesEnd(filter, activity)
  );
};

/** AWS lists a composite job and its members side by side; a part of the tree is chosen so that nothing counts twice. */
const matchesComposite = (composite: Composite, { parentJobId = null, isParent }: CopyOperation): boolean =>
  composite === 'ALL' || (composite === 'TOP_LEVEL' ? parentJobId === null : isParent !== true);

const namesOf = ({ name, tasks }: CopyOperation): readonly string[] => [
  name,
  ...(tasks ?? []).map((task) => task.name),
];

/** Whether a record belongs to one of the protection jobs asked for. */
export const isOfJob = (
  filter: CopyFilter,
  { upstream, jobId }: { readonly upstream: string; readonly jobId: bigint },
): boolean =>
  !isGiven(filter.protectionJobIds) ||
  among(readyOf(filter).protectionJobIds, encodeId('ProtectionJob', upstream, jobId));

/** Whether any copy of an upstream may go to one of the targets asked for. */
export const concernsTargetsOf = ({ targetIds }: CopyFilter, upstream: string): boolean =>
  !isGiven(targetIds) || targetIds.some((id) => parseId(id)?.upstream === upstream);

/** Whether a copy took longer than asked for. An unfinished copy has taken the time since its start. */
const matchesDuration = ({ longerThanSeconds }: CopyFilter, copy: CopyOperation, now: Micros): boolean => {
  if (!isGiven(longerThanSeconds)) return true;
  const { startedAt, endedAt, state } = copy;
  const duration = durationOf({ startedAt, endedAt: endedAt ?? (isFinished(state) ? null : now) });
  return duration !== null && duration > longerThanSeconds * 1_000_000;
};

/**
 * Whether a copy is on hold or locked, or not, as asked for. Unknown counts as no, also for products without holds or
 * locks.
 */
const matchesKept = (filter: CopyFilter, copy: CopyOperation, now: Micros): boolean => {
  const { expiresAfter, expiresBefore, onLegalHold, dataLocked } = filter;
  return (
    (!asksForExpiry(filter) || (copy.expiresAt !== null && isIn(copy.expiresAt, expiresAfter, expiresBefore))) &&
    (!isGiven(onLegalHold) || onLegalHold === isOnHold(copy)) &&
    (!isGiven(dataLocked) || dataLocked === isDataLocked(copy, now))
  );
};

/** Whether a copy passes the filter. A copy of a product that lacks a member asked for does not. */
export const matchesCopy = (filter: CopyFilter, copy: CopyOperation, now: Micros): boolean => {
  const { upstream, jobId, accountId = null, resourceType = null, messageCategory = null } = copy;
  const asked = readyOf(filter);
  return (
    matchesActivity(filter, copy) &&
    among(asked.targetKinds, copy.target?.kind ?? 'UNKNOWN') &&
    among(asked.targetIds, targetIdOf(copy)) &&
    (jobId === undefined ? !isGiven(filter.protectionJobIds) : isOfJob(filter, { upstream, jobId })) &&
    among(asked.accountIds, accountId) &&
    among(asked.resourceTypes, resourceType) &&
    among(asked.messageCategories, messageCategory === null ? null : lower(messageCategory)) &&
    matchesComposite(filter.composite ?? 'ALL', copy) &&
    matchesKept(filter, copy, now) &&
    matchesDuration(filter, copy, now) &&
    (asked.errorContains === '' || lower(copy.error ?? '').includes(asked.errorContains)) &&
    (asked.objectName === '' || namesOf(copy).some((name) => lower(name).includes(asked.objectName)))
  );
};
