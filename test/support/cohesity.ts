import type { ProtectionRunsQuery } from '../../src/upstream/cohesity/client.js';
import { type Double, type Held, type Reply, type Seen, startDouble, valueOf } from './fake.js';
import type { Wire } from './wire.js';

/** The content of a cluster, in the form of its API. It may change while it answers. */
export interface ClusterHolds {
  readonly runs?: Held<readonly Wire[]>;
  readonly jobs?: Held<readonly Wire[]>;
  readonly sources?: Held<readonly Wire[]>;
  readonly remotes?: Held<readonly Wire[]>;
  readonly cluster?: Held<Wire>;
  readonly token?: string; // the token of a login
  /** Never more runs in an answer, and no word about it: no document states a bound. */
  readonly maxRuns?: number | undefined;
}

const V1 = '/irisservices/api/v1/public';

const member = (wire: unknown, name: string): unknown =>
  typeof wire === 'object' && wire !== null && Object.hasOwn(wire, name) ? Reflect.get(wire, name) : undefined;

const listOf = (wire: unknown, name: string): readonly unknown[] => {
  const value = member(wire, name);
  return Array.isArray(value) ? value : [];
};

const without = (wire: object, name: string): Wire =>
  Object.fromEntries(Object.entries(wire).filter(([key]) => key !== name));

/** The facts of a run that the query needs; times in microseconds. */
interface RunFacts {
  readonly jobId: unknown;
  readonly startedAt: number | null;
  readonly endedAt: number | null; // null: it is running
}

const timeOf = (time: unknown): number | null => (Number(time) > 0 ? Number(time) : null);

const startOf = (run: Wire): unknown =>
  member(member(run['backupRun'], 'stats'), 'startTimeUsecs') ??
  member(listOf(run, 'copyRun')[0], 'runStartTimeUsecs') ??
  member(run['protectionShellInfo'], 'startTimeUsecs');

const known = new WeakMap<Wire, RunFacts>(); // some clusters have thousands of runs, and are asked hundreds of times

const factsOf = (run: Wire): RunFacts => {
  const facts = known.get(run) ?? {
    jobId: member(run, 'jobId'),
    startedAt: timeOf(startOf(run)),
    endedAt: timeOf(member(member(run['backupRun'], 'stats'), 'endTimeUsecs')),
  };
  known.set(run, facts);
  return facts;
};

/**
 * `GET protectionRuns`: started after one time, completed before another (running ones fall through), newest first, and
 * cut. Runs without a start are let through: nothing says that they are left out. Source: cohesity.md, "Reading copy
 * runs" and "Paging".
 */
export const chooseRuns = <R>(
  runs: readonly R[],
  query: ProtectionRunsQuery,
  facts: (run: R) => RunFacts,
  maxRuns = Number.POSITIVE_INFINITY,
): readonly R[] =>
  runs
    .map((run) => ({ run, ...facts(run) }))
    .filter(
      ({ jobId, startedAt, endedAt }) =>
        (query.jobId === undefined || String(jobId) === query.jobId) &&
        (query.startedTimeUsecs === undefined || String(startedAt) === query.startedTimeUsecs) &&
        (query.startTimeUsecs === undefined || startedAt === null || startedAt > query.startTimeUsecs) &&
        (query.endTimeUsecs === undefined || endedAt === null || endedAt < query.endTimeUsecs),
    )
    .sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0))
    .slice(0, Math.min(query.numRuns ?? maxRuns, maxRuns))
    .map(({ run }) => run);

/** As `onlyReturnShellInfo` has it: the six facts, and neither backup nor copies. */
const toShell = (run: Wire): Wire => {
  const { jobId, jobName, backupRun: backup, protectionShellInfo } = run;
  return {
    jobId,
    jobName,
    ...(run['jobUid'] === undefined ? {} : { jobUid: run['jobUid'] }),
    protectionShellInfo: protectionShellInfo ?? {
      jobRunId: member(backup, 'jobRunId'),
      runType: member(backup, 'runType'),
      status: member(backup, 'status'),
      error: member(backup, 'error'),
      startTimeUsecs: startOf(run),
      endTimeUsecs: member(member(backup, 'stats'), 'endTimeUsecs'),
    },
  };
};

