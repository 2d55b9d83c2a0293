import type { CopyOperation } from './copy-operation.js';
import type { DataLockConstraints } from './data-lock.js';
import type { RunKey, UniversalId } from './run-key.js';
import type { ProtectionSource } from './protection-source.js';
import type { CopyStats } from './copy-stats.js';

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
  readonly holdForLegalPurpose: boolean | null; // its source's if reported, otherwise its run's
}
