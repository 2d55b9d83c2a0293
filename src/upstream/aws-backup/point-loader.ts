import DataLoader from 'dataloader';
import { type RecoveryPoint } from '../../domain/recovery-point.js';
import type { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions } from '../../calling/call.js';
import type { PointKey, KeptOutcome } from './vault-points.js';
import type { Clients } from '../product.js';
import { isEndpoint } from './endpoint.js';
import { asError } from '../../calling/outcome.js';

/** A recovery point in a vault, and the upstream that reads it. */
interface VaultPointKey extends PointKey {
  readonly upstream: string;
  readonly vaultArn: string;
}

/** A point, or the fact that its vault no longer has it. */
export interface PointRead {
  readonly point: RecoveryPoint | 'GONE' | 'YET_TO_SHOW'; // `YET_TO_SHOW`: not there, but its job has only just ended
  readonly stale: UpstreamError | null; // why an older read is used
}

const toRead = (outcome: KeptOutcome | Error): PointRead | Error => {
  if (outcome instanceof Error) return outcome;
  return typeof outcome !== 'string' && 'stale' in outcome ? outcome : { point: outcome, stale: null };
};

/** Reads the points of one vault together: up to 20 take a describe each, more take the pages of its list. */
export const createPointLoader = (clients: Clients, call: CallOptions) =>
  new DataLoader<VaultPointKey, PointRead, string>(
    async (keys) => {
      const vaults = new Map<string, VaultPointKey[]>();
      for (const key of keys) {
        const vault = `${key.upstream} ${key.vaultArn}`;
        vaults.set(vault, [...(vaults.get(vault) ?? []), key]);
      }
      const outcomes = new Map<VaultPointKey, KeptOutcome | Error>();
      const readVault = async (some: readonly VaultPointKey[]): Promise<void> => {
        const [first] = some;
        const client = first === undefined ? undefined : clients.get(first.upstream);
        if (first === undefined || client === undefined || !isEndpoint(client)) return;
        const read = await client.points(first.vaultArn, some, call).catch(asError);
        for (const key of some) outcomes.set(key, read instanceof Error ? read : (read.get(key.arn) ?? 'GONE'));
      };
      await Promise.all([...vaults.values()].map(readVault));
      return keys.map((key) =>
        toRead(outcomes.get(key) ?? new Error(`${key.upstream} is not an upstream with vaults`)),
      );
    },
    { cacheKeyFn: ({ upstream, vaultArn, arn }) => `${upstream} ${vaultArn} ${arn}` },
  );
