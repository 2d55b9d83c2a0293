import type { CopyJob } from '../../domain/copy-job.js';
import { type PointFound, vaultPlaceOf } from '../../domain/recovery-point.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import { clock } from '../../calling/clock.js';
import type { CallOptions } from '../../calling/call.js';
import type { RetryAbility, Session } from '../product.js';
import type { Retryable } from '../retryable.js';
import type { AwsBackupClient, CopyJobStart } from './client.js';
import { awsBackupLoaders } from './loaders.js';
import { readAllPages } from './reading.js';

/** The identity of an endpoint: the account that owns its vaults, and the Region. */
export const readPlace = async (client: AwsBackupClient, region: string | null, call: CallOptions): Promise<string> => {
  const { records } = await client.listBackupVaults(undefined, { ...call, maxAgeMs: 0 });
  const accounts = new Set(records.map(({ arn }) => vaultPlaceOf(arn)?.accountId));
  const [account] = accounts;
  if (account === undefined || accounts.size > 1)
    throw new UpstreamError(client.upstream, 'malformed', 'vaults that do not show which account owns them', {
      sent: false,
    });
  return `account ${account} in ${region ?? 'its Region'}`;
};

const notTold = (what: string): { readonly why: string } => ({
  why: `The job does not report ${what}. Without it, another copy would not be the same.`,
});

/** The request that retries a job; the reason if there is none. */
const requestOf = (job: CopyJob): CopyJobStart | { readonly why: string } => {
  const { sourceRecoveryPointArn, sourceBackupVaultArn, destinationBackupVaultArn, iamRoleArn } = job;
  const lifecycle = job.destinationRecoveryPointLifecycle;
  const children = job.numberOfChildJobs ?? 0n;
  if (job.isParent === true || children > 0n || job.parentJobId !== null)
    return { why: 'The job is composite or a part of a composite one. AWS starts those only as a whole.' };
  if (sourceRecoveryPointArn === null) return notTold('its source recovery point');
  if (sourceBackupVaultArn === null || vaultPlaceOf(sourceBackupVaultArn) === null) return notTold('its source vault');
  if (destinationBackupVaultArn === null) return notTold('its destination vault');
  if (iamRoleArn === null) return notTold('its role');
  if (job.resourceArn === null) return notTold('its resource, by which other copies are found');
  if (lifecycle === null || (lifecycle.deleteAfterDays === null && lifecycle.moveToColdStorageAfterDays === null))
    return notTold('its lifecycle');
  if (lifecycle.deleteAfterEvent !== null && lifecycle.deleteAfterEvent !== 'DELETE_AFTER_COPY')
    return { why: `Its lifecycle has an unknown event: ${lifecycle.deleteAfterEvent}.` };
  return { sourceRecoveryPointArn, sourceBackupVaultArn, destinationBackupVaultArn, iamRoleArn, lifecycle };
};

/** AWS writes it into the ARN of a point for continuous restore; `StartCopyJob` does not accept those. */
const isContinuous = (arn: string): boolean => /\bcontinuous[:-]/i.test(arn);

const judgeSource = (arn: string, found: PointFound): Retryable['source'] => {
  if (isContinuous(arn)) return { ok: false, detail: 'The source is a continuous backup, which AWS does not copy.' };
  if (found === null) return { ok: false, detail: 'The source recovery point could not be read, so it may not exist.' };
  if (found === 'GONE') return { ok: false, detail: 'The source vault no longer has the recovery point.' };
  const isUsable = found.status === 'COMPLETED' || found.status === 'AVAILABLE';
  const isThere = found.expiresAt === null || found.expiresAt > clock();
  return isUsable && isThere
    ? { ok: true, detail: 'The source vault has the recovery point.' }
    : {
        ok: false,
        detail: `The source recovery point is ${found.status ?? 'in an unknown state'}${isThere ? '' : ', and has expired'}.`,
      };
};

/** The source point, as its vault has it now. It is read in the endpoint's own account and Region. */
const readSource = async (client: AwsBackupClient, job: CopyJob, call: CallOptions): Promise<Retryable['source']> => {
  const { sourceRecoveryPointArn: arn, sourceBackupVaultArn: vaultArn } = job;
  if (arn === null || vaultArn === null || vaultPlaceOf(vaultArn) === null)
    return { ok: false, detail: 'The job does not report its source recovery point.' };
  const read = client.describeRecoveryPoint(vaultArn, arn, call).catch((error: unknown): PointFound => {
    if (error instanceof UpstreamError && error.reason === 'notFound') return 'GONE';
    throw error;
  });
  return judgeSource(arn, await read);
};

/** All jobs of the same point to the same vault, including the job itself. */
const readCopies = async (session: Session, client: AwsBackupClient, job: CopyJob): Promise<readonly CopyJob[]> => {
  const { resourceArn, destinationBackupVaultArn, sourceRecoveryPointArn } = job;
  if (resourceArn === null || destinationBackupVaultArn === null || sourceRecoveryPointArn === null) return [job];
  const query = { resourceArn, destinationVaultArn: destinationBackupVaultArn, maxResults: 1000 };
  const read = await readAllPages(client.upstream, (nextToken) =>
    client.listCopyJobs({ ...query, nextToken }, session.call),
  );
  if (read.failure !== undefined) throw read.failure;
  if (read.unreadable > 0) throw new UpstreamError(client.upstream, 'malformed', 'a copy job that cannot be read');
  const others = read.records.filter(
    (one) =>
      one.id !== job.id &&
      one.sourceRecoveryPointArn === sourceRecoveryPointArn &&
      one.destinationBackupVaultArn === destinationBackupVaultArn,
  );
  return [job, ...others];
};

/** An endpoint’s ability to retry a copy job: `StartCopyJob` with the job's own values. */
export const createRetryAbility = (client: AwsBackupClient): RetryAbility => ({
  find: async (session, id) => {
    const [copyJobId = ''] = id.parts;
    const job = await awsBackupLoaders(session).copyJob.load({ upstream: client.upstream, copyJobId });
    if (job === null) return null;
    const request = requestOf(job);
    const [copies, source] = await Promise.all([
      readCopies(session, client, job),
      'why' in request
        ? { ok: true, detail: 'Not checked, because the copy cannot be requested.' }
        : readSource(client, job, session.call),
    ]);
    const { sourceRecoveryPointArn, target } = job;
    return {
      copy: job,
      subject: sourceRecoveryPointArn === null || target === null ? job.id : `${sourceRecoveryPointArn} ${target.id}`,
      copies,
      source,
      send: 'why' in request ? request : (token, call) => client.startCopyJob(request, token, call),
    };
  },
  // A plan's own jobs name the plan: they are not retries.
  markOf: (copy) => {
    const { copyJobId, createdBy } = copy as CopyJob; // callers pass copies of the upstream's own kind
    return createdBy === null ? copyJobId : null;
  },
  forget: (session) => awsBackupLoaders(session).copyJob.clearAll(),
});
