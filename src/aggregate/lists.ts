import { BadInputError } from '../domain/bad-input.js';
import type { ActivityState } from '../domain/activity.js';
import type { Connection } from '../domain/connection.js';
import { type CopyFilter, type Window, matchesActivity, matchesCopy, windowOf } from '../domain/copy-filter.js';
import type { CopyJob } from '../domain/copy-job.js';
import type { CopyRun } from '../domain/copy-run.js';
import type { CopySnapshotTask } from '../domain/copy-snapshot-task.js';
import { parseId } from '../domain/global-id.js';
import { type Micros, micros } from '../domain/micros.js';
import { newestFirst } from '../domain/order.js';
import { type PageArguments, toPageRequest } from '../domain/page.js';
import type { ProtectionRun, ProtectionShell } from '../domain/protection-run.js';
import type { CopyJobsQuery } from '../upstream/aws-backup/client.js';
import { type Clients, type UpstreamClient, clientsNamed } from './clients.js';
import { copyJobSource } from './copy-job-pages.js';
import type { Loaders } from './loaders.js';
import { type Source, type Timed, merge } from './merge.js';
import { type RunDetail, protectionRunSource } from './protection-runs.js';

/** What a list needs beside its arguments. */
export interface ListContext {
  readonly clients: Clients;
  readonly loaders: Loaders;
  readonly now: Micros;
  readonly limits: { readonly maxPageSize: number; readonly lookBackHours: number };
}

export interface ListArguments extends PageArguments {
  readonly filter?: CopyFilter | null | undefined;
}

/** Which of a connection's fields the query asks for; what nobody asks for is not read. */
export interface Asked {
  readonly page: boolean; // nodes, edges or pageInfo
  readonly totalCount: boolean;
  readonly tasks: boolean; // something below needs the copy snapshot tasks
}

/** `copyRuns`: one `protectionRuns` call for each cluster while the window is a day, see `protectionRunSource`. */
export const listCopyRuns = (context: ListContext, args: ListArguments, asked: Asked): Promise<Connection<CopyRun>> => {
  const detail = asked.tasks || isGiven(args.filter?.objectName) ? 'tasks' : 'copies';
  const sources = runSources(context, args.filter ?? {}, detail, ({ copyRuns }) => copyRuns);
  return list('copyRuns', context, args, asked, sources, matchesCopy);
};

/** `copySnapshotTasks`: the same calls, with the tasks in them. */
export const listCopySnapshotTasks = (
  context: ListContext,
  args: ListArguments,
  asked: Asked,
): Promise<Connection<CopySnapshotTask>> => {
  const tasksOf = ({ copyRuns }: ProtectionRun) => copyRuns.flatMap(({ tasks }) => tasks ?? []);
  return list(
    'copySnapshotTasks',
    context,
    args,
    asked,
    runSources(context, args.filter ?? {}, 'tasks', tasksOf),
    matchesCopy,
  );
};

/** `protectionShells`: the same calls with `onlyReturnShellInfo`, so that neither tasks nor copies are sent. */
export const listProtectionShells = (
  context: ListContext,
  args: ListArguments,
  asked: Asked,
): Promise<Connection<ProtectionShell>> =>
  list(
    'protectionShells',
    context,
    args,
    asked,
    runSources(context, args.filter ?? {}, 'shell', ({ shell }) => [shell]),
    (filter, shell) =>
      matchesActivity(filter, shell) &&
      (!isGiven(filter.protectionJobIds) ||
        filter.protectionJobIds.includes(`ProtectionJob:${shell.upstream}:${shell.jobId}`)),
  );

/** `copyJobs`: one `ListCopyJobs` call for each endpoint while a day's jobs fit one page, see `copyJobSource`. */
export const listCopyJobs = (context: ListContext, args: ListArguments, asked: Asked): Promise<Connection<CopyJob>> =>
  list('copyJobs', context, args, asked, jobSources(context, args.filter ?? {}), matchesCopy);

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

