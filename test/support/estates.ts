import fc from 'fast-check';
import type { CopyOperationFilter } from '../../src/aggregate/copy-operations.js';
import type { CopyOperation } from '../../src/domain/copy-operation.js';
import type { CopyJob } from '../../src/domain/copy-job.js';
import type { CopyRun } from '../../src/domain/copy-run.js';
import type { CopySnapshotTask } from '../../src/domain/copy-snapshot-task.js';
import type { ProtectionShell } from '../../src/domain/protection-run.js';
import {
  LATE,
  type Manners,
  type PlayedCluster,
  type PlayedEndpoint,
  type PlayedJob,
  type PlayedRun,
  playCluster,
  playEndpoint,
  toJob,
  toRun,
} from './estate.js';

export const HOUR = 3_600_000_000;
export const DAY = 24 * HOUR;

/** When the lists of these estates are read. */
export const NOW = Date.UTC(2024, 4, 8, 3) * 1000;

/** Two clusters and two endpoints, as anything that reads them sees them. */
export interface World {
  readonly clusters: readonly PlayedCluster[];
  readonly endpoints: readonly PlayedEndpoint[];
}

export const upstreamsOf = ({ clusters, endpoints }: World) => [...clusters, ...endpoints];

/** Whole hours make equal times over vendors; a few lie ahead of our clock. */
const hoursAgo = (most: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: -1, max: most }).map((hours) => hours * HOUR) },
    {
      weight: 2,
      arbitrary: fc.integer({ min: -HOUR / 1000, max: (most * HOUR) / 1000 }).map((millis) => millis * 1000),
    },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 30 * HOUR }) },
  );

/** A copy or its task begins so much later than its run. */
const delay = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 0, max: 20 }).map((hours) => hours * HOUR),
);

const task = (startedAt: number, sourceId: number) =>
  fc
    .record({
      late: fc.oneof({ weight: 4, arbitrary: delay }, fc.constant(undefined)),
      status: fc.constantFrom('kSuccess', 'kRunning', 'kFailure'),
    })
    .map(({ late, status }) => ({
      sourceId,
      status,
      startedAt: late === undefined ? null : startedAt + (late ?? 0), // some are not started: an unknown time
    }));

const copy = (startedAt: number, taskId: number) =>
  fc
    .record({
      late: delay,
      lasts: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 40 })),
      notTold: fc.constantFrom(null, 0), // a time of zero says as little as none
      addressed: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
      status: fc.constantFrom('kSuccess', 'kRunning', 'kFailure', 'kAccepted', 'kWarning', 'kSomethingNew'),
      target: fc.constantFrom('kLocal', 'kRemote', 'kArchival', 'kElsewhere'),
      sizeBytes: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 1_000_000 })),
      error: fc.constantFrom(null, 'Access denied', 'out of space'),
      expiresAt: fc.constantFrom(undefined, NOW - DAY, NOW + DAY, NOW + 30 * DAY),
      held: fc.constantFrom(undefined, false, true),
      lockedUntil: fc.constantFrom(undefined, NOW - DAY, NOW + DAY),
      tasks: fc.oneof(fc.constant([]), fc.tuple(task(startedAt, 1)), fc.tuple(task(startedAt, 2), task(startedAt, 3))),
    })
    .map(({ late, lasts, notTold, addressed, ...rest }) => ({
      ...rest,
      taskId: addressed ? taskId : null,
      startedAt: late === null ? notTold : startedAt + late,
      endedAt: lasts === null ? notTold : startedAt + (late ?? 0) + lasts * HOUR,
    }));

const run = fc
  .record({
    jobId: fc.integer({ min: 1, max: 3 }),
    ago: hoursAgo(9 * 24),
    lasts: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 20, max: 90 })),
  })
  .chain(({ jobId, ago, lasts }) => {
    const startedAt = NOW - ago;
    return fc
      .oneof(
        fc.tuple(copy(startedAt, 1)),
        fc.tuple(copy(startedAt, 1), copy(startedAt, 2)),
        fc.tuple(copy(startedAt, 1), copy(startedAt, 2), copy(startedAt, 3)),
        fc.constant([]),
      )
      .map((copies) => ({ jobId, startedAt, endedAt: lasts === null ? null : startedAt + lasts * HOUR, copies }));
  });

