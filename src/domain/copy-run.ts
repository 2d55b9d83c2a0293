import type { CopyOperation } from './copy-operation.js';
import type { CopySnapshotTask } from './copy-snapshot-task.js';
import type { CopyStats } from './copy-stats.js';
import type { UniversalId, RunKey } from './run-key.js';
import type { DataLockConstraints } from './data-lock.js';
import type { TargetDetails } from './target-details.js';

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
  readonly targetDetails: TargetDetails | null; // null: the vendor reports nothing more about the target
  readonly snapshotDeleted: boolean | null; // only of a LOCAL copy; null: not reported
  // the vendor wrote 0 or less as the expiry: nothing remains once the copy is finished
  readonly expiryCleared: boolean;
  readonly dataLockConstraints: DataLockConstraints | null;
  readonly holdForLegalPurpose: boolean | null;
  readonly legalHoldings: readonly LegalHolding[];
  readonly userActionMessage: string | null;
  readonly stats: CopyStats | null;
  readonly tasks: readonly CopySnapshotTask[] | null; // null: not read, because the list left the tasks out
}