const list = async <T extends Timed>(
  name: string,
  context: ListContext,
  args: ListArguments,
  asked: Asked,
  sources: readonly Source<T>[],
  matches: (filter: CopyFilter, record: T) => boolean,
): Promise<Connection<T>> => {
  const request = toPageRequest(args, name, newestFirst, context.limits.maxPageSize);
  const given = args.filter ?? {};
  // Later pages look at the window of the first one, which else would move on with the clock.
  const windowFrom = request.after?.windowFrom ?? request.before?.windowFrom ?? null;
  const standard = windowOf(given, context.now, context.limits.lookBackHours);
  const window: Window = { ...standard, from: given.startedAfter ?? windowFrom ?? standard.from };
  const filter: CopyFilter = { ...given, startedAfter: window.from, startedBefore: window.to };
  let count = 0;
  const merged = await merge({
    sources,
    window,
    now: context.now,
    matches: (record) => matches(filter, record),
    page: asked.page || !asked.totalCount ? request : null,
    each: asked.totalCount ? () => (count += 1) : undefined,
  });
  const exact = merged.upstreamReports.every(({ complete }) => complete);
  return {
    ...merged,
    list: name,
    order: newestFirst,
    windowFrom: window.from,
    totalCount: asked.totalCount && exact ? count : null,
  };
};

const runSources = <T extends Timed>(
  { clients, loaders }: ListContext,
  filter: CopyFilter,
  detail: RunDetail,
  recordsOf: (run: ProtectionRun) => readonly T[],
): readonly Source<T>[] => {
  const jobs = filter.protectionJobIds?.map(toJobId);
  return clientsNamed(clients, filter.upstreams, 'filter.upstreams')
    .filter(isCohesity)
    .map(({ upstream: { name } }) => ({
      name,
      jobIds: jobs?.filter(({ upstream }) => upstream === name).map(({ jobId }) => jobId) ?? null,
    }))
    .filter(({ jobIds }) => jobIds === null || jobIds.length > 0)
    .map(({ name, jobIds }) => protectionRunSource({ upstream: name, loaders, detail, jobIds, recordsOf }));
};

const toJobId = (id: string): { upstream: string; jobId: string } => {
  const parsed = parseId(id);
  const [jobId] = parsed?.parts ?? [];
  if (parsed?.type !== 'ProtectionJob' || jobId === undefined) {
    throw new BadInputError(
      'filter.protectionJobIds',
      'filter.protectionJobIds takes ids of the form ProtectionJob:<upstream>:<job id>, as ProtectionJob.id shows them.',
    );
  }
  return { upstream: parsed.upstream, jobId };
};

const isCohesity = (client: UpstreamClient): boolean => client.kind === 'COHESITY';

const jobSources = ({ clients, loaders }: ListContext, filter: CopyFilter): readonly Source<CopyJob>[] => {
  // A filter that only Cohesity's copies can pass asks AWS nothing.
  if (isGiven(filter.protectionJobIds)) return [];
  const queries = pushedDown(filter);
  return clientsNamed(clients, filter.upstreams, 'filter.upstreams')
    .filter(({ kind }) => kind === 'AWS_BACKUP')
    .map(({ upstream: { name } }) => copyJobSource({ upstream: name, loaders, queries }));
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

const MARGIN = 1_000_000; // whether AWS's bounds include their own moment is not stated

/**
 * What `ListCopyJobs` can filter itself. Each of its filters takes one value, so one or two states are a list each and
 * more are one list of all. A state we do not know cannot be asked for, so neither can "unfinished".
 */
const pushedDown = (filter: CopyFilter): readonly CopyJobsQuery[] => {
  const account = only(filter.accountIds);
  const query: CopyJobsQuery = {
    resourceType: only(filter.resourceTypes),
    accountId: account !== undefined && /^\d{12}$/.test(account) ? account : undefined,
    completeAfter: isGiven(filter.endedAfter) ? micros(filter.endedAfter - MARGIN) : undefined,
    completeBefore: isGiven(filter.endedBefore) ? micros(filter.endedBefore + MARGIN) : undefined,
  };
  if (!isGiven(filter.states) || filter.states.includes('UNKNOWN')) return [query];
  const asked = [...new Set(filter.states.map((state) => awsStates[state]).filter((state) => state !== undefined))];
  if (asked.length > 2) return [query];
  return asked.map((state) => ({ ...query, state }));
};
