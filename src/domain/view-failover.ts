import { type FailoverAttempt, mayHaveArrived } from './failover-attempt.js';
import { HOUR_MICROS, type Micros, micros } from './micros.js';

const viewFailoverActions = ['PREPARE', 'FINALIZE', 'UNPLANNED'] as const;

/** A step of the failover of a view: both halves of a planned one, or an unplanned one at once. */
export type ViewFailoverAction = (typeof viewFailoverActions)[number];

/** The progress of a view's failover; `UNCONFIRMED` if it is unknown whether the cluster accepted it. */
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

/** A failover as its cluster lists it, whichever client began it. Source: Cohesity v2 Failover. */
export interface ListedViewFailover {
  readonly failoverId: string; // made by the cluster
  readonly kind: 'PLANNED' | 'UNPLANNED' | null; // null: another word, or none
  readonly state: Exclude<ViewFailoverState, 'UNCONFIRMED'>;
  readonly upstreamState: string | null;
  readonly error: string | null;
  readonly startedAt: Micros | null;
  readonly endedAt: Micros | null;
  readonly replications: readonly ViewReplication[];
}

/** A view, and the groups that protect it on that cluster. Ids are valid on that cluster only. */
export interface ProtectedView {
  readonly viewId: bigint;
  readonly name: string | null;
  readonly groupIds: readonly string[]; // `clusterId:clusterIncarnationId:jobId`
}

/** The request to the cluster that takes over; `null` members are not sent. */
export interface ViewFailoverOrder {
  readonly action: ViewFailoverAction;
  readonly reverseReplication: boolean | null;
}

/** A view's failover as copygraph knows it: the cluster's list, and the remembered request. */
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

/** The subject of a view: it may have one open failover at a time, over all keys. */
export const subjectOfView = (viewId: bigint): string => `view ${viewId}`;

const actionOfStep = (step: string | null): ViewFailoverAction | null =>
  viewFailoverActions.find((action) => action === step) ?? null;

/** The vendor's word for the kind of an action; its list has no finer one. */
const kindOf = (action: ViewFailoverAction | null): ListedViewFailover['kind'] =>
  action === null ? null : action === 'UNPLANNED' ? 'UNPLANNED' : 'PLANNED';

/** One without a start may be the newest. */
const startOf = ({ startedAt }: ListedViewFailover): number => startedAt ?? Number.MAX_SAFE_INTEGER;

/** The most that a cluster's clock may be behind ours. */
const SKEW_MICROS = HOUR_MICROS;

/**
 * The listed failover that an attempt made: the one with the id in the cluster's answer. If the answer was lost, the
 * first of the same kind that was not listed before and belongs to no other attempt.
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
    .sort((one, other) => startOf(one) - startOf(other));
  return first;
};

/** Newest first. */
export const newestListedFirst = (one: ListedViewFailover, other: ListedViewFailover): number =>
  startOf(other) - startOf(one);

/** Whether it may be running, as far as is known. */
export const isUnderWay = ({ state, endedAt }: ListedViewFailover): boolean =>
  state === 'RUNNING' || (state === 'UNKNOWN' && endedAt === null);

/** The end of a failover's replications, if all have succeeded; `null` if that is not reported. */
export const replicationEndOf = ({ replications }: ListedViewFailover): Micros | null => {
  const ends = replications.map(({ state, endedAt }) => (state === 'SUCCEEDED' ? endedAt : null));
  const told = ends.filter((end) => end !== null);
  return told.length === 0 || told.length < ends.length ? null : micros(Math.max(...told));
};

/** A time further ahead than two clocks differ cannot be measured. */
const AHEAD_MICROS = HOUR_MICROS / 12;

/** The age of data in whole seconds, rounded up; `null` if the clocks disagree. */
export const ageSecondsOf = (dataAt: Micros, now: Micros): number | null =>
  dataAt - now > AHEAD_MICROS ? null : Math.max(0, Math.ceil((now - dataAt) / 1_000_000));

/** The steps left to a person after the failover of a view. */
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
      : 'It was sent or was about to be sent, and the cluster does not list it: check the cluster. Nothing more is sent for this view until it shows.';
  if (listed.state !== 'SUCCEEDED') return listed.error;
  if (action === null) return listed.error;
  return action === 'PREPARE'
    ? 'The data are here, and the view is not: FINALIZE within 60 minutes after the replication ended.'
    : LEFT_TO_DO;
};

/** One failover, from the cluster's list and the remembered request; at least one of them exists. */
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
