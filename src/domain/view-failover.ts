import { type FailoverAttempt, mayHaveArrived } from './failover-attempt.js';
import { HOUR_MICROS, type Micros, micros } from './micros.js';

const viewFailoverActions = ['PREPARE', 'FINALIZE', 'UNPLANNED'] as const;

/** A step of the failover of a view: both halves of a planned one, or an unplanned one at once. */
export type ViewFailoverAction = (typeof viewFailoverActions)[number];

/** How far the failover of a view is; `UNCONFIRMED` where nobody can tell whether it was taken on. */
export type ViewFailoverState = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'UNCONFIRMED' | 'UNKNOWN';

/** A replication within the failover of a view. Source: Cohesity v2 FailoverReplication. */
export interface ViewReplication {
  readonly replicationId: string | null;
  readonly targetClusterId: bigint | null;
  readonly targetClusterName: string | null;
  readonly state: Exclude<ViewFailoverState, 'UNCONFIRMED'>;
  readonly upstreamState: string | null;
  readonly progress: number | null; // 0 to 1
  readonly sizeBytes: bigint | null;
  readonly transferredBytes: bigint | null;
  readonly physicalTransferredBytes: bigint | null;
  readonly startedAt: Micros | null;
  readonly endedAt: Micros | null;
  readonly error: string | null;
}

/** A failover as its cluster lists it, whoever began it. Source: Cohesity v2 Failover. */
export interface ListedViewFailover {
  readonly failoverId: string; // the cluster makes it
  readonly kind: 'PLANNED' | 'UNPLANNED' | null; // null: another word, or none
  readonly state: Exclude<ViewFailoverState, 'UNCONFIRMED'>;
  readonly upstreamState: string | null;
  readonly error: string | null;
  readonly startedAt: Micros | null;
  readonly endedAt: Micros | null;
  readonly replications: readonly ViewReplication[];
}

/** A view, and the groups that protect it on the cluster asked. Ids hold on that cluster only. */
export interface ProtectedView {
  readonly viewId: bigint;
  readonly name: string | null;
  readonly groupIds: readonly string[]; // `clusterId:clusterIncarnationId:jobId`
}

/** What is asked of the cluster that takes over; `null` is not sent. */
export interface ViewFailoverOrder {
  readonly action: ViewFailoverAction;
  readonly reverseReplication: boolean | null;
}

/** The failover of a view as copygraph knows it: what the cluster lists, and what is remembered of the request. */
export interface ViewFailover {
  readonly __typename: 'ViewFailover';
  readonly id: string;
  readonly upstream: string;
  readonly viewId: bigint;
  readonly listed: ListedViewFailover | null; // null: the cluster does not list it (yet)
  readonly action: ViewFailoverAction | null; // null: planned, and begun elsewhere
  readonly state: ViewFailoverState;
  readonly message: string | null; // for a person
  readonly requestedAt: Micros | null;
}

/** What may have one open failover at a time, over all keys. */
export const subjectOfView = (viewId: bigint): string => `view ${viewId}`;

const actionOfStep = (step: string | null): ViewFailoverAction | null =>
  viewFailoverActions.find((action) => action === step) ?? null;

/** The vendor's word for the kind of an action: its list tells no more. */
const kindOf = (action: ViewFailoverAction | null): ListedViewFailover['kind'] =>
  action === null ? null : action === 'UNPLANNED' ? 'UNPLANNED' : 'PLANNED';

/** By so much may the clock of a cluster be behind ours. */
const SKEW_MICROS = HOUR_MICROS;

/**
 * The failover of the list that came of an attempt: the one of the id that the cluster answered with. Where the answer
 * was lost, the first of the same kind that was not there before and that no other attempt has made.
 */
