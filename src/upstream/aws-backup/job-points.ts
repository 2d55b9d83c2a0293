import { isFinished } from '../../domain/activity.js';
import type { CopyJob } from '../../domain/copy-job.js';
import type { IncompleteReason } from '../../domain/incomplete-reason.js';
import type { Micros } from '../../domain/micros.js';
import {
  type BackupVault,
  type JobPoints,
  type PointFound,
  type RecoveryPoint,
  type VaultPlace,
  expiryOfJob,
  vaultPlaceOf,
} from '../../domain/recovery-point.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Session } from '../product.js';
import { isEndpoint } from './endpoint.js';
import { awsBackupLoaders } from './loaders.js';
import { orFailure } from '../../calling/outcome.js';
import type { PointRead } from './point-loader.js';
import { reasonOfFailure } from '../report.js';

/**
 * Whether an upstream belongs to an account, by the owner of its vaults. Their list is cached for long: one call for
 * each upstream.
 */
const hasAccount = async (session: Session, upstream: string, accountId: string): Promise<boolean> => {
  const { records } = await awsBackupLoaders(session).backupVaults.load({ upstream });
  return records.some(({ arn }) => vaultPlaceOf(arn)?.accountId === accountId);
};

/**
 * The upstream of a Region and account; `null` if none is configured, or the caller may not see it. Likely ones are
 * asked first: the job's own, and those with the account in their name.
 */
const upstreamOf = async (session: Session, { region, accountId }: VaultPlace, own: string): Promise<string | null> => {
  const names = [...session.clients.values()]
    .filter((client) => isEndpoint(client) && client.upstream.region === region)
    .map(({ upstream }) => upstream.name);
  const isLikely = (name: string): boolean => name === own || name.includes(accountId);
  let failure: UpstreamError | null = null;
  for (const some of [names.filter(isLikely), names.filter((name) => !isLikely(name))]) {
    const answers = await Promise.all(some.map((name) => orFailure(hasAccount(session, name, accountId))));
    const found = some.find((_name, index) => answers[index] === true);
    if (found !== undefined) return found;
    failure ??= answers.find((answer) => answer instanceof UpstreamError) ?? null;
  }
  if (failure !== null) throw failure; // the failed upstream may be the one
  return null;
};

type End = 'source' | 'destination';

const readEnd = async (session: Session, job: CopyJob, end: End): Promise<PointRead | null> => {
  const arn = end === 'source' ? job.sourceRecoveryPointArn : job.destinationRecoveryPointArn;
  const vaultArn = end === 'source' ? job.sourceBackupVaultArn : job.destinationBackupVaultArn;
  const place = vaultArn === null ? null : vaultPlaceOf(vaultArn);
  if (arn === null || vaultArn === null || place === null) return null;
  const upstream = await upstreamOf(session, place, job.upstream);
  return upstream === null
    ? null
    : awsBackupLoaders(session).recoveryPoint.load({
        upstream,
        vaultArn,
        arn,
        copiedAt: job.startedAt,
        endedAt: end === 'source' ? job.startedAt : job.endedAt,
      });
};

const foundIn = (read: PointRead | null): PointFound =>
  read === null || read.point === 'YET_TO_SHOW' ? null : read.point;

/** The recovery point at one end of a job. `null`: the job names none, or no upstream can read it. */
export const readPoint = async (session: Session, job: CopyJob, end: End): Promise<PointFound> =>
  foundIn(await readEnd(session, job, end));

/** The vault of a point; `null` if the list of vaults does not have it. */
export const vaultOf = async (
  session: Session,
  { upstream, vaultArn }: Pick<RecoveryPoint, 'upstream' | 'vaultArn'>,
): Promise<BackupVault | null> =>
  (await awsBackupLoaders(session).backupVaults.load({ upstream })).records.find(({ arn }) => arn === vaultArn) ?? null;

/** Both ends of a job, with the source only if the destination cannot be read, and the reasons for missing ones. */
interface ReadPoints extends JobPoints {
  readonly failure: UpstreamError | null;
  readonly stale: UpstreamError | null; // why an older read of a point is used
  readonly isYetToShow: boolean; // the vault does not have it, but the job has only just ended
}

