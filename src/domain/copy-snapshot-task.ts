import type { CopyOperation } from './copy-operation.js';
import type { DataLockConstraints, RunKey, UniversalId } from './copy-run.js';
import type { Micros } from './micros.js';
import type { ProtectionSource } from './protection-source.js';

/** Numbers of one Cohesity copy: of a task, or of all tasks of a copy run together. */
export interface CopyStats {
  readonly startedAt: Micros | null;
  readonly endedAt: Micros | null;
  readonly isIncremental: boolean | null;
  readonly logicalSizeBytes: bigint | null;
  readonly logicalBytesTransferred: bigint | null;
  readonly logicalTransferRateBps: bigint | null;
  readonly physicalBytesTransferred: bigint | null;
}

/** The copy of one source object within a Cohesity copy run. */
export interface CopySnapshotTask extends CopyOperation {
  readonly __typename: 'CopySnapshotTask';
  readonly run: RunKey;
  readonly jobId: bigint;
  readonly jobUid: UniversalId | null; // its run's
  readonly copyRunId: string; // global id
  readonly source: ProtectionSource | null;
  readonly stats: CopyStats | null;
  readonly snapshotDeleted: boolean | null; // its run's
  readonly expiryCleared: boolean; // its run's
  readonly dataLockConstraints: DataLockConstraints | null; // its run's
  readonly holdForLegalPurpose: boolean | null; // its source's where told, else its run's
}
