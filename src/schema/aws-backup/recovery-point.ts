import { vaultOf } from '../../upstream/aws-backup/job-points.js';
import type { BackupVault, RecoveryPoint } from '../../domain/recovery-point.js';
import { builder } from '../builder.js';

const sent = (description: string) =>
  ({ nullable: true, description: `${description}; \`null\` where not sent.` }) as const;

const BackupVaultRef = builder.objectRef<BackupVault>('BackupVault').implement({
  description: 'An AWS Backup vault, as its account lists it. Source: AWS Backup BackupVaultListMember.',
  fields: (t) => ({
    name: t.exposeString('name', sent('Its name, unique in its account and Region')),
    arn: t.exposeString('arn', { description: 'Its ARN.' }),
    kind: t.exposeString(
      'kind',
      sent('AWS’s VaultType, such as BACKUP_VAULT or LOGICALLY_AIR_GAPPED_BACKUP_VAULT; a word may come later'),
    ),
    locked: t.exposeBoolean('locked', sent('Whether a vault lock is in force')),
    lockDate: t.expose('lockDate', {
      type: 'DateTime',
      nullable: true,
      description:
        'From then on nobody can change or lift the lock, possibly in the past. `null` where the lock can be lifted at any time, and where there is none.',
    }),
    minRetentionDays: t.expose('minRetentionDays', {
      type: 'BigInt',
      ...sent('How many days a locked vault keeps a point at least'),
    }),
    maxRetentionDays: t.expose('maxRetentionDays', {
      type: 'BigInt',
      ...sent('How many days a locked vault keeps a point at most'),
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
      sent('AWS’s word: COMPLETED and AVAILABLE can be restored; also PARTIAL, DELETING, EXPIRED, CREATING, STOPPED'),
    ),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      ...sent('When the backup was made. A copy keeps the date of the backup it was made from'),
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When AWS deletes it, by CalculatedLifecycle.DeleteAt, possibly in the past. `null` where it is kept until somebody deletes it.',
    }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'BigInt',
      ...sent('BackupSizeInBytes; AWS’s SDK rounds it above 2^53'),
    }),
    isEncrypted: t.exposeBoolean('isEncrypted', sent('Whether it is encrypted')),
    encryptionKeyArn: t.exposeString('encryptionKeyArn', sent('The key it is encrypted with')),
    storageClass: t.exposeString('storageClass', {
      nullable: true,
      description: 'WARM, COLD or DELETED. `null` where the point came by a list, which does not tell it.',
    }),
    vault: t.field({
      type: BackupVaultRef,
      nullable: true,
      description:
        'The vault it lies in; `null` where the list of vaults has it not. Costs no call: that list was read to find the point.',
      resolve: (point, _args, context, info) => vaultOf(context.below(info).session, point),
    }),
  }),
});
