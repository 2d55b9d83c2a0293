import type { CopyOperation } from './copy-operation.js';
import type { CopySnapshotTask, CopyStats } from './copy-snapshot-task.js';
import type { Micros } from './micros.js';

/** Cohesity's globally unique id: a cluster, its incarnation, and a number within it. */
export interface UniversalId {
  readonly clusterId: bigint;
  readonly clusterIncarnationId: bigint;
  readonly id: bigint;
}

export const wormRetentionTypes = ['NONE', 'COMPLIANCE', 'ADMINISTRATIVE', 'UNKNOWN'] as const;
export type WormRetentionType = (typeof wormRetentionTypes)[number];

export interface DataLockConstraints {
  readonly expiresAt: Micros | null;
  readonly wormRetentionType: WormRetentionType | null;
}

export interface LegalHolding {
  readonly upstream: string;
  readonly protectionSourceId: bigint | null;
  readonly holdForLegalPurpose: boolean | null;
}

/** The copy of the snapshots of one Cohesity backup run to one target. */
export interface CopyRun extends CopyOperation {
  readonly __typename: 'CopyRun';
  readonly jobId: bigint;
  readonly run: RunKey;
  readonly jobUid: UniversalId | null; // of the job on the cluster that made it
  readonly taskUid: UniversalId | null;
  readonly snapshotDeleted: boolean | null; // only of a LOCAL copy; null: not told
  readonly expiryCleared: boolean; // the vendor wrote 0 or less as the expiry: nothing is left once it is finished
  readonly dataLockConstraints: DataLockConstraints | null;
  readonly holdForLegalPurpose: boolean | null;
  readonly legalHoldings: readonly LegalHolding[];
  readonly userActionMessage: string | null;
  readonly stats: CopyStats | null;
  readonly tasks: readonly CopySnapshotTask[] | null; // null: not read, since the list left the tasks out
}

/** How a run of a Cohesity job is addressed: v1 has no other key. */
export interface RunKey {
  readonly upstream: string;
  readonly jobId: string; // decimal
  readonly startTimeUsecs: string; // decimal; `@` and the `jobRunId` where the vendor tells no start
}
