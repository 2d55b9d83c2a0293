import { z } from 'zod';
import { activityStates } from '../../domain/activity.js';
import type { CopyJob } from '../../domain/copy-job.js';
import type { BackupVault, RecoveryPoint } from '../../domain/recovery-point.js';
import { at, flag, group, int, operation, record, text } from '../../cache/shapes.js';

/** An AWS copy job, as it is kept. */
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

/** What AWS has backed up, as it is kept. */
export const resourceShape = z.looseObject({ resourceArn: z.string(), resourceName: text, resourceType: text });

/** A vault, as it is kept. */
export const vaultShape = record<BackupVault>({
  name: text,
  arn: z.string(),
  kind: text,
  locked: flag,
  lockDate: at,
  minRetentionDays: int,
  maxRetentionDays: int,
});

/** A recovery point, or that it is gone, as it is kept. */
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
