import type { ActivityState } from '../domain/activity.js';
import { BadInputError } from '../domain/bad-input.js';
import { type CopyFilter, isGiven } from '../domain/copy-filter.js';
import type { CopyJob } from '../domain/copy-job.js';
import type { CopyTargetKind } from '../domain/copy-target.js';
import { parseId } from '../domain/global-id.js';
import type { ProtectionRun } from '../domain/protection-run.js';
import type { CopyJobsQuery } from '../upstream/aws-backup/client.js';
import { type Clients, clientsNamed, isAwsBackup, isCohesity, refuseHidden } from './clients.js';
import { copyJobSource } from './copy-job-pages.js';
import type { Loaders } from './loaders.js';
import type { Source, Timed } from './merge.js';
import { protectionRunSource } from './protection-runs.js';
import type { RunDetail } from './runs-answer.js';

/** What sources are made of. */
export interface SourceContext {
  readonly clients: Clients;
  readonly loaders: Loaders;
}

/** Members that only the other vendor's copies can pass: a filter with one of them asks this vendor nothing. */
const onlyAws = (filter: CopyFilter): boolean =>
  isGiven(filter.accountIds) || isGiven(filter.resourceTypes) || isGiven(filter.messageCategories);
const onlyCohesity = (filter: CopyFilter): boolean => isGiven(filter.protectionJobIds) || filter.replicas === 'ONLY';

const wantsTarget = (filter: CopyFilter, ...kinds: readonly CopyTargetKind[]): boolean =>
  !isGiven(filter.targetKinds) || filter.targetKinds.some((kind) => kinds.includes(kind));

/** A source for each Cohesity cluster that the filter can find anything in. */
export const runSources = <T extends Timed>(
  { clients, loaders }: SourceContext,
  filter: CopyFilter,
  detail: RunDetail,
  recordsOf: (run: ProtectionRun) => readonly T[],
): readonly Source<T>[] => {
  const named = clientsNamed(clients, filter.upstreams, 'filter.upstreams').filter(isCohesity);
  checkIds(clients, filter); // asked for or not, a bad id is told
  const jobs = jobsNamed(clients, filter);
  const kinds = ['LOCAL', 'REMOTE', 'ARCHIVAL', 'CLOUD_DEPLOY', 'CLOUD_REPLICATION', 'UNKNOWN'] as const;
  if (onlyAws(filter) || !wantsTarget(filter, ...kinds)) return [];
  return named
    .map(({ upstream: { name }, slices }) => ({
      name,
      slices,
      jobIds: jobs?.filter(({ upstream }) => upstream === name).map(({ jobId }) => jobId) ?? null,
    }))
    .filter(({ jobIds }) => jobIds === null || jobIds.length > 0)
    .map(({ name, slices, jobIds }) =>
      protectionRunSource({ upstream: name, loaders, slices, detail, jobIds, recordsOf }),
    );
};

const jobsNamed = (clients: Clients, filter: CopyFilter) => filter.protectionJobIds?.map((id) => toJobId(clients, id));

/** Throws for a malformed, unknown or hidden id among those of the filter, before anything is asked. */
export const checkIds = (clients: Clients, filter: CopyFilter): void => {
  jobsNamed(clients, filter);
  const wrong = filter.accountIds?.find((id) => !/^\d{12}$/.test(id));
  if (wrong === undefined) return;
  throw new BadInputError(
    'filter.accountIds',
    `filter.accountIds takes AWS account ids of 12 digits, not ${JSON.stringify(wrong.slice(0, 100))}.`,
  );
};

const toJobId = (clients: Clients, id: string): { upstream: string; jobId: string } => {
  const parsed = parseId(id);
  const [jobId] = parsed?.parts ?? [];
  if (parsed?.type !== 'ProtectionJob' || jobId === undefined) {
    throw new BadInputError(
      'filter.protectionJobIds',
      'filter.protectionJobIds takes ids of the form ProtectionJob:<upstream>:<job id>, as ProtectionJob.id shows them.',
    );
  }
  refuseHidden(clients, 'filter.protectionJobIds', parsed.upstream);
  return { upstream: parsed.upstream, jobId };
};

/** A source for each AWS Backup endpoint that the filter can find anything in. */
export const jobSources = ({ clients, loaders }: SourceContext, filter: CopyFilter): readonly Source<CopyJob>[] => {
  const named = clientsNamed(clients, filter.upstreams, 'filter.upstreams').filter(isAwsBackup);
  checkIds(clients, filter);
  if (onlyCohesity(filter) || !wantsTarget(filter, 'VAULT', 'UNKNOWN')) return [];
  const queries = pushedDown(filter);
  return named.map(({ upstream: { name }, slices }) => copyJobSource({ upstream: name, loaders, slices, queries }));
};

const awsStates: Partial<Record<ActivityState, NonNullable<CopyJobsQuery['state']>>> = {
  QUEUED: 'CREATED',
  RUNNING: 'RUNNING',
  SUCCEEDED: 'COMPLETED',
  FAILED: 'FAILED',
  PARTIAL: 'PARTIAL',
};

const only = <T>(values: readonly T[] | null | undefined): T | undefined =>
  values?.length === 1 ? values[0] : undefined;

/**
 * What `ListCopyJobs` can filter itself. Each of its filters takes one value, so one or two states are a list each and
 * more are one list of all. A state we do not know cannot be asked for, so neither can "unfinished". Each account is a
 * list of its own: without one, AWS lists the caller's own jobs alone. When a job ended is never asked for: AWS would
 * leave out one that failed and has no `CompletionDate`.
 */
const pushedDown = (filter: CopyFilter): readonly CopyJobsQuery[] => {
  const query: CopyJobsQuery = {
    resourceType: only(filter.resourceTypes),
    messageCategory: only(filter.messageCategories),
  };
  const accounts: readonly CopyJobsQuery[] = isGiven(filter.accountIds)
    ? [...new Set(filter.accountIds)].map((accountId) => ({ ...query, accountId }))
    : [query];
  return accounts.flatMap((one) => statesAsked(filter).map((state) => ({ ...one, state })));
};

/** `undefined` stands for all states in one list. */
const statesAsked = ({ states }: CopyFilter): readonly CopyJobsQuery['state'][] => {
  if (!isGiven(states) || states.includes('UNKNOWN')) return [undefined];
  const asked = [...new Set(states.map((state) => awsStates[state]).filter((state) => state !== undefined))];
  return asked.length > 2 ? [undefined] : asked;
};
