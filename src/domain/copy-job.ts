import type { ActivityState } from './activity.js';
import type { Micros } from './micros.js';
import type { CopyOperation } from './copy-operation.js';

/** An AWS Backup copy job: one recovery point copied into another vault. */
export interface CopyJob extends CopyOperation {
  readonly __typename: 'CopyJob';
  // AWS does not send it with a job: `null` unless the job's recovery points were read
  readonly expiresAt: Micros | null;
  readonly copyJobId: string;
  readonly accountId: string | null;
  readonly sourceBackupVaultArn: string | null;
  readonly sourceRecoveryPointArn: string | null;
  readonly destinationBackupVaultArn: string | null;
  readonly destinationRecoveryPointArn: string | null;
  readonly destinationVaultType: string | null;
  readonly destinationVaultLockState: string | null;
  readonly otherAccount: boolean | null; // whether the destination vault belongs to another account than the source
  readonly destinationEncryptionKeyArn: string | null;
  readonly destinationRecoveryPointLifecycle: RecoveryPointLifecycle | null;
  readonly resourceArn: string | null;
  readonly resourceName: string | null;
  readonly resourceType: string | null;
  readonly statusMessage: string | null;
  readonly messageCategory: string | null;
  readonly iamRoleArn: string | null;
  readonly createdBy: RecoveryPointCreator | null;
  readonly createdByBackupJobId: string | null;
  readonly parentJobId: string | null;
  readonly isParent: boolean | null;
  readonly compositeMemberIdentifier: string | null;
  readonly numberOfChildJobs: bigint | null;
  readonly childJobsInState: readonly ChildJobsInState[] | null;
}

export interface RecoveryPointLifecycle {
  readonly moveToColdStorageAfterDays: bigint | null;
  readonly deleteAfterDays: bigint | null;
  readonly optInToArchiveForSupportedResources: boolean | null;
  readonly deleteAfterEvent: string | null;
}

export interface RecoveryPointCreator {
  readonly backupPlanId: string | null;
  readonly backupPlanArn: string | null;
  readonly backupPlanVersion: string | null;
  readonly backupPlanName: string | null;
  readonly backupRuleId: string | null;
  readonly backupRuleName: string | null;
  readonly backupRuleCron: string | null;
  readonly backupRuleTimezone: string | null;
}

export interface ChildJobsInState {
  readonly state: ActivityState;
  readonly upstreamState: string;
  readonly count: bigint;
}
