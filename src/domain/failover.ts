import { type ActivityState, isGood } from './activity.js';
import { progressOf } from './copy-operation.js';
import type { CopyRun } from './copy-run.js';
import type { Micros } from './micros.js';
import type { ProtectionRun } from './protection-run.js';

export const failoverStates = [
  'REQUESTED',
  'WAITING_FOR_CANCELLATIONS',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CANCELED',
  'UNCONFIRMED',
] as const;

/** How far a failover's planned run is; `UNCONFIRMED` where nobody can tell whether it was taken on. */
export type FailoverState = (typeof failoverStates)[number];

/** Whether nothing more comes of it. One that is unconfirmed may go on, as far as anyone knows. */
export const isFailoverOver = (state: FailoverState): boolean =>
  state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELED';

export const failoverRunTypes = [
  'ALL',
  'LOG',
  'SYSTEM',
  'INCREMENTAL',
  'FULL',
  'HYDRATE_CDP',
  'STORAGE_ARRAY_SNAPSHOT',
] as const;

/** The backup that a planned run makes. */
export type FailoverRunType = (typeof failoverRunTypes)[number];

/**
 * What a planned run is asked to do; `null` is not sent. All ids are those of the source cluster.
 * Source: Cohesity v2 FailoverRunConfiguration.
 */
export interface FailoverRunConfiguration {
  readonly replicationClusterId: bigint;
  readonly objects: readonly { readonly objectId: bigint }[];
  readonly protectionGroupId: string | null;
  readonly runType: FailoverRunType | null;
  readonly viewId: bigint | null;
  readonly cancelNonFailoverRuns: boolean | null;
  readonly pauseNextRuns: boolean | null;
}

/** What a cluster says of one planned run. Source: Cohesity v2 PlannedRunPollStatus. */
export interface PlannedRun {
  readonly failoverId: string;
  readonly runId: string | null; // `jobId:startTimeUsecs`, once the run is scheduled
  readonly waitingOnOtherRunCancellations: boolean;
  readonly backupState: ActivityState | null; // the 6.x generation does not tell
  readonly observedAt: Micros;
}

/** A failover as copygraph knows it: what the cluster says, and what is remembered of the request. */
export interface Failover {
  readonly __typename: 'Failover';
  readonly id: string;
  readonly upstream: string;
  readonly failoverId: string; // the workflow id, which is the idempotency key
  readonly planned: PlannedRun | null; // null: the cluster does not list it (yet)
  readonly confirmed: boolean; // whether the cluster is known to have taken it on
  readonly requestedAt: Micros | null;
  readonly replicationClusterId: bigint | null; // null where nobody remembers the request
  readonly progress?: FailoverProgress; // where it was worked out when this was read
}

/** A failover's state, and why in words for a person; `null` where the state says it all. */
export interface FailoverProgress {
  readonly state: FailoverState;
  readonly message: string | null;
}

/** A run's own key within its cluster, out of `runId`; `null` for another form. */
export const runOfRunId = (runId: string): { readonly jobId: string; readonly startTimeUsecs: string } | null => {
  const [, jobId, startTimeUsecs] = /^(\d{1,20}):(\d{1,20})$/.exec(runId) ?? [];
  return jobId === undefined || startTimeUsecs === undefined ? null : { jobId, startTimeUsecs };
};

const tell = (state: FailoverState, message: string | null = null): FailoverProgress => ({ state, message });

/** Before there is a run, the poll alone tells. */
const beforeRun = ({ planned, confirmed }: Failover): FailoverProgress => {
  if (planned === null) {
    return confirmed
      ? tell('REQUESTED', 'The cluster acknowledged the request; no run shows yet.')
      : tell(
          'UNCONFIRMED',
          'A request was sent or about to be, and the cluster does not list it: look at the cluster before you press again, under a new key.',
        );
  }
  if (planned.backupState === 'CANCELED') return tell('CANCELED');
  if (planned.backupState === 'FAILED' || planned.backupState === 'MISSED')
    return tell('FAILED', 'The planned run failed before it had a run id.');
  if (planned.waitingOnOtherRunCancellations) return tell('WAITING_FOR_CANCELLATIONS');
  return tell('REQUESTED');
};

/**
 * How far a failover is. Its run is a backup and the replication of it: it has succeeded when both have. Only the copy
 * to the cluster that was asked for counts where that is remembered, every replication where not. `run` is the run that `planned.runId` names, as read from the cluster: `null` where it has none, `undefined` where it could not be
 * read. Nothing is called a success that was not seen.
 */
export const failoverProgressOf = (failover: Failover, run: ProtectionRun | null | undefined): FailoverProgress => {
  const { planned } = failover;
  if (planned === null || planned.runId === null) return beforeRun(failover);
  if (run === null || run === undefined) return withoutRun(planned.backupState, run === null);
  const { replicationClusterId: asked } = failover;
  const replications = run.copyRuns.filter(
    ({ target }) => target?.kind === 'REMOTE' && (asked === null || target.clusterId === asked),
  );
  const states = [run.shell.state, ...replications.map(({ state }) => state)];
  const error = [run.shell, ...replications].find((one) => one.error !== null)?.error ?? null;
  if (states.some((state) => state === 'FAILED' || state === 'MISSED' || state === 'PARTIAL'))
    return tell('FAILED', error);
  if (states.includes('CANCELED')) return tell('CANCELED', error);
  if (!isGood(run.shell.state)) return tell('RUNNING', describeBackup(run.shell.state));
  if (replications.length === 0) return tell('RUNNING', 'The backup is done; its replication is not listed yet.');
  return replications.every(({ state }) => isGood(state))
    ? tell('SUCCEEDED', error)
    : tell('RUNNING', describeCopy(replications));
};

/** The run is named but was not read: what the poll says of the backup is all there is. */
const withoutRun = (backupState: ActivityState | null, isGone: boolean): FailoverProgress => {
  if (backupState === 'FAILED' || backupState === 'MISSED') return tell('FAILED');
  if (backupState === 'CANCELED') return tell('CANCELED');
  if (isGone && backupState !== null && isGood(backupState)) {
    return tell(
      'UNCONFIRMED',
      'The backup succeeded, and the cluster keeps its run no more: how the replication ended cannot be told.',
    );
  }
  return tell('RUNNING', isGone ? null : 'The run could not be read: how far it is cannot be told now.');
};

const describeBackup = (state: ActivityState): string | null =>
  state === 'CANCELING' ? 'The run is being canceled.' : 'The backup is going on.';

const describeCopy = (replications: readonly CopyRun[]): string => {
  const known = replications.map(progressOf).filter((progress) => progress !== null);
  return known.length === 0
    ? 'The replication is going on.'
    : `The replication is ${Math.floor(Math.min(...known) * 100)} % done.`;
};
