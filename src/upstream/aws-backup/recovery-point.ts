import { z } from 'zod';
import type { BackupVault, RecoveryPoint } from '../../domain/recovery-point.js';
import type { Micros } from '../../domain/micros.js';
import { createWireReader, wireBoolean, wireInteger, wireObject, wireText } from '../wire.js';
import { wireDate } from './wire-date.js';

/**
 * The members of a recovery point that we read. `StorageClass` comes only from `DescribeRecoveryPoint`.
 * Source: AWS Backup API reference, `DescribeRecoveryPoint` and `RecoveryPointByBackupVault`.
 */
const WireRecoveryPoint = z.object({
  RecoveryPointArn: wireText,
  BackupVaultArn: wireText,
  Status: wireText,
  CreationDate: wireDate,
  CalculatedLifecycle: wireObject({ DeleteAt: wireDate }),
  BackupSizeInBytes: wireInteger,
  IsEncrypted: wireBoolean,
  EncryptionKeyArn: wireText,
  StorageClass: wireText,
});

export const readPoint = createWireReader(WireRecoveryPoint);

/** `null` for a point without an ARN, because it cannot be identified. The vault is the one in the request. */
export const toRecoveryPoint = (
  wire: z.infer<typeof WireRecoveryPoint>,
  upstream: string,
  vaultArn: string,
  observedAt: Micros,
): RecoveryPoint | null =>
  wire.RecoveryPointArn === null
    ? null
    : {
        arn: wire.RecoveryPointArn,
        vaultArn: wire.BackupVaultArn ?? vaultArn,
        upstream,
        status: wire.Status,
        createdAt: wire.CreationDate,
        expiresAt: wire.CalculatedLifecycle?.DeleteAt ?? null,
        sizeBytes: wire.BackupSizeInBytes,
        isEncrypted: wire.IsEncrypted,
        encryptionKeyArn: wire.EncryptionKeyArn,
        storageClass: wire.StorageClass,
        observedAt,
      };

/** The members of a vault that we read. Source: AWS Backup API reference, `BackupVaultListMember`. */
const WireBackupVault = z.object({
  BackupVaultName: wireText,
  BackupVaultArn: wireText,
  VaultType: wireText,
  Locked: wireBoolean,
  LockDate: wireDate,
  MinRetentionDays: wireInteger,
  MaxRetentionDays: wireInteger,
});

export const readVault = createWireReader(WireBackupVault);

/** `null` for a vault without an ARN. */
export const toBackupVault = (wire: z.infer<typeof WireBackupVault>): BackupVault | null =>
  wire.BackupVaultArn === null
    ? null
    : {
        name: wire.BackupVaultName,
        arn: wire.BackupVaultArn,
        kind: wire.VaultType,
        locked: wire.Locked,
        lockDate: wire.LockDate,
        minRetentionDays: wire.MinRetentionDays,
        maxRetentionDays: wire.MaxRetentionDays,
      };