const readBoth = async (session: Session, job: CopyJob, wantsSource: boolean): Promise<ReadPoints> => {
  const isOver = isFinished(job.state); // before that, its result may not exist yet
  const destination = isOver ? await orFailure(readEnd(session, job, 'destination')) : null;
  const shown = destination instanceof UpstreamError ? null : foundIn(destination);
  if (destination !== null && !(destination instanceof UpstreamError) && shown !== null) {
    const found = shown === 'GONE' ? null : await orFailure(vaultOf(session, shown));
    const vault = found instanceof UpstreamError ? null : found;
    return { destination: shown, source: null, vault, failure: null, stale: destination.stale, isYetToShow: false };
  }
  const source = wantsSource ? await orFailure(readEnd(session, job, 'source')) : null;
  return {
    destination: null,
    source: source instanceof UpstreamError ? null : foundIn(source),
    vault: null,
    failure: [destination, source].find((end) => end instanceof UpstreamError) ?? null,
    isYetToShow: destination !== null && 'point' in destination && destination.point === 'YET_TO_SHOW',
    stale: source instanceof UpstreamError ? null : (source?.stale ?? null),
  };
};

/** The points that an object's sums need for a job that ended well. */
const readJobPoints = (session: Session, job: CopyJob): Promise<ReadPoints> => readBoth(session, job, true);

/**
 * `CopyJob.expiresAt`, see `expiryOfJob`. The points of a batch of jobs are read together. Throws if a failure hides
 * the answer. A failed job made no copy, so no call is made.
 */
export const readExpiry = async (session: Session, job: CopyJob): Promise<Micros | null> => {
  if (job.state === 'FAILED') return null;
  const days = job.destinationRecoveryPointLifecycle?.deleteAfterDays ?? null;
  const points = await readBoth(session, job, days !== null);
  const at = expiryOfJob(job, points);
  if (at === null && points.failure !== null) throw points.failure;
  return at;
};

/** A successful job, with the known facts about its points. */
interface ReadJob {
  readonly job: CopyJob;
  readonly points: ReadPoints;
}

const reasonOfPoints = ({ failure, isYetToShow }: ReadPoints): IncompleteReason => {
  if (isYetToShow) return 'NOT_READ_YET';
  return failure === null ? 'UNREADABLE' : reasonOfFailure(failure);
};

/** A job, and when its copy expires, if that is known. */
interface JobExpiry {
  readonly job: CopyJob;
  readonly reason: IncompleteReason | null; // why it is unknown
  readonly stale: UpstreamError | null;
}

/** A failed job makes no copy. The copy of a running job without a retention in days stays for good. */
export const readJobExpiry = async (session: Session, job: CopyJob): Promise<JobExpiry> => {
  if (job.state === 'FAILED') return { job, reason: null, stale: null };
  const days = job.destinationRecoveryPointLifecycle?.deleteAfterDays ?? null;
  const points = await readBoth(session, job, days !== null);
  const expiresAt = expiryOfJob(job, points);
  const isTold = expiresAt !== null || points.destination !== null || (days === null && !isFinished(job.state));
  return {
    job: expiresAt === null ? job : { ...job, expiresAt },
    reason: isTold ? null : reasonOfPoints(points),
    stale: points.stale,
  };
};

interface PointsOfJobs {
  readonly read: readonly ReadJob[];
  readonly reasons: ReadonlySet<IncompleteReason>;
  readonly stale: UpstreamError | null;
}

/**
 * The points of all these jobs, read together; the reasons for unreadable ones; and the reasons for older reads in use.
 */
export const readAllPoints = async (session: Session, jobs: readonly CopyJob[]): Promise<PointsOfJobs> => {
  const read = await Promise.all(jobs.map(async (job) => ({ job, points: await readJobPoints(session, job) })));
  const unread = read.filter(({ points }) => points.destination === null);
  const reasons = unread.map(({ points }) => reasonOfPoints(points));
  const stale = read.find(({ points }) => points.stale !== null)?.points.stale ?? null;
  return { read, reasons: new Set(reasons), stale };
};
