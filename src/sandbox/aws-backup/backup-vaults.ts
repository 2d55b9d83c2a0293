import type { Call, World } from './call.js';
import { dayMs } from './estate.js';
import { type JsonObject, toSeconds } from './json.js';
import type { Pager } from './page.js';
import { account, text, word } from './query.js';
import { countRecoveryPoints } from './recovery-points.js';
import { findVault } from './vault-lookup.js';
import { accounts, type Vault } from './vaults.js';

/** Long before any backup of the sample data. */
const builtAt = Date.UTC(2023, 3, 11, 9, 24, 6);

/**
 * From then on no user can lift the lock: three days after it was set, or the service's longest delay of a hundred
 * years. `undefined` for a lock that never becomes final, and for an air-gapped vault, which is locked by its type.
 */
const lockDate = ({ type, lock }: Vault): number | undefined => {
  if (type === 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' || lock === undefined || lock === 'governance') return undefined;
  return toSeconds(builtAt + (lock === 'grace' ? 36_500 : 3) * dayMs);
};

const body = (world: World, vault: Vault, now: number): JsonObject => ({
  BackupVaultName: vault.name,
  BackupVaultArn: vault.arn,
  VaultType: vault.type,
  VaultState: 'AVAILABLE',
  CreationDate: toSeconds(builtAt + 137 * vault.name.length),
  EncryptionKeyArn: vault.keyArn,
  EncryptionKeyType: vault.keyArn === undefined ? 'AWS_OWNED_KMS_KEY' : 'CUSTOMER_MANAGED_KMS_KEY',
  NumberOfRecoveryPoints: countRecoveryPoints(world, vault, now),
  Locked: vault.lock !== undefined,
  MinRetentionDays: vault.minRetentionDays,
  MaxRetentionDays: vault.maxRetentionDays,
  LockDate: lockDate(vault),
});

export const describeBackupVault = ({ world, now, path, query }: Call): JsonObject => {
  const vault = findVault(world.estate, path[0] ?? '', account(query, 'backupVaultAccountId'));
  return body(world, vault, now);
};

/** The caller's vaults; with `shared`, those that another account shares with it. */
export const listBackupVaults = (call: Call, pager: Pager): JsonObject => {
  const { world, query } = call;
  const type = word(query, 'vaultType', [
    'BACKUP_VAULT',
    'LOGICALLY_AIR_GAPPED_BACKUP_VAULT',
    'RESTORE_ACCESS_BACKUP_VAULT',
  ]);
  const shared = text(query, 'shared') === 'true';
  const owner = shared ? accounts.second : accounts.primary;
  const { items, snapshot, nextToken } = pager(call, { operation: 'ListBackupVaults' }, () =>
    [...world.estate.vaults.values()].filter(
      (vault) =>
        vault.region === world.estate.region &&
        vault.accountId === owner &&
        (!shared || vault.type === 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT') &&
        (type === undefined || vault.type === type),
    ),
  );
  return { BackupVaultList: items.map((vault) => body(world, vault, snapshot.now)), NextToken: nextToken };
};
