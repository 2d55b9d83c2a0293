import { isFinished } from '../domain/activity.js';
import type { CopyJob } from '../domain/copy-job.js';
import type { IncompleteReason } from '../domain/incomplete-reason.js';
import type { Micros } from '../domain/micros.js';
import {
  type BackupVault,
  type JobPoints,
  type PointFound,
  type RecoveryPoint,
  type VaultPlace,
  expiryOfJob,
  vaultPlaceOf,
} from '../domain/recovery-point.js';
import { UpstreamError } from '../domain/upstream-error.js';
import { type Clients, isAwsBackup } from './clients.js';
import type { Loaders } from './loaders.js';
import { orFailure } from '../calling/outcome.js';
import type { PointRead } from './point-loader.js';
import { reasonOfFailure } from './report.js';

interface PointContext {
  readonly clients: Clients;
  readonly loaders: Loaders;
}

/** An upstream's account is that of its own vaults. Their list is kept long: one call for each upstream. */
const hasAccount = async ({ loaders }: PointContext, upstream: string, accountId: string): Promise<boolean> => {
  const { records } = await loaders.backupVaults.load({ upstream });
  return records.some(({ arn }) => vaultPlaceOf(arn)?.accountId === accountId);
};

/**
 * The upstream of a Region and account; `null` where none is configured, or the caller may not see it. The likely ones
 * are asked first: that of the job itself, and those that have the account in their name.
 */
const upstreamOf = async (
  context: PointContext,
  { region, accountId }: VaultPlace,
  own: string,
): Promise<string | null> => {
  const names = [...context.clients.values()]
    .filter((client) => isAwsBackup(client) && client.upstream.region === region)
    .map(({ upstream }) => upstream.name);
  const isLikely = (name: string): boolean => name === own || name.includes(accountId);
  let failure: UpstreamError | null = null;
  for (const some of [names.filter(isLikely), names.filter((name) => !isLikely(name))]) {
    const answers = await Promise.all(some.map((name) => orFailure(hasAccount(context, name, accountId))));
    const found = some.find((_name, index) => answers[index] === true);
    if (found !== undefined) return found;
    failure ??= answers.find((answer) => answer instanceof UpstreamError) ?? null;
  }
  if (failure !== null) throw failure; // it might have been the one
  return null;
};

type End = 'source' | 'destination';

const readEnd = async (context: PointContext, job: CopyJob, end: End): Promise<PointRead | null> => {
  const arn = end === 'source' ? job.sourceRecoveryPointArn : job.destinationRecoveryPointArn;
  const vaultArn = end === 'source' ? job.sourceBackupVaultArn : job.destinationBackupVaultArn;
  const place = vaultArn === null ? null : vaultPlaceOf(vaultArn);
  if (arn === null || vaultArn === null || place === null) return null;
  const upstream = await upstreamOf(context, place, job.upstream);
  return upstream === null
    ? null
    : context.loaders.recoveryPoint.load({ upstream, vaultArn, arn, copiedAt: job.startedAt });
};

/** The recovery point at one end of a job. `null`: the job names none, or no upstream can read it. */
export const readPoint = async (context: PointContext, job: CopyJob, end: End): Promise<PointFound> =>
  (await readEnd(context, job, end))?.point ?? null;

/** The vault that a point lies in; `null` where the list of vaults has it not. */
export const vaultOf = async (
  { loaders }: Pick<PointContext, 'loaders'>,
  { upstream, vaultArn }: Pick<RecoveryPoint, 'upstream' | 'vaultArn'>,
): Promise<BackupVault | null> =>
  (await loaders.backupVaults.load({ upstream })).records.find(({ arn }) => arn === vaultArn) ?? null;

/** Both ends of a job, the source only where the destination cannot be read, and why something could not. */
export interface ReadPoints extends JobPoints {
  readonly failure: UpstreamError | null;
  readonly stale: UpstreamError | null; // why an older read of a point stands in
}

const readBoth = async (context: PointContext, job: CopyJob, wantsSource: boolean): Promise<ReadPoints> => {
  const isOver = isFinished(job.state); // before that, what the job is to make may not be there
  const destination = isOver ? await orFailure(readEnd(context, job, 'destination')) : null;
  if (destination !== null && !(destination instanceof UpstreamError)) {
    const { point, stale } = destination;
    const found = point === 'GONE' ? null : await orFailure(vaultOf(context, point));
    const vault = found instanceof UpstreamError ? null : found;
    return { destination: point, source: null, vault, failure: null, stale };
  }
  const source = wantsSource ? await orFailure(readEnd(context, job, 'source')) : null;
  return {
    destination: null,
    source: source instanceof UpstreamError ? null : (source?.point ?? null),
    vault: null,
    failure: destination ?? (source instanceof UpstreamError ? source : null),
    stale: source instanceof UpstreamError ? null : (source?.stale ?? null),
  };
};

/** What an object's posture needs of a job that ended well. */
export const readJobPoints = (context: PointContext, job: CopyJob): Promise<ReadPoints> => readBoth(context, job, true);

/**
 * `CopyJob.expiresAt`, see `expiryOfJob`. The points of a batch of jobs are read together. Throws where a failure is why
 * nobody can tell. A failed job made no copy, so nothing is asked.
 */
export const readExpiry = async (context: PointContext, job: CopyJob): Promise<Micros | null> => {
  if (job.state === 'FAILED') return null;
  const days = job.destinationRecoveryPointLifecycle?.deleteAfterDays ?? null;
  const points = await readBoth(context, job, days !== null);
  const at = expiryOfJob(job, points);
  if (at === null && points.failure !== null) throw points.failure;
  return at;
};

/** A job that ended well, with what is known of its points. */
export interface ReadJob {
  readonly job: CopyJob;
  readonly points: ReadPoints;
}

interface PointsOfJobs {
  readonly read: readonly ReadJob[];
  readonly reasons: ReadonlySet<IncompleteReason>;
  readonly stale: UpstreamError | null;
}

/** The points of all these jobs, read together; why those of some could not be; and why older reads stand in for some. */
export const readAllPoints = async (context: PointContext, jobs: readonly CopyJob[]): Promise<PointsOfJobs> => {
  const read = await Promise.all(jobs.map(async (job) => ({ job, points: await readJobPoints(context, job) })));
  const unread = read.filter(({ points }) => points.destination === null);
  const reasons = unread.map(({ points: { failure } }) => (failure === null ? 'UNREADABLE' : reasonOfFailure(failure)));
  const stale = read.find(({ points }) => points.stale !== null)?.points.stale ?? null;
  return { read, reasons: new Set(reasons), stale };
};
