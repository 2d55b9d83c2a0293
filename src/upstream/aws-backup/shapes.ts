import { z } from 'zod';
import { activityStates } from '../../domain/activity.js';
import type { CopyJob } from '../../domain/copy-job.js';
import type { BackupVault, RecoveryPoint } from '../../domain/recovery-point.js';
import { at, flag, group, int, operation, record, text } from '../../cache/shapes.js';

/** The stored form of an AWS copy job. */
export const copyJobShape = record<CopyJob>({
  ...operation,
  __typename: z.literal('CopyJob'),
  copyJobId: z.string(),
  accountId: text,
  sourceBackupVaultArn: text,
  sourceRecoveryPointArn: text,
  destinationBackupVaultArn: text,
  destinationRecoveryPointArn: text,
  destinationVaultType: text,
  destinationVaultLockState: text,
  otherAccount: flag,
  destinationEncryptionKeyArn: text,
  destinationRecoveryPointLifecycle: group,
  resourceArn: text,
  resourceName: text,
  resourceType: text,
  statusMessage: text,
  messageCategory: text,
  iamRoleArn: text,
  createdBy: group,
  createdByBackupJobId: text,
  parentJobId: text,
  isParent: flag,
  compositeMemberIdentifier: text,
  numberOfChildJobs: int,
  childJobsInState: z
    .array(z.object({ state: z.enum(activityStates), upstreamState: z.string(), count: z.bigint() }))
    .nullable(),
});

/** The stored form of a resource. */
export const resourceShape = z.looseObject({ resourceArn: z.string(), resourceName: text, resourceType: text });

/** The stored form of a vault. */
export const vaultShape = record<BackupVault>({
  name: text,
  arn: z.string(),
  kind: text,
  locked: flag,
  lockDate: at,
  minRetentionDays: int,
  maxRetentionDays: int,
});

/** The stored form of a recovery point, or of the fact that it is gone. */
export const pointShape = z.union([
  z.literal('GONE'),
  record<RecoveryPoint>({
    arn: z.string(),
    vaultArn: z.string(),
    upstream: z.string(),
    status: text,
    createdAt: at,
    expiresAt: at,
    sizeBytes: int,
    isEncrypted: flag,
    encryptionKeyArn: text,
    storageClass: text,
    observedAt: z.number().int(),
  }),
]);
