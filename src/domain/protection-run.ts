import type { Activity } from './activity.js';
import type { CopyRun } from './copy-run.js';
import type { CopySnapshotTask } from './copy-snapshot-task.js';
import type { Micros } from './micros.js';
import type { RunKey, UniversalId } from './run-key.js';

export const runTypes = [
  'REGULAR',
  'FULL',
  'LOG',
  'SYSTEM',
  'HYDRATE_CDP',
  'STORAGE_ARRAY_SNAPSHOT',
  'UNKNOWN',
] as const;

/** The kind of backup of a run. */
export type RunType = (typeof runTypes)[number];

/** One run of a Cohesity protection job in brief: the backup, without its tasks and copies. */
export interface ProtectionShell extends Activity {
  readonly __typename: 'ProtectionShell';
  readonly run: RunKey;
  readonly jobId: bigint;
  readonly jobUid: UniversalId | null; // of the job on the cluster that made it
  readonly jobRunId: bigint | null;
  readonly runType: RunType | null;
}

/** One run as one read returns it: its shell, and its copy runs if they were asked for. */
export interface ProtectionRun {
  readonly run: RunKey;
  readonly startedAt: Micros | null; // for paging; null: not reported
  readonly endedAt: Micros | null;
  readonly shell: ProtectionShell;
  readonly copyRuns: readonly CopyRun[];
  readonly unreadable: number; // copies that were malformed and left out
}

/** The tasks of all copies of a run; empty if the read left them out. */
export const tasksOf = ({ copyRuns }: ProtectionRun): readonly CopySnapshotTask[] =>
  copyRuns.flatMap(({ tasks }) => tasks ?? []);