export const listedOf = (
  listed: readonly ListedViewFailover[],
  attempt: FailoverAttempt,
  others: readonly FailoverAttempt[],
): ListedViewFailover | null => {
  const { madeId, ground, step, startedAt: pressedAt } = attempt;
  if (madeId !== null) return listed.find(({ failoverId }) => failoverId === madeId) ?? null;
  if (!mayHaveArrived(attempt)) return null;
  const madeByOthers = new Set(others.map((other) => other.madeId));
  const [first = null] = listed
    .filter(
      ({ failoverId, kind, startedAt }) =>
        kind === kindOf(actionOfStep(step)) &&
        !ground.includes(failoverId) &&
        !madeByOthers.has(failoverId) &&
        (startedAt === null || startedAt >= pressedAt - SKEW_MICROS),
    )
    .sort((one, other) => (one.startedAt ?? Infinity) - (other.startedAt ?? Infinity));
  return first;
};

/** Newest first; one without a start may be the newest. */
export const newestListedFirst = (one: ListedViewFailover, other: ListedViewFailover): number =>
  (other.startedAt ?? Infinity) === (one.startedAt ?? Infinity)
    ? 0
    : (other.startedAt ?? Infinity) - (one.startedAt ?? Infinity);

/** Whether it may go on, as far as anyone can tell. */
export const isUnderWay = ({ state, endedAt }: ListedViewFailover): boolean =>
  state === 'RUNNING' || (state === 'UNKNOWN' && endedAt === null);

/** When the replication of a failover ended: the last, where all have succeeded; `null` where that is not told. */
export const replicationEndOf = ({ replications }: ListedViewFailover): Micros | null => {
  const ends = replications.map(({ state, endedAt }) => (state === 'SUCCEEDED' ? endedAt : null));
  const told = ends.filter((end) => end !== null);
  return told.length === 0 || told.length < ends.length ? null : micros(Math.max(...told));
};

/** A time that lies further ahead than two clocks differ cannot be measured against. */
const AHEAD_MICROS = HOUR_MICROS / 12;

/** How old data of a time are, in whole seconds, rounded up; `null` where the clocks do not agree. */
export const ageSecondsOf = (dataAt: Micros, now: Micros): number | null =>
  dataAt - now > AHEAD_MICROS ? null : Math.max(0, Math.ceil((now - dataAt) / 1_000_000));

/** What is left to a person when a view was failed over. */
const LEFT_TO_DO =
  'The view is served here now. Left to you: the first backup of the new group (failover_…) and its replication back, the old inactive group here, and what the source still has.';

const messageOf = (
  listed: ListedViewFailover | null,
  action: ViewFailoverAction | null,
  outcome: FailoverAttempt['outcome'],
): string | null => {
  if (listed === null)
    return outcome === 'accepted'
      ? 'The cluster took it on, and does not list it.'
      : 'It was sent or about to be, and the cluster does not list it: look at the cluster. Nothing more is sent for this view until it shows.';
  if (listed.state !== 'SUCCEEDED') return listed.error;
  if (action === null) return listed.error;
  return action === 'PREPARE'
    ? 'The data are here, and the view is not: FINALIZE within 60 minutes after the replication ended.'
    : LEFT_TO_DO;
};

/** One failover, out of what the cluster lists and what is remembered of it; one of both is there. */
export const toViewFailover = (
  key: Pick<ViewFailover, 'id' | 'upstream' | 'viewId'>,
  listed: ListedViewFailover | null,
  attempt: FailoverAttempt | null,
): ViewFailover => {
  const remembered = actionOfStep(attempt?.step ?? null);
  const action = remembered ?? (listed?.kind === 'UNPLANNED' ? 'UNPLANNED' : null);
  const outcome = attempt?.outcome ?? null;
  return {
    __typename: 'ViewFailover',
    ...key,
    listed,
    action,
    state: listed?.state ?? (outcome === 'accepted' ? 'UNKNOWN' : 'UNCONFIRMED'),
    message: messageOf(listed, action, outcome),
    requestedAt: attempt?.startedAt ?? null,
  };
};
