import { type AccountHolds, startAwsBackup } from './aws-backup.js';
import { closing } from './closing.js';
import { awsBackupAt } from './fake.js';
import type { Wire } from './wire.js';

/** An account's endpoint of one Region, with the config that leads to it. */
export const startAccount = async (id: string, region: string, account: AccountHolds) => {
  const double = closing(await startAwsBackup(account));
  return Object.assign(double, {
    upstream: { ...awsBackupAt(double), id, region },
    /** The requests since the last time, without their queries. */
    take: (() => {
      let from = 0;
      return (): readonly string[] => {
        const paths = double.seen.slice(from).map(({ path }) => decodeURIComponent(path));
        from = double.seen.length;
        return paths;
      };
    })(),
  });
};

export const vaultArn = (region: string, account: string, name: string): string =>
  `arn:aws:backup:${region}:${account}:backup-vault:${name}`;

export const wireVault = (region: string, account: string, name: string, overrides: Wire = {}): Wire => ({
  BackupVaultName: name,
  BackupVaultArn: vaultArn(region, account, name),
  VaultType: 'BACKUP_VAULT',
  Locked: false,
  ...overrides,
});

export const pointArn = (region: string, name: string): string => `arn:aws:ec2:${region}::snapshot/${name}`;

export const wirePoint = (vault: string, arn: string, createdAt: number, overrides: Wire = {}): Wire => ({
  RecoveryPointArn: arn,
  BackupVaultArn: vault,
  Status: 'COMPLETED',
  CreationDate: createdAt,
  ...overrides,
});
