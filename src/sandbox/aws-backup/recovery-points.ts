import type { Call, World } from './call.js';
import { scheduledJobs } from './copy-jobs.js';
import { creatorOf, sizeOf } from './copy-job.js';
import { notFound } from './errors.js';
import { dayMs, isKept, type Lane, memoryMs, rootOf, type Unit } from './estate.js';
import { type JsonObject, toSeconds } from './json.js';
import type { Pager } from './page.js';
import type { LifecycleSpec } from './plan-spec.js';
import { account, text, time } from './query.js';
import { backupArn, copyArn, readRecoveryPointArn } from './recovery-point-ref.js';
import { backedUp, type Job, type Life, lifeOf, scheduledJob, turnsBetween } from './timeline.js';
import { findVault } from './vault-lookup.js';
import type { Vault } from './vaults.js';

/** A backup, or a copy of one. */
interface RecoveryPoint {
  readonly unit: Unit;
  readonly turn: number;
  readonly copy: Job | undefined;
}

const isMade = ({ endsAt, end }: Life, now: number): boolean => now >= endsAt && end !== 'FAILED';

const arnOf = ({ estate }: World, { unit, turn, copy }: RecoveryPoint): string =>
  copy === undefined ? backupArn(estate, unit, turn) : copyArn(estate, copy);

const lifecycleOf = ({ unit, copy }: RecoveryPoint): LifecycleSpec | undefined =>
  copy === undefined ? unit.rule.spec.lifecycle : copy.lane.lifecycle;

/**
 * When it is deleted, if ever. A copy keeps its backup's date, and its days count from there; with -1 it is deleted
 * together with that backup.
 */
const deleteAt = (point: RecoveryPoint): number | undefined => {
  const { unit, turn, copy } = point;
  const own = lifecycleOf(point)?.DeleteAfterDays;
  const days = copy !== undefined && own === -1 ? unit.rule.spec.lifecycle.DeleteAfterDays : own;
  return days === undefined || days < 0 ? undefined : backedUp(unit, turn).startedAt + days * dayMs;
};

const isDeleted = (point: RecoveryPoint, now: number): boolean => now >= (deleteAt(point) ?? Infinity);

/** How long a unit's backups are reported: old ones that are copied by hand, as long as they are kept. */
const keptMs = (unit: Unit): number => {
  const days = unit.rule.spec.lifecycle.DeleteAfterDays ?? 30;
  return rootOf(unit).spec.copiedAfterDays === undefined ? Math.min(memoryMs, days * dayMs) : days * dayMs;
};

/** Whether a unit's backup at a turn exists. */
export const isBackupThere = (unit: Unit, turn: number, now: number): boolean => {
  const { endedAt } = backedUp(unit, turn);
  if (endedAt > now || endedAt <= now - keptMs(unit) || isDeleted({ unit, turn, copy: undefined }, now)) return false;
  return rootOf(unit).spec.copiedAfterDays !== undefined || isKept(unit, turn, endedAt, now);
};

/** The recovery points of a vault, as far back as any is remembered or kept. */
const inVault = ({ estate, started }: World, vault: Vault, now: number, startedCount?: number): RecoveryPoint[] => {
  const backups = estate.units
    .filter(({ rule }) => rule.vault === vault)
    .flatMap((unit) => {
      const [first, last] = turnsBetween(unit, now - keptMs(unit), now);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
        .filter((turn) => isBackupThere(unit, turn, now))
        .map((turn): RecoveryPoint => ({ unit, turn, copy: undefined }));
    });
  const here = (lane: Lane): boolean => lane.destination === vault;
  const jobs = [...scheduledJobs(estate.lanes.filter(here), -Infinity, Infinity, now), ...started.list(startedCount)];
  const copies = jobs
    .filter((job) => here(job.lane) && isMade(lifeOf(job), now))
    .map((copy): RecoveryPoint => ({ unit: copy.lane.unit, turn: copy.turn, copy }))
    .filter((point) => !isDeleted(point, now));
  return [...backups, ...copies];
};

/** The number of recovery points in a vault. */
export const countRecoveryPoints = (world: World, vault: Vault, now: number): number =>
  inVault(world, vault, now).length;

const parentArn = (world: World, { unit, turn, copy }: RecoveryPoint): string | undefined => {
  if (unit.parent === undefined) return undefined;
  const parentLane = copy?.lane.parent;
  const parentCopy = copy && parentLane && { ...copy, lane: parentLane };
  return arnOf(world, { unit: unit.parent, turn, copy: parentCopy });
};

