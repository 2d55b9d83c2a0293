import type { Call } from './call.js';
import { copyJobId } from './copy-job.js';
import { invalidParameter, invalidRequest, missingParameter, notFound } from './errors.js';
import { type Unit } from './estate.js';
import { type Json, type JsonObject, toSeconds } from './json.js';
import type { LifecycleSpec } from './plan-spec.js';
import { backupArn, readRecoveryPointArn } from './recovery-point-ref.js';
import { isBackupThere } from './recovery-points.js';
import { findVault } from './vault-lookup.js';

const required = ['RecoveryPointArn', 'SourceBackupVaultName', 'DestinationBackupVaultArn', 'IamRoleArn'] as const;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readBody = (text: string): Record<string, unknown> => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (!isRecord(body)) throw invalidRequest('The request body is not a JSON object');
  return body;
};

const wholeOf = (lifecycle: Record<string, unknown>, name: string): number | undefined => {
  const value = lifecycle[name] ?? undefined;
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= -1)) return value;
  throw invalidParameter(`Invalid ${name}`, name);
};

const readLifecycle = (value: unknown): LifecycleSpec | undefined => {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) throw invalidParameter('Invalid Lifecycle', 'Lifecycle');
  const move = wholeOf(value, 'MoveToColdStorageAfterDays');
  const remove = wholeOf(value, 'DeleteAfterDays');
  const { OptInToArchiveForSupportedResources: optIn, DeleteAfterEvent: event } = value;
  if (move !== undefined && move >= 0 && remove !== undefined && remove >= 0 && remove < move + 90)
    throw invalidParameter(
      'DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays',
      'Lifecycle',
    );
  if (event !== undefined && event !== 'DELETE_AFTER_COPY')
    throw invalidParameter('Invalid DeleteAfterEvent', 'DeleteAfterEvent');
  return {
    ...(move !== undefined && { MoveToColdStorageAfterDays: move }),
    ...(remove !== undefined && { DeleteAfterDays: remove }),
    ...(typeof optIn === 'boolean' && { OptInToArchiveForSupportedResources: optIn }),
    ...(event !== undefined && { DeleteAfterEvent: event }),
  };
};

const answer = (id: string, createdAt: number, isParent: boolean): JsonObject => {
  const parent: Record<string, Json> = isParent ? { IsParent: true } : {};
  return { CopyJobId: id, CreationDate: toSeconds(createdAt), ...parent };
};

/** The backup with an ARN, if it has ended and still exists. */
const findBackup = ({ world, now }: Call, arn: string): { readonly unit: Unit; readonly turn: number } | undefined => {
  const ref = readRecoveryPointArn(world.estate, arn);
  const unit = ref?.kind === 'recoveryPoint' ? world.estate.units[ref.index] : undefined;
  if (ref === undefined || unit === undefined || backupArn(world.estate, unit, ref.turn) !== arn) return undefined;
  return isBackupThere(unit, ref.turn, now) ? { unit, turn: ref.turn } : undefined;
};

/** Starts a copy, from a vault of the caller's account and Region. */
export const startCopyJob = (call: Call): JsonObject => {
  const { world, now } = call;
  const body = readBody(call.body);
  const [arn = '', vaultName = '', destinationArn = '', roleArn = ''] = required.map((name) => {
    const value = body[name];
    if (value === undefined || value === null || value === '') throw missingParameter(`${name} is required`, name);
    if (typeof value !== 'string') throw invalidParameter(`Invalid ${name}`, name);
    return value;
  });
  const token = body.IdempotencyToken ?? undefined;
  if (token !== undefined && typeof token !== 'string')
    throw invalidParameter('Invalid IdempotencyToken', 'IdempotencyToken');
  const lifecycle = readLifecycle(body.Lifecycle);

  let job = token === undefined ? undefined : world.started.byToken(token);
  if (job === undefined) {
    const source = findVault(world.estate, vaultName);
    const destination = [...world.estate.vaults.values()].find((vault) => vault.arn === destinationArn);
    if (destination === undefined) throw notFound(`Cannot find Backup vault ${destinationArn}`, destinationArn);
    const backup = findBackup(call, arn);
    if (backup === undefined || backup.unit.rule.vault !== source)
      throw notFound(`Cannot find recovery point ${arn} in vault ${vaultName}`, arn);
    job = world.started.start({ ...backup, destination, lifecycle, roleArn, idempotencyToken: token }, now);
  }
  return answer(copyJobId(world.estate, job), job.createdAt, job.lane.members.length > 0);
};
