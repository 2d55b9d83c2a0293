import { isGood } from './activity.js';
import { parseArn } from './arn.js';
import type { CopyJob } from './copy-job.js';
import type { CopyWorth } from './good-copy.js';
import { DAY_MICROS, type Micros, micros } from './micros.js';

/** An AWS Backup vault, as the account that owns it lists it. */
export interface BackupVault {
  readonly name: string | null;
  readonly arn: string;
  readonly kind: string | null; // AWS's word, such as `BACKUP_VAULT`
  readonly locked: boolean | null;
  readonly lockDate: Micros | null; // from then on nobody can lift the lock
  readonly minRetentionDays: bigint | null;
  readonly maxRetentionDays: bigint | null;
}

/** One backup in a vault, or a copy of one. A copy keeps the creation date of the backup it was made from. */
export interface RecoveryPoint {
  readonly arn: string;
  readonly vaultArn: string;
  readonly upstream: string;
  readonly status: string | null; // AWS's word
  readonly createdAt: Micros | null;
  readonly expiresAt: Micros | null; // null: kept until somebody deletes it
  readonly sizeBytes: bigint | null;
  readonly isEncrypted: boolean | null;
  readonly encryptionKeyArn: string | null;
  readonly storageClass: string | null; // null in a list, which does not tell it
  readonly observedAt: Micros;
}

/** What is known of a recovery point: the point, that its vault no longer has it, or nothing, as nobody could read it. */
export type PointFound = RecoveryPoint | 'GONE' | null;

/** What is known of both ends of a copy job. */
export interface JobPoints {
  readonly destination: PointFound;
  readonly source: PointFound;
  readonly vault: BackupVault | null; // that of the destination; null: not read
}

/** A job of which nobody could read anything more. */
export const noPoints: JobPoints = { destination: null, source: null, vault: null };

/** Where a vault lies, as its ARN says: `arn:aws:backup:REGION:ACCOUNT:backup-vault:NAME`. */
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
 * When a copy is deleted: what its own point says; else so many days after the source was made, for a copy keeps that
 * date; -1 days keep the source's own expiry. The end of the copying says nothing. `null`: never, gone, or not known.
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

/** Since when a job's data are as they are: the backup's creation where it was read, else the job's own. */
export const dataTimeOfJob = (job: CopyJob, { destination, source }: Omit<JobPoints, 'vault'>): Micros | null => {
  const read = [destination, source].filter(isPoint).find(({ createdAt }) => createdAt !== null);
  return read?.createdAt ?? job.startedAt;
};

const restorable: ReadonlySet<string | null> = new Set(['COMPLETED', 'AVAILABLE']);

/** Whether a job's own point is there and can be restored from; where it cannot be read, it is believed. */
const isThere = ({ destination }: JobPoints): boolean =>
  destination === null || (destination !== 'GONE' && restorable.has(destination.status));

/** Whether there is something to restore from a job that ended well; where its point cannot be read, it is believed. */
export const isRestorable = (job: CopyJob, points: JobPoints, now: Micros): boolean => {
  if (!isThere(points)) return false;
  const expiresAt = expiryOfJob(job, points);
  return expiresAt === null || expiresAt > now;
};

/** An air-gapped vault is always locked for good; another one from its lock date on, before which it can be unlocked. */
const lockOf = (job: CopyJob, { vault }: JobPoints, now: Micros): Pick<CopyWorth, 'locked' | 'immutable'> => {
  const airGapped = [job.destinationVaultType, vault?.kind].some((kind) => kind?.startsWith('LOGICALLY_AIR_GAPPED'));
  const locked = vault?.locked ?? job.destinationVaultLockState?.toUpperCase() === 'LOCKED';
  const lockDate = vault?.lockDate ?? null;
  return { locked: airGapped || locked, immutable: airGapped || (locked && lockDate !== null && lockDate <= now) };
};

/** What an AWS copy is worth, by its recovery points as far as they were read. */
export const worthOfJob = (job: CopyJob, now: Micros, points: JobPoints = noPoints): CopyWorth => ({
  good: isGood(job.state) && isRestorable(job, points, now),
  sound: isGood(job.state) && isThere(points),
  goodUntil: expiryOfJob(job, points),
  dataAt: dataTimeOfJob(job, points),
  ...lockOf(job, points, now),
});