const base = (world: World, point: RecoveryPoint): JsonObject => {
  const { unit, turn, copy } = point;
  const { resource, rule } = unit;
  const vault = copy?.lane.destination ?? rule.vault;
  const { startedAt, endedAt } = backedUp(unit, turn);
  const life = copy && lifeOf(copy);
  const lifecycle = lifecycleOf(point);
  const coldDays = lifecycle?.MoveToColdStorageAfterDays ?? -1;
  const gone = deleteAt(point);
  return {
    RecoveryPointArn: arnOf(world, point),
    BackupVaultName: vault.name,
    BackupVaultArn: vault.arn,
    SourceBackupVaultArn: copy && rule.vault.arn,
    ResourceArn: resource.arn,
    ResourceType: resource.type,
    CreatedBy: creatorOf(unit),
    IamRoleArn: copy?.lane.roleArn ?? rule.plan.roleArn,
    Status: life?.end === 'PARTIAL' ? 'PARTIAL' : 'COMPLETED',
    // A copy keeps its backup's date.
    CreationDate: toSeconds(startedAt),
    InitiationDate: toSeconds(copy?.createdAt ?? startedAt),
    CompletionDate: toSeconds(life?.endsAt ?? endedAt),
    BackupSizeInBytes: sizeOf(unit, turn),
    CalculatedLifecycle: lifecycle && {
      MoveToColdStorageAt: coldDays < 0 ? undefined : toSeconds(startedAt + coldDays * dayMs),
      DeleteAt: gone === undefined ? undefined : toSeconds(gone),
    },
    Lifecycle: lifecycle && { ...lifecycle },
    EncryptionKeyArn: vault.keyArn,
    EncryptionKeyType: vault.keyArn === undefined ? 'AWS_OWNED_KMS_KEY' : 'CUSTOMER_MANAGED_KMS_KEY',
    IsEncrypted: true,
    ParentRecoveryPointArn: parentArn(world, point),
    CompositeMemberIdentifier: unit.member,
    IsParent: unit.members.length > 0,
    ResourceName: resource.name,
    VaultType: vault.type,
  };
};

/** The recovery point with an ARN in a vault, if it exists at `now`. */
const find = (world: World, vault: Vault, arn: string, now: number): RecoveryPoint | undefined => {
  const { estate, started } = world;
  const ref = readRecoveryPointArn(estate, arn);
  const unit = ref?.kind === 'recoveryPoint' ? estate.units[ref.index] : undefined;
  if (ref === undefined) return undefined;
  if (unit !== undefined) {
    const point = { unit, turn: ref.turn, copy: undefined };
    return isBackupThere(unit, ref.turn, now) && unit.rule.vault === vault && arnOf(world, point) === arn
      ? point
      : undefined;
  }
  const lane = ref.kind === 'copy' ? estate.lanes[ref.index] : undefined;
  const copy = lane ? scheduledJob(lane, ref.turn) : ref.kind === 'startedCopy' ? started.at(ref.index) : undefined;
  if (copy === undefined || copy.lane.destination !== vault || copy.turn !== ref.turn) return undefined;
  const point = { unit: copy.lane.unit, turn: copy.turn, copy };
  const kept = lane === undefined || isKept(rootOf(lane).unit, copy.turn, copy.createdAt, now);
  return kept && isMade(lifeOf(copy), now) && !isDeleted(point, now) && arnOf(world, point) === arn ? point : undefined;
};

export const describeRecoveryPoint = ({ world, now, path, query }: Call): JsonObject => {
  const [vaultName = '', arn = ''] = path;
  const vault = findVault(world.estate, vaultName, account(query, 'backupVaultAccountId'));
  const point = find(world, vault, arn, now);
  if (point === undefined) throw notFound(`Cannot find recovery point ${arn}`, arn);
  return { ...base(world, point), StorageClass: 'WARM' };
};

export const listRecoveryPoints = (call: Call, pager: Pager): JsonObject => {
  const { world, query, path } = call;
  const vault = findVault(world.estate, path[0] ?? '', account(query, 'backupVaultAccountId'));
  const [resourceArn, resourceType] = [text(query, 'resourceArn'), text(query, 'resourceType')];
  const [planId, parent] = [text(query, 'backupPlanId'), text(query, 'parentRecoveryPointArn')];
  const [after, before] = [time(query, 'createdAfter') ?? -Infinity, time(query, 'createdBefore') ?? Infinity];
  const wants = (point: RecoveryPoint): boolean => {
    const { unit, turn } = point;
    const { startedAt } = backedUp(unit, turn);
    return (
      (resourceArn === undefined || unit.resource.arn === resourceArn) &&
      (resourceType === undefined || unit.resource.type === resourceType) &&
      (planId === undefined || unit.rule.plan.id === planId) &&
      startedAt > after &&
      startedAt < before &&
      (parent === undefined || parentArn(world, point) === parent)
    );
  };
  const operation = `ListRecoveryPointsByBackupVault ${vault.arn}`;
  const { items, nextToken } = pager(call, { operation }, ({ now, started }) =>
    inVault(world, vault, now, started).filter(wants),
  );
  return { RecoveryPoints: items.map((point) => base(world, point)), NextToken: nextToken };
};
