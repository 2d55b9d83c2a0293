import { vaultOf } from '../../upstream/aws-backup/job-points.js';
import type { BackupVault, RecoveryPoint } from '../../domain/recovery-point.js';
import { builder } from '../builder.js';

const sent = (description: string) =>
  ({ nullable: true, description: `${description}. \`null\` if not sent.` }) as const;

const BackupVaultRef = builder.objectRef<BackupVault>('BackupVault').implement({
  description: 'An AWS Backup vault, as its account lists it. Source: AWS Backup BackupVaultListMember.',
  fields: (t) => ({
    name: t.exposeString('name', sent('Its name, unique in its account and Region')),
    arn: t.exposeString('arn', { description: 'Its ARN.' }),
    kind: t.exposeString(
      'kind',
      sent('AWS’s VaultType, such as BACKUP_VAULT or LOGICALLY_AIR_GAPPED_BACKUP_VAULT; AWS may add others'),
    ),
    locked: t.exposeBoolean('locked', sent('Whether a vault lock is in force')),
    lockDate: t.expose('lockDate', {
      type: 'DateTime',
      nullable: true,
      description:
        'The time from which nobody can change or remove the lock, possibly in the past. `null` if the lock can be removed at any time, or if there is none.',
    }),
    minRetentionDays: t.expose('minRetentionDays', {
      type: 'BigInt',
      ...sent('The shortest time in days that a locked vault keeps a point'),
    }),
    maxRetentionDays: t.expose('maxRetentionDays', {
      type: 'BigInt',
      ...sent('The longest time in days that a locked vault keeps a point'),
    }),
  }),
});

export const RecoveryPointRef = builder.objectRef<RecoveryPoint>('RecoveryPoint').implement({
  description:
    'An AWS Backup recovery point: one backup in a vault, or a copy of one. Up to 20 points of a vault are described one by one; more are listed. Source: AWS Backup DescribeRecoveryPoint and RecoveryPointByBackupVault.',
  fields: (t) => ({
    arn: t.exposeString('arn', { description: 'Its ARN.' }),
    status: t.exposeString(
      'status',
      sent(
        'AWS’s status. COMPLETED and AVAILABLE can be restored; others are PARTIAL, DELETING, EXPIRED, CREATING and STOPPED',
      ),
    ),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      ...sent('When the backup was made. A copy has the date of the backup that it was made from'),
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When AWS deletes it, possibly in the past: CalculatedLifecycle.DeleteAt. `null` if it does not expire, or if not sent.',
    }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'BigInt',
      ...sent('AWS BackupSizeInBytes, which AWS’s SDK rounds above 2^53'),
    }),
    isEncrypted: t.exposeBoolean('isEncrypted', sent('Whether it is encrypted')),
    encryptionKeyArn: t.exposeString('encryptionKeyArn', sent('ARN of the key that encrypts it')),
    storageClass: t.exposeString('storageClass', {
      nullable: true,
      description: 'WARM, COLD or DELETED. `null` if the point came from a list, which does not have it.',
    }),
    vault: t.field({
      type: BackupVaultRef,
      nullable: true,
      description:
        'The vault that it lies in. `null` if the list of vaults does not have it. Costs no call: that list was read to find the point.',
      resolve: (point, _args, context, info) => vaultOf(context.below(info).session, point),
    }),
  }),
});
