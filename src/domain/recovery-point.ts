import { isGood } from './activity.js';
import { parseArn } from './arn.js';
import type { CopyJob } from './copy-job.js';
import type { CopyWorth } from './good-copy.js';
import { DAY_MICROS, type Micros, micros } from './micros.js';

/** An AWS Backup vault, as the account that owns it lists it. */
export interface BackupVault {
  readonly name: string | null;
  readonly arn: string;
  readonly kind: string | null; // AWS's term, such as `BACKUP_VAULT`
  readonly locked: boolean | null;
  readonly lockDate: Micros | null; // from then on no user can lift the lock
  readonly minRetentionDays: bigint | null;
  readonly maxRetentionDays: bigint | null;
}

/** One backup in a vault, or a copy of one. A copy keeps the creation date of the backup it was made from. */
export interface RecoveryPoint {
  readonly arn: string;
  readonly vaultArn: string;
  readonly upstream: string;
  readonly status: string | null; // AWS's term
  readonly createdAt: Micros | null;
  readonly expiresAt: Micros | null; // null: kept until a user deletes it
  readonly sizeBytes: bigint | null;
  readonly isEncrypted: boolean | null;
  readonly encryptionKeyArn: string | null;
  readonly storageClass: string | null; // null in a list, which does not report it
  readonly observedAt: Micros;
}

/**
 * The result of reading a recovery point: the point, `GONE` if its vault no longer has it, `null` if it could not be
 * read.
 */
export type PointFound = RecoveryPoint | 'GONE' | null;

/** The recovery points at both ends of a copy job, as far as they are known. */
export interface JobPoints {
  readonly destination: PointFound;
  readonly source: PointFound;
  readonly vault: BackupVault | null; // the destination vault; null: not read
}

/** A job whose points could not be read. */
export const noPoints: JobPoints = { destination: null, source: null, vault: null };

/** The place of a vault, from its ARN: `arn:aws:backup:REGION:ACCOUNT:backup-vault:NAME`. */
export interface VaultPlace {
  readonly region: string;
  readonly accountId: string;
  readonly name: string;
}

/** `null` for a text that is not the ARN of a vault. A name may hold slashes. */
export const vaultPlaceOf = (arn: string): VaultPlace | null => {
  const { region = null, accountId = null, resource = '' } = parseArn(arn) ?? {};
  const name = /^backup-vault:(.+)$/.exec(resource)?.[1];
  return region === null || accountId === null || name === undefined ? null : { region, accountId, name };
};

const isPoint = (found: PointFound): found is RecoveryPoint => found !== null && found !== 'GONE';

/**
 * When a copy is deleted. Its own point's date comes first. Otherwise the job's retention counts from the source's
 * creation, because a copy keeps that date; -1 days keep the source's own expiry. The end of the copying has no effect.
 * `null`: never, gone, or unknown.
 */
export const expiryOfJob = (job: CopyJob, { destination, source }: Omit<JobPoints, 'vault'>): Micros | null => {
  if (destination === 'GONE') return null;
  if (destination !== null) return destination.expiresAt;
  const days = job.destinationRecoveryPointLifecycle?.deleteAfterDays ?? null;
  if (!isPoint(source) || days === null) return null;
  if (days < 0n) return source.expiresAt;
  const at = source.createdAt === null ? Number.NaN : source.createdAt + Number(days) * DAY_MICROS;
  return Number.isSafeInteger(at) ? micros(at) : null;
};

/** The time of a job's data: the backup's creation if it was read, otherwise the job's own. */
export const dataTimeOfJob = (job: CopyJob, { destination, source }: Omit<JobPoints, 'vault'>): Micros | null => {
  const read = [destination, source].filter(isPoint).find(({ createdAt }) => createdAt !== null);
  return read?.createdAt ?? job.startedAt;
};

const restorable: ReadonlySet<string | null> = new Set(['COMPLETED', 'AVAILABLE']);

/** Whether a job's own point exists and can be restored. If it cannot be read, yes. */
const isThere = ({ destination }: JobPoints): boolean =>
  destination === null || (destination !== 'GONE' && restorable.has(destination.status));

/** Whether a job that ended well left something to restore. If its point cannot be read, yes. */
export const isRestorable = (job: CopyJob, points: JobPoints, now: Micros): boolean => {
  if (!isThere(points)) return false;
  const expiresAt = expiryOfJob(job, points);
  return expiresAt === null || expiresAt > now;
};

/**
 * The lock of a job's vault. An air-gapped vault is always locked for good. Others are from their lock date on; before
 * it the lock can be lifted.
 */
const lockOf = (job: CopyJob, { vault }: JobPoints, now: Micros): Pick<CopyWorth, 'locked' | 'immutable'> => {
  const airGapped = [job.destinationVaultType, vault?.kind].some((kind) => kind?.startsWith('LOGICALLY_AIR_GAPPED'));
  const locked = vault?.locked ?? job.destinationVaultLockState?.toUpperCase() === 'LOCKED';
  const lockDate = vault?.lockDate ?? null;
  return { locked: airGapped || locked, immutable: airGapped || (locked && lockDate !== null && lockDate <= now) };
};

/** The value of an AWS copy, by those of its recovery points that were read. */
export const worthOfJob = (job: CopyJob, now: Micros, points: JobPoints = noPoints): CopyWorth => ({
  good: isGood(job.state) && isRestorable(job, points, now),
  sound: isGood(job.state) && isThere(points),
  goodUntil: expiryOfJob(job, points),
  dataAt: dataTimeOfJob(job, points),
  ...lockOf(job, points, now),
});
