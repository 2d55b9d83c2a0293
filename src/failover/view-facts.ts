import type { FailoverAttempt } from '../domain/failover-attempt.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import {
  type ListedViewFailover,
  type ProtectedView,
  ageSecondsOf,
  newestListedFirst,
  replicationEndOf,
} from '../domain/view-failover.js';
import type { ViewFailoverRequest } from '../domain/view-failover-result.js';
import type { CallOptions } from '../calling/call.js';
import { clock } from '../calling/clock.js';
import type { ViewFailoverAbility } from '../upstream/view-failover-ability.js';
import { freshly } from './freshly.js';
import type { MutationContext } from './mutation-context.js';
import { knownAttempts } from './view-failovers.js';
import { groupsOfView, newestGoodRun } from './view-source.js';

/** The reads for the checks, each made once. */
export interface ViewFacts {
  readonly view: Promise<ProtectedView | null>;
  readonly operations: Promise<readonly string[] | null>;
  readonly listed: Promise<readonly ListedViewFailover[]>;
  readonly attempts: Promise<readonly FailoverAttempt[]>;
  readonly groups: Promise<readonly ProtectionJob[]>;
  /** The age of the data that would be served; `null` if it cannot be measured. */
  readonly ageSeconds: Promise<number | null>;
}

/** Whether a step changes which view it is, or reverses the direction of its data. */
export const isGrave = ({ action, reverseReplication }: ViewFailoverRequest): boolean =>
  action !== 'PREPARE' || reverseReplication === true;

/** A failed read belongs to its own check, and must not be an unhandled rejection elsewhere. */
const quietly = <T>(read: Promise<T>): Promise<T> => {
  read.catch(() => undefined);
  return read;
};

export const newestOf = (listed: readonly ListedViewFailover[]): ListedViewFailover | null =>
  [...listed].sort(newestListedFirst)[0] ?? null;

const ageOf = async (
  { action }: ViewFailoverRequest,
  listed: readonly ListedViewFailover[],
  newestRun: () => ReturnType<typeof newestGoodRun>,
): Promise<number | null> => {
  const newest = action === 'FINALIZE' ? newestOf(listed) : null;
  const dataAt = action !== 'FINALIZE' ? await newestRun() : newest === null ? null : replicationEndOf(newest);
  return dataAt === null ? null : ageSecondsOf(dataAt, clock());
};

/** Begins all reads that the checks of a step need. */
export const readView = (
  context: MutationContext,
  ability: ViewFailoverAbility,
  request: ViewFailoverRequest,
  call: CallOptions,
): ViewFacts => {
  const { upstream, viewId } = request;
  const session = freshly(context.session, call);
  const view = quietly(ability.view(viewId, session.call));
  const listed = quietly(ability.list(viewId, session.call));
  const groups = quietly(view.then((found) => (found === null ? [] : groupsOfView(session, upstream, found))));
  const newestRun = async () => newestGoodRun(context, session, await groups);
  const ageSeconds = isGrave(request)
    ? quietly(listed.then((found) => ageOf(request, found, newestRun)))
    : Promise.resolve(null);
  return {
    view,
    listed,
    groups,
    ageSeconds,
    operations: quietly(ability.operations(viewId, session.call)),
    attempts: knownAttempts(context.failoverGuard, upstream, viewId),
  };
};
