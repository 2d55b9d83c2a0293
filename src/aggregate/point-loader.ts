import DataLoader from 'dataloader';
import { type RecoveryPoint } from '../domain/recovery-point.js';
import type { CallOptions } from '../calling/call.js';
import type { PointKey, PointOutcome } from '../upstream/aws-backup/vault-points.js';
import { type Clients, isAwsBackup } from './clients.js';
import { asError } from '../calling/outcome.js';

/** A recovery point in a vault, and the upstream through which it is read. */
export interface VaultPointKey extends PointKey {
  readonly upstream: string;
  readonly vaultArn: string;
}

/** The points of one vault together: up to 20 cost a describe each, more the pages of its list. */
export const createPointLoader = (clients: Clients, call: CallOptions) =>
  new DataLoader<VaultPointKey, RecoveryPoint | 'GONE', string>(
    async (keys) => {
      const vaults = new Map<string, VaultPointKey[]>();
      for (const key of keys) {
        const vault = `${key.upstream} ${key.vaultArn}`;
        vaults.set(vault, [...(vaults.get(vault) ?? []), key]);
      }
      const outcomes = new Map<VaultPointKey, PointOutcome | Error>();
      const readVault = async (some: readonly VaultPointKey[]): Promise<void> => {
        const [first] = some;
        const client = first === undefined ? undefined : clients.get(first.upstream);
        if (first === undefined || client === undefined || !isAwsBackup(client)) return;
        const read = await client.points(first.vaultArn, some, call).catch(asError);
        for (const key of some) outcomes.set(key, read instanceof Error ? read : (read.get(key.arn) ?? 'GONE'));
      };
      await Promise.all([...vaults.values()].map(readVault));
      return keys.map((key) => outcomes.get(key) ?? new Error(`${key.upstream} is no upstream that has vaults`));
    },
    { cacheKeyFn: ({ upstream, vaultArn, arn }) => `${upstream} ${vaultArn} ${arn}` },
  );