const job = fc
  .record({
    ago: fc.oneof({ weight: 15, arbitrary: hoursAgo(9 * 24) }, fc.constant(null)),
    lasts: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 60 })),
    state: fc.constantFrom('CREATED', 'RUNNING', 'COMPLETED', 'FAILED', 'PARTIAL', 'SOMETHING_NEW'),
    sizeBytes: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 1_000_000 })),
    resourceType: fc.constantFrom('EC2', 'EBS'),
    accountId: fc.constantFrom('111122223333', '444455556666'),
    message: fc.constantFrom(null, 'Access denied exception while trying to list tags'),
    kind: fc.constantFrom('alone', 'alone', 'parent', 'child'),
  })
  .map(({ ago, lasts, kind, ...rest }) => ({
    ...rest,
    createdAt: ago === null ? null : Math.floor((NOW - ago) / 1000) * 1000,
    completedAt: lasts === null || ago === null ? null : NOW - ago + lasts * HOUR,
    parentId: kind === 'child' ? 'P' : null,
    isParent: kind === 'parent',
  }));

/** A job's start is its run's key, so there are no two of one time. */
const distinct = (runs: readonly PlayedRun[]): readonly PlayedRun[] => [
  ...new Map(runs.map((one) => [`${one.jobId} ${one.startedAt}`, one])).values(),
];

/** Runs of one job that follow each other, so that only the newest is going on; those of other jobs overlap all the same. */
const following = (runs: readonly PlayedRun[]): readonly PlayedRun[] =>
  runs.map((one) => {
    const next = Math.min(
      ...runs
        .filter(({ jobId, startedAt }) => jobId === one.jobId && startedAt > one.startedAt)
        .map((r) => r.startedAt),
    );
    return next === Number.POSITIVE_INFINITY ? one : { ...one, endedAt: Math.min(one.endedAt ?? next, next) };
  });

/** Runs of which only the newest of each job may be going on: more of those than an answer holds lead nowhere. */
const finishing = (runs: readonly PlayedRun[]): readonly PlayedRun[] =>
  runs.map((one) => {
    const isNewest = !runs.some(({ jobId, startedAt }) => jobId === one.jobId && startedAt > one.startedAt);
    return isNewest ? one : { ...one, endedAt: one.endedAt ?? one.startedAt + 30 * HOUR };
  });

/** Runs of one job, so that many overlap. */
const ofOneJob = (runs: readonly PlayedRun[]): readonly PlayedRun[] =>
  distinct(runs.map((one) => ({ ...one, jobId: 1 })));

const runs = (most: number) => fc.array(run, { maxLength: most }).map(distinct);
const jobs = (prefix: string, most: number) =>
  fc
    .array(job, { maxLength: most })
    .map((all): readonly PlayedJob[] => all.map((one, n) => ({ ...one, id: prefix + n })));

const manners = fc.record({
  inclusive: fc.boolean(),
  pageLimit: fc.constantFrom(undefined, undefined, 1, 4),
  emptyPages: fc.constantFrom(false, false, true),
});

/** The content of an estate, as plain data. */
export interface Estate {
  readonly runs: readonly (readonly PlayedRun[])[];
  readonly jobs: readonly (readonly PlayedJob[])[];
  readonly manners: Manners;
}

const clusterNames = ['dc-east', 'dc-west'] as const;
/** Each cluster's own id. */
export const clusterIds = { 'dc-east': 1, 'dc-west': 2 } as const;
const endpointNames = ['aws-use1', 'aws-euw1'] as const;
export const upstreamNames = [...clusterNames, ...endpointNames];

/** New upstreams with the content of an estate; a test's changes stay in them. */
export const play = ({ runs: held, jobs: listed, manners: odd }: Estate): World => ({
  clusters: clusterNames.map((name, n) => playCluster(name, held[n] ?? [], { clusterId: clusterIds[name], ...odd })),
  endpoints: endpointNames.map((name, n) => playEndpoint(name, listed[n] ?? [], odd)),
});

const estateOf = (one: fc.Arbitrary<readonly PlayedRun[]>, maxRecords: fc.Arbitrary<number | undefined>) =>
  fc
    .record({ runs: fc.tuple(one, one), jobs: fc.tuple(jobs('j', 25), jobs('k', 8)), manners, maxRecords })
    .map(({ maxRecords: most, manners: odd, ...held }): Estate => ({ ...held, manners: { ...odd, maxRecords: most } }));

/** Any estate: runs overlap as they like. */
export const estates = estateOf(runs(14), fc.constant(undefined));

/** Any estate, of one job in each cluster, whose runs do not fit an answer. */
export const overlappingEstates = estateOf(runs(14).map(ofOneJob), fc.integer({ min: 1, max: 3 }));

