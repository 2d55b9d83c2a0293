import type { Call } from './call.js';
import { rootOf, type Unit } from './estate.js';
import { type JsonObject, toSeconds } from './json.js';
import type { Pager } from './page.js';
import { backupArn } from './recovery-point-ref.js';
import { backedUp } from './timeline.js';

/** The last turn of a unit whose backup had ended by `now`. */
const lastTurn = (unit: Unit, now: number): number => {
  const { periodMs, offsetMs } = rootOf(unit).rule;
  const newest = Math.floor((now - offsetMs) / periodMs);
  return backedUp(unit, newest).endedAt <= now ? newest : newest - 1;
};

interface LastBackup {
  readonly unit: Unit;
  readonly turn: number;
  readonly endedAt: number;
}

/** Every resource that was ever backed up, with its latest backup; some are never copied. */
const lastBackups = (units: readonly Unit[], now: number): readonly LastBackup[] => {
  const latest = new Map<string, LastBackup>();
  for (const unit of units) {
    const turn = lastTurn(unit, now);
    const { endedAt } = backedUp(unit, turn);
    if (endedAt > (latest.get(unit.resource.arn)?.endedAt ?? -Infinity))
      latest.set(unit.resource.arn, { unit, turn, endedAt });
  }
  return [...latest.values()];
};

export const listProtectedResources = (call: Call, pager: Pager): JsonObject => {
  const { estate } = call.world;
  const { items, nextToken } = pager(call, { operation: 'ListProtectedResources' }, ({ now }) =>
    lastBackups(estate.units, now),
  );
  return {
    Results: items.map(({ unit, turn, endedAt }) => ({
      ResourceArn: unit.resource.arn,
      ResourceType: unit.resource.type,
      ResourceName: unit.resource.name,
      LastBackupTime: toSeconds(endedAt),
      LastBackupVaultArn: unit.rule.vault.arn,
      LastRecoveryPointArn: backupArn(estate, unit, turn),
    })),
    NextToken: nextToken,
  };
};
