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

/** The progress of a failover's planned run; `UNCONFIRMED` if it is unknown whether the cluster accepted it. */
export type FailoverState = (typeof failoverStates)[number];

/** Whether nothing more will happen. An unconfirmed failover may still run, as far as is known. */
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

/** The kind of backup a planned run makes. */
export type FailoverRunType = (typeof failoverRunTypes)[number];

/**
 * The options of a planned run; `null` members are not sent. All ids belong to the source cluster.
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

/** A cluster's report of one planned run. Source: Cohesity v2 PlannedRunPollStatus. */
export interface PlannedRun {
  readonly failoverId: string;
  readonly runId: string | null; // `jobId:startTimeUsecs`, once the run is scheduled
  readonly waitingOnOtherRunCancellations: boolean;
  readonly backupState: ActivityState | null; // null: the 6.x generation does not report it
  readonly observedAt: Micros;
}

/** A failover as copygraph knows it: the cluster's report, and the remembered request. */
export interface Failover {
  readonly __typename: 'Failover';
  readonly id: string;
  readonly upstream: string;
  readonly failoverId: string; // the workflow id, which is the idempotency key
  readonly planned: PlannedRun | null; // null: the cluster does not list it (yet)
  readonly confirmed: boolean; // whether the cluster is known to have accepted it
  readonly requestedAt: Micros | null;
  readonly replicationClusterId: bigint | null; // null if the request is not remembered
  readonly progress?: FailoverProgress; // present if it was worked out during this read
}

/** A failover's state and its reason, in words for a person; `null` if the state needs no reason. */
export interface FailoverProgress {
  readonly state: FailoverState;
  readonly message: string | null;
}

/** The run's key within its cluster, from `runId`; `null` for another form. */
export const runOfRunId = (runId: string): { readonly jobId: string; readonly startTimeUsecs: string } | null => {
  const [, jobId, startTimeUsecs] = /^(\d{1,20}):(\d{1,20})$/.exec(runId) ?? [];
  return jobId === undefined || startTimeUsecs === undefined ? null : { jobId, startTimeUsecs };
};

const tell = (state: FailoverState, message: string | null = null): FailoverProgress => ({ state, message });

/** The progress before a run exists: only the poll is known. */
const beforeRun = ({ planned, confirmed }: Failover): FailoverProgress => {
  if (planned === null) {
    return confirmed
      ? tell('REQUESTED', 'The cluster acknowledged the request; no run shows yet.')
      : tell(
          'UNCONFIRMED',
          'A request was sent or was about to be sent, and the cluster does not list it. Check the cluster before you try again with a new key.',
        );
  }
  if (planned.backupState === 'CANCELED') return tell('CANCELED');
  if (planned.backupState === 'FAILED' || planned.backupState === 'MISSED')
    return tell('FAILED', 'The planned run failed before it had a run id.');
  if (planned.waitingOnOtherRunCancellations) return tell('WAITING_FOR_CANCELLATIONS');
  return tell('REQUESTED');
};

/**
 * The progress of a failover. It has succeeded when both its backup and the replication of that backup have. If the
 * target cluster is remembered, only the copy to it counts; otherwise every replication does. `run` is the run named by
 * `planned.runId`: `null` if the cluster has no such run, `undefined` if it could not be read. Only a success that was
 * seen is reported as one.
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

/** The run has an id but was not read: only the poll's report of the backup is known. */
const withoutRun = (backupState: ActivityState | null, isGone: boolean): FailoverProgress => {
  if (backupState === 'FAILED' || backupState === 'MISSED') return tell('FAILED');
  if (backupState === 'CANCELED') return tell('CANCELED');
  if (isGone && backupState !== null && isGood(backupState)) {
    return tell(
      'UNCONFIRMED',
      'The backup succeeded, but the cluster no longer has the run: the result of the replication is unknown.',
    );
  }
  return tell('RUNNING', isGone ? null : 'The run could not be read: its progress is unknown now.');
};

const describeBackup = (state: ActivityState): string | null =>
  state === 'CANCELING' ? 'The run is being canceled.' : 'The backup is running.';

const describeCopy = (replications: readonly CopyRun[]): string => {
  const known = replications.map(progressOf).filter((progress) => progress !== null);
  return known.length === 0
    ? 'The replication is running.'
    : `The replication is ${Math.floor(Math.min(...known) * 100)} % done.`;
};