/** Answers are cut short by their size, so that slices are split, and runs read job by job and page by page. */
export const tightEstates = estateOf(runs(14).map(following), fc.integer({ min: 2, max: 6 }));

/** The same, of runs that overlap as they like. */
export const crowdedEstates = estateOf(runs(14).map(finishing), fc.integer({ min: 2, max: 6 }));

export type ListName = 'copyOperations' | 'copyRuns' | 'copySnapshotTasks' | 'copyJobs' | 'protectionShells';
/** A record in a list, of any product. */
export type Shown = CopyOperation | ProtectionShell;

/** A record of the world, with all that its product knows of it. */
export type Listed = CopyRun | CopySnapshotTask | CopyJob | ProtectionShell;
export type Request = readonly [ListName, CopyOperationFilter];

/** A record with what decides whether a window holds it where its own time is unknown. */
interface Known {
  readonly record: Listed;
  readonly runStartedAt: number | null;
}

/** Each record is mapped once: properties ask for the whole estate after every step. Played records never change. */
const mapped = new WeakMap<PlayedRun | PlayedJob, Map<string, readonly Known[]>>();

const knownOf = <P extends PlayedRun | PlayedJob>(
  upstream: string,
  played: P,
  map: (upstream: string, played: P) => readonly Known[],
): readonly Known[] => {
  const byUpstream = mapped.get(played) ?? new Map<string, readonly Known[]>();
  mapped.set(played, byUpstream);
  const known = byUpstream.get(upstream) ?? map(upstream, played);
  byUpstream.set(upstream, known);
  return known;
};

const knownOfRun = (upstream: string, played: PlayedRun): readonly Known[] => {
  const { shell, copyRuns, startedAt } = toRun(upstream, played);
  const tasks = copyRuns.flatMap((one) => one.tasks ?? []);
  return [shell, ...copyRuns, ...tasks].map((record) => ({ record, runStartedAt: startedAt }));
};

const knownOfJob = (upstream: string, played: PlayedJob): readonly Known[] => [
  { record: toJob(upstream, played), runStartedAt: null },
];

const everything = ({ clusters, endpoints }: World): readonly Known[] => [
  ...clusters.flatMap(({ name, records }) => records.flatMap((played) => knownOf(name, played, knownOfRun))),
  ...endpoints.flatMap(({ name, records }) => records.flatMap((played) => knownOf(name, played, knownOfJob))),
];

const typesOf = (list: ListName, { types }: CopyOperationFilter): readonly Listed['__typename'][] => {
  const names = [
    ['COPY_RUN', 'CopyRun'],
    ['COPY_SNAPSHOT_TASK', 'CopySnapshotTask'],
    ['COPY_JOB', 'CopyJob'],
  ] as const;
  const asked = types ?? ['COPY_RUN', 'COPY_JOB'];
  if (list === 'copyOperations') return names.flatMap(([type, name]) => (asked.includes(type) ? [name] : []));
  if (list === 'copyRuns') return ['CopyRun'];
  if (list === 'copySnapshotTasks') return ['CopySnapshotTask'];
  return list === 'copyJobs' ? ['CopyJob'] : ['ProtectionShell'];
};

const over = ['CANCELED', 'SUCCEEDED', 'WARNING', 'PARTIAL', 'FAILED', 'MISSED'];

