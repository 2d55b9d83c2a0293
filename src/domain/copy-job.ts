import type { ActivityState } from './activity.js';
import type { CopyOperation } from './copy-operation.js';

/** An AWS Backup copy job: one recovery point copied into another vault. */
export interface CopyJob extends CopyOperation {
  readonly __typename: 'CopyJob';
  readonly expiresAt: null; // a job does not tell: its recovery points do, see recovery-point.ts
  readonly copyJobId: string;
  readonly accountId: string | null;
  readonly sourceBackupVaultArn: string | null;
  readonly sourceRecoveryPointArn: string | null;
  readonly destinationBackupVaultArn: string | null;
  readonly destinationRecoveryPointArn: string | null;
  readonly destinationVaultType: string | null;
  readonly destinationVaultLockState: string | null;
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

/** The parts of an ARN that we read: `arn:partition:service:region:account:resource`. */
interface Arn {
  readonly region: string | null;
  readonly accountId: string | null;
  readonly resource: string; // all that follows the account, colons included
}

/** `null` for a text that is not an ARN. Region and account may be empty in one, as in an AMI's. */
export const parseArn = (text: string): Arn | null => {
  const [arn, , , region, account, ...resource] = text.split(':');
  if (arn !== 'arn' || region === undefined || account === undefined || resource.length === 0) return null;
  return { region: region || null, accountId: account || null, resource: resource.join(':') };
};

/** The last part of an ARN, as a person would name the thing: `i-0515aee7de03f58e1`. */
export const lastPartOf = (arn: string): string => arn.split(/[:/]/).findLast((part) => part !== '') ?? arn;
