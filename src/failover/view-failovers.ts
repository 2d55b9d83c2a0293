import type { FailoverAttempt } from '../domain/failover-attempt.js';
import { attemptKey, mayHaveArrived } from '../domain/failover-attempt.js';
import { encodeId } from '../domain/global-id.js';
import { micros } from '../domain/micros.js';
import {
  type ListedViewFailover,
  type ViewFailover,
  listedOf,
  newestListedFirst,
  subjectOfView,
  toViewFailover,
} from '../domain/view-failover.js';
import type { ViewFailoverAbility } from '../upstream/view-failover-ability.js';
import { type FailoverGuard, recallReachable } from './guard.js';
import type { FailoverContext } from './status.js';

/** An upstream's ability to take over views; `undefined` if it has none, or does not exist. */
export const viewAbilityOf = (
  { session: { clients } }: Pick<FailoverContext, 'session'>,
  upstream: string,
): ViewFailoverAbility | undefined => clients.get(upstream)?.viewFailover;

/** The known attempts on a view that may have reached its cluster. */
export const knownAttempts = async (
  guard: FailoverGuard,
  upstream: string,
  viewId: bigint,
): Promise<readonly FailoverAttempt[]> =>
  (await recallReachable(guard, upstream, micros(0))).attempts.filter(
    (attempt) => attempt.subject === subjectOfView(viewId) && mayHaveArrived(attempt),
  );

const keyOf = ({ key }: FailoverAttempt): string => key.slice(attemptKey('viewFailover', '').length);

/** The failover of an attempt: under its key, whether the cluster lists it or not. */
export const failoverOfAttempt = (
  attempt: FailoverAttempt,
  viewId: bigint,
  listed: ListedViewFailover | null,
): ViewFailover => {
  const { upstream } = attempt;
  const id = encodeId('ViewFailover', upstream, viewId, keyOf(attempt));
  return toViewFailover({ id, upstream, viewId }, listed, attempt);
};

/** A listed failover, under the cluster's own id. */
const listedFailover = (
  upstream: string,
  viewId: bigint,
  listed: ListedViewFailover,
  attempt: FailoverAttempt | null,
): ViewFailover => {
  const id = encodeId('ViewFailover', upstream, viewId, `@${listed.failoverId}`);
  return toViewFailover({ id, upstream, viewId }, listed, attempt);
};

/** Matches the cluster's list with the attempts that made it; also returns the attempts that it does not show. */
export const matchAttempts = (listed: readonly ListedViewFailover[], attempts: readonly FailoverAttempt[]) => {
  const oldestFirst = [...attempts].sort((one, other) => one.startedAt - other.startedAt);
  const made = new Map<FailoverAttempt, ListedViewFailover>();
  for (const attempt of oldestFirst) {
    const taken = new Set(made.values());
    const left = listed.filter((one) => !taken.has(one));
    const found = listedOf(
      left,
      attempt,
      attempts.filter((other) => other !== attempt),
    );
    if (found !== null) made.set(attempt, found);
  }
  return {
    listedFor: (attempt: FailoverAttempt): ListedViewFailover | null => made.get(attempt) ?? null,
    attemptOf: (one: ListedViewFailover): FailoverAttempt | null =>
      attempts.find((attempt) => made.get(attempt) === one) ?? null,
    unseen: oldestFirst.filter((attempt) => !made.has(attempt)).reverse(),
  };
};

interface ViewPlace {
  readonly upstream: string;
  readonly viewId: bigint;
  readonly ability: ViewFailoverAbility;
}

/** Reads the cluster's list of a view, and matches it with the known attempts. One call. */
const readMatched = async ({ session, failoverGuard }: FailoverContext, { upstream, viewId, ability }: ViewPlace) => {
  const [listed, attempts] = await Promise.all([
    ability.list(viewId, session.call),
    knownAttempts(failoverGuard, upstream, viewId),
  ]);
  return { listed, attempts, ...matchAttempts(listed, attempts) };
};

/** The listed failover of an attempt; `null` if there is none. */
export const findListed = async (
  guard: FailoverGuard,
  viewId: bigint,
  attempt: FailoverAttempt,
  read: Promise<readonly ListedViewFailover[]>,
): Promise<ListedViewFailover | null> => {
  const [listed, attempts] = await Promise.all([read, knownAttempts(guard, attempt.upstream, viewId)]);
  const others = attempts.filter(({ attemptId }) => attemptId !== attempt.attemptId);
  return matchAttempts(listed, [...others, attempt]).listedFor(attempt);
};

/**
 * The failovers of a view on the cluster that takes over: first those that it does not list (yet), then its list,
 * newest first. One call.
 */
export const listViewFailovers = async (
  context: FailoverContext,
  place: ViewPlace,
): Promise<readonly ViewFailover[]> => {
  const { upstream, viewId } = place;
  const { listed, attemptOf, unseen } = await readMatched(context, place);
  const shown = [...listed].sort(newestListedFirst).map((one) => {
    const attempt = attemptOf(one);
    return attempt === null ? listedFailover(upstream, viewId, one, null) : failoverOfAttempt(attempt, viewId, one);
  });
  return [...unseen.map((attempt) => failoverOfAttempt(attempt, viewId, null)), ...shown];
};

/** One failover by the parts of its id: the view, and the key or `@` and the cluster's id. `null` if it is unknown. */
export const loadViewFailover = async (
  context: FailoverContext,
  upstream: string,
  [view = '', key = '']: readonly string[],
): Promise<ViewFailover | null> => {
  const ability = viewAbilityOf(context, upstream);
  if (ability === undefined) return null;
  const viewId = BigInt(view);
  const { listed, attempts, attemptOf, listedFor } = await readMatched(context, { upstream, viewId, ability });
  if (key.startsWith('@')) {
    const found = listed.find(({ failoverId }) => failoverId === key.slice(1));
    return found === undefined ? null : listedFailover(upstream, viewId, found, attemptOf(found));
  }
  const attempt = attempts.find((one) => keyOf(one) === key);
  if (attempt === undefined) return null;
  return failoverOfAttempt(attempt, viewId, listedFor(attempt));
};
