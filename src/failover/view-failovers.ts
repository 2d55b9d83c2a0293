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
import { type FailoverGuard, recallSince } from './guard.js';
import type { FailoverContext } from './status.js';

/** An upstream's ability to take over views; `undefined` if it has none, or does not exist. */
export const viewAbilityOf = (
  { session: { clients } }: Pick<FailoverContext, 'session'>,
  upstream: string,
): ViewFailoverAbility | undefined => clients.get(upstream)?.viewFailover;

/**
 * All attempts on a view that may have reached its cluster. Rejects if a store that may know more cannot be reached.
 */
const attemptsOfView = async (
  guard: FailoverGuard,
  upstream: string,
  viewId: bigint,
): Promise<readonly FailoverAttempt[]> =>
  (await recallSince(guard, upstream, micros(0))).filter(
    (attempt) => attempt.subject === subjectOfView(viewId) && mayHaveArrived(attempt),
  );

/** The same; if stores cannot be reached, only the attempts that this process remembers. */
export const knownAttempts = (
  guard: FailoverGuard,
  upstream: string,
  viewId: bigint,
): Promise<readonly FailoverAttempt[]> =>
  attemptsOfView(guard, upstream, viewId).catch(() =>
    attemptsOfView({ ...guard, shared: null, audit: silent(guard) }, upstream, viewId),
  );

const silent = ({ audit }: FailoverGuard): FailoverGuard['audit'] => ({ ...audit, since: async () => [] });

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
  { session, failoverGuard }: FailoverContext,
  {
    upstream,
    viewId,
    ability,
  }: { readonly upstream: string; readonly viewId: bigint; readonly ability: ViewFailoverAbility },
): Promise<readonly ViewFailover[]> => {
  const [listed, attempts] = await Promise.all([
    ability.list(viewId, session.call),
    knownAttempts(failoverGuard, upstream, viewId),
  ]);
  const { attemptOf, unseen } = matchAttempts(listed, attempts);
  const shown = [...listed].sort(newestListedFirst).map((one) => {
    const attempt = attemptOf(one);
    return attempt === null ? listedFailover(upstream, viewId, one, null) : failoverOfAttempt(attempt, viewId, one);
  });
  return [...unseen.map((attempt) => failoverOfAttempt(attempt, viewId, null)), ...shown];
};

/** One failover by the parts of its id: the view, and the key or `@` and the cluster's id. `null` if it is unknown. */
export const loadViewFailover = async (
  { session, failoverGuard }: FailoverContext,
  upstream: string,
  [view = '', key = '']: readonly string[],
): Promise<ViewFailover | null> => {
  const ability = viewAbilityOf({ session }, upstream);
  if (ability === undefined) return null;
  const viewId = BigInt(view);
  const [listed, attempts] = await Promise.all([
    ability.list(viewId, session.call),
    knownAttempts(failoverGuard, upstream, viewId),
  ]);
  const { attemptOf, listedFor } = matchAttempts(listed, attempts);
  if (key.startsWith('@')) {
    const found = listed.find(({ failoverId }) => failoverId === key.slice(1));
    return found === undefined ? null : listedFailover(upstream, viewId, found, attemptOf(found));
  }
  const attempt = attempts.find((one) => keyOf(one) === key);
  if (attempt === undefined) return null;
  return failoverOfAttempt(attempt, viewId, listedFor(attempt));
};