const withoutTasks = (run: Wire): Wire => {
  const copies = run['copyRun'];
  return Array.isArray(copies) ? { ...run, copyRun: copies.map((copy) => without(copy, 'copySnapshotTasks')) } : run;
};

/** As much of a run as the query asks for. */
export const asAsked = (run: Wire, { onlyReturnShellInfo, excludeTasks }: ProtectionRunsQuery): Wire => {
  if (onlyReturnShellInfo === true) return toShell(run);
  return excludeTasks === true ? withoutTasks(run) : run;
};

const numberOf = (text: string | null): number | undefined => (text === null ? undefined : Number(text));

const runsQueryOf = ({ query }: Seen): ProtectionRunsQuery => ({
  jobId: query.get('jobId') ?? undefined,
  startedTimeUsecs: query.get('startedTimeUsecs') ?? undefined,
  startTimeUsecs: numberOf(query.get('startTimeUsecs')),
  endTimeUsecs: numberOf(query.get('endTimeUsecs')),
  numRuns: numberOf(query.get('numRuns')),
  sourceId: query.get('sourceId') ?? undefined,
  excludeTasks: query.get('excludeTasks') === 'true',
  onlyReturnShellInfo: query.get('onlyReturnShellInfo') === 'true',
});

const protects = (run: Wire, sourceId: string): boolean =>
  listOf(run, 'copyRun')
    .flatMap((copy) => listOf(copy, 'copySnapshotTasks'))
    .some((task) => String(member(member(task, 'source'), 'id')) === sourceId);

const answerRuns = (runs: readonly Wire[], seen: Seen, maxRuns: number | undefined): readonly Wire[] => {
  const query = runsQueryOf(seen);
  const { sourceId } = query;
  const about = sourceId === undefined ? runs : runs.filter((run) => protects(run, sourceId));
  return chooseRuns(about, query, factsOf, maxRuns).map((run) => asAsked(run, query));
};

const withIds = (records: readonly Wire[], ids: string | null): readonly Wire[] =>
  ids === null ? records : records.filter(({ id }) => ids.split(',').includes(String(id)));

/** Asks for the runs of all jobs at once. */
export const isWide = ({ path, query }: Seen): boolean => path === `${V1}/protectionRuns` && !query.has('jobId');

/** Jobs by their ids; those of tenants only where they are asked for. */
const answerProtectionJobs = (jobs: readonly Wire[], { query }: Seen): readonly Wire[] => {
  const ofTenants = query.get('allUnderHierarchy') === 'true';
  const ours = jobs.filter(({ tenantId }) => tenantId === undefined || ofTenants);
  return withIds(ours, query.get('ids'));
};

/** How a cluster says that it has no such path. */
const noSuchPath: Reply = { status: 404, body: { errorCode: 'KEntityNotExistsError', message: 'no such path' } };

/** Answers each route that the gateway reads, as the vendor's notes say, from what a cluster holds. */
export const answerCohesity =
  (held: ClusterHolds) =>
  (seen: Seen): Reply => {
    const { path, query } = seen;
    const of = (list: Held<readonly Wire[]> = []): readonly Wire[] => valueOf(list, seen);
    if (path === `${V1}/protectionRuns`) return { body: answerRuns(of(held.runs), seen, held.maxRuns) };
    if (path === `${V1}/protectionJobs`) return { body: answerProtectionJobs(of(held.jobs), seen) };
    if (path === `${V1}/protectionSources/objects`) return { body: withIds(of(held.sources), query.get('objectIds')) };
    if (path === `${V1}/remoteClusters`) return { body: of(held.remotes) };
    if (path === `${V1}/cluster`) return { body: valueOf(held.cluster ?? {}, seen) };
    if (path === `${V1}/accessTokens`)
      return { status: 201, body: { accessToken: held.token ?? 'token', tokenType: 'Bearer' } };
    return noSuchPath;
  };

/** A Cohesity cluster on loopback that takes any key. */
export const startCohesity = (held: ClusterHolds = {}): Promise<Double> => startDouble(answerCohesity(held));