const passes = (filter: CopyOperationFilter, record: Listed, now: number): boolean => {
  const { states, finished, targetKinds, endedAfter, endedBefore, objectName, failureCategories } = filter;
  const { protectionJobIds, accountIds, resourceTypes, composite, upstreams } = filter;
  const ended = record.endedAt;
  if (upstreams && !upstreams.includes(record.upstream)) return false;
  if (states && !states.includes(record.state)) return false;
  if (finished !== undefined && finished !== over.includes(record.state)) return false;
  if (ended === null && (endedAfter || endedBefore) && !over.includes(record.state)) return false;
  if (ended !== null && endedAfter && ended < endedAfter) return false;
  if (endedBefore && (ended ?? record.startedAt ?? Number.NEGATIVE_INFINITY) >= endedBefore) return false;
  if (failureCategories && !failureCategories.some((one) => one === record.failureCategory)) return false;
  if (protectionJobIds && record.__typename === 'CopyJob') return false;
  if (
    protectionJobIds &&
    'jobId' in record &&
    !protectionJobIds.includes(`ProtectionJob:${record.upstream}:${record.jobId}`)
  )
    return false;
  if (record.__typename === 'ProtectionShell') return true;
  if (filter.targetIds && !filter.targetIds.some((id) => id === record.target?.id)) return false;
  const { expiresAfter, expiresBefore, onLegalHold, dataLocked, longerThanSeconds, errorContains } = filter;
  const at = record.expiresAt;
  if (expiresAfter && !(at !== null && at >= expiresAfter)) return false;
  if (expiresBefore && !(at !== null && at < expiresBefore)) return false;
  const [held, lock] = record.__typename === 'CopyJob' ? [] : [record.holdForLegalPurpose, record.dataLockConstraints];
  if (onLegalHold !== undefined && onLegalHold !== (held === true)) return false;
  if (dataLocked !== undefined && dataLocked !== (lock?.expiresAt ?? 0) > now) return false;
  const end = record.endedAt ?? (over.includes(record.state) ? Number.NaN : now);
  if (
    longerThanSeconds !== undefined &&
    longerThanSeconds !== null &&
    !(end - (record.startedAt ?? Number.NaN) > longerThanSeconds * 1_000_000)
  )
    return false;
  if (errorContains && record.error?.toLowerCase().includes(errorContains.toLowerCase()) !== true) return false;
  if (targetKinds && !targetKinds.some((kind) => kind === record.target?.kind)) return false;
  if (record.__typename !== 'CopyJob' && (accountIds || resourceTypes)) return false;
  if (record.__typename === 'CopyJob') {
    if (accountIds && !accountIds.some((one) => one === record.accountId)) return false;
    if (resourceTypes && !resourceTypes.some((one) => one === record.resourceType)) return false;
    if (composite === 'LEAVES' && record.isParent === true) return false;
    if (composite === 'TOP_LEVEL' && record.parentJobId !== null) return false;
  }
  if (!objectName) return true;
  const names = [record.name, ...(record.__typename === 'CopyRun' ? (record.tasks ?? []) : []).map(({ name }) => name)];
  return names.join('\n').toLowerCase().includes(objectName.toLowerCase());
};

/** Whether a filter asks for more than its list reads: for earlier ends, or for older unfinished copies. */
export const goesPast = ({
  startedAfter,
  startedBefore,
  endedAfter,
  finished,
  states,
}: CopyOperationFilter): boolean => {
  if (startedAfter) return false;
  const unfinished = finished === false || (states?.length ? states.every((state) => !over.includes(state)) : false);
  const earliest = Math.min(NOW, startedBefore ?? NOW) - 7 * DAY;
  return (endedAfter ?? earliest) < earliest || (unfinished && (startedBefore ?? NOW) <= NOW - 7 * DAY);
};

/** The expected content of a list: everything, filtered and sorted at once. */
export const expected = (world: World, [list, filter]: Request, now = NOW): readonly Listed[] => {
  const unfinished = filter.states?.length ? filter.states.every((state) => !over.includes(state)) : false;
  const { endedAfter, expiresAfter, expiresBefore, onLegalHold, dataLocked } = filter;
  const kept = [endedAfter, expiresAfter, expiresBefore, onLegalHold, dataLocked].some((given) => given !== undefined);
  const reaches = unfinished || filter.finished === false || kept;
  const end = Math.min(now, filter.startedBefore ?? now);
  const from: number = filter.startedAfter ?? end - (reaches ? 7 * DAY : DAY);
  const to = filter.startedBefore ?? Number.POSITIVE_INFINITY;
  const types = typesOf(list, filter);
  const readFrom = Math.floor((from - LATE) / HOUR) * HOUR; // reads begin on the hour
  const isIn = (at: number): boolean => at >= from && at < to;
  const holds = ({ record: { startedAt, endedAt, state }, runStartedAt }: Known): boolean => {
    if (startedAt !== null) return isIn(startedAt);
    const isOutside = endedAt !== null && over.includes(state) && !isIn(endedAt);
    return !isOutside && (runStartedAt ?? from) >= readFrom && from < to;
  };
  return everything(world)
    .filter((known) => types.includes(known.record.__typename) && holds(known) && passes(filter, known.record, now))
    .map(({ record }) => record)
    .sort((a, b) => {
      const [newer, older] = [b.startedAt ?? Number.NEGATIVE_INFINITY, a.startedAt ?? Number.NEGATIVE_INFINITY];
      return newer === older ? (a.id < b.id ? -1 : 1) : newer > older ? 1 : -1;
    });
};
