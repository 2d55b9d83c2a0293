import { createJobIndexes } from '../../src/upstream/aws-backup/job-index.js';
import { createIndexMemory } from '../../src/index/memory.js';
import { createRunIndexes } from '../../src/upstream/cohesity/run-index.js';
import type { CacheContext } from '../../src/cache/read-through.js';
import { createRecordStore } from '../../src/cache/store.js';
import { createEndpointClient } from '../../src/upstream/aws-backup/endpoint-client.js';
import type { EndpointClient } from '../../src/upstream/aws-backup/endpoint.js';
import { createClusterClient } from '../../src/upstream/cohesity/cluster-client.js';
import type { ClusterClient } from '../../src/upstream/cohesity/cluster.js';
import { visibleClients } from '../../src/upstream/clients.js';
import type { UpstreamClient } from '../../src/upstream/product.js';
import type { ListContext } from '../../src/aggregate/lists.js';
import type { CopyJob } from '../../src/domain/copy-job.js';
import { DAY_MICROS, micros } from '../../src/domain/micros.js';
import type { ProtectionRun } from '../../src/domain/protection-run.js';
import { UpstreamError } from '../../src/domain/upstream-error.js';
import type { AwsBackupClient, CopyJobPage, CopyJobsQuery } from '../../src/upstream/aws-backup/client.js';
import { WireCopyJob, toCopyJob } from '../../src/upstream/aws-backup/copy-job.js';
import { clock } from '../../src/calling/clock.js';
import { createOwnId } from '../../src/upstream/cohesity/own-id.js';
import { createWideReads } from '../../src/upstream/cohesity/wide-reads.js';
import type { CohesityClient, ProtectionRunsQuery } from '../../src/upstream/cohesity/client.js';
import { WireProtectionRun, toProtectionRun } from '../../src/upstream/cohesity/protection-run.js';
import { type EndpointManners, pageOfJobs } from './aws-backup.js';
import { asAsked, chooseRuns } from './cohesity.js';
import { type Wire, cluster, wireCopyJob, wireCopyRun, wireSource, wireTask } from './wire.js';

/** The copy of one object, as a test describes it; times in microseconds. */
export interface PlayedTask {
  readonly sourceId: number;
  readonly startedAt: number | null;
  readonly status: string;
}

export interface PlayedCopy {
  readonly taskId: number | null; // null: the cluster leaves the `taskUid` out
  readonly startedAt: number | null; // null: it leaves the time out, so the run's counts
  readonly endedAt: number | null;
  readonly status: string;
  readonly target: string;
  readonly sizeBytes: number | null;
  readonly error: string | null;
  readonly expiresAt?: number | undefined;
  readonly held?: boolean | undefined; // by a legal hold
  readonly lockedUntil?: number | undefined; // by a data lock
  readonly tasks: readonly PlayedTask[];
}

export interface PlayedRun {
  readonly jobId: number;
  readonly startedAt: number;
  readonly endedAt: number | null; // null: it is running
  readonly copies: readonly PlayedCopy[];
  readonly ownedBy?: number; // the id of the cluster that owns the job, if it is reported
  readonly snapshotsDeleted?: boolean;
}

export interface PlayedJob {
  readonly id: string;
  readonly createdAt: number | null; // microseconds, of which AWS keeps the milliseconds
  readonly completedAt: number | null;
  readonly state: string;
  readonly sizeBytes: number | null;
  readonly resourceType: string;
  readonly accountId: string;
  readonly message: string | null;
  readonly parentId: string | null;
  readonly isParent: boolean;
}

/** Behaviour that no document describes, so the products may do either. */
export interface Manners extends EndpointManners {
  readonly maxRuns?: number | undefined; // Cohesity: never more runs in an answer, and no word about it
  readonly clusterId?: number | undefined; // Cohesity: its own id; 1 if absent
  readonly slowForAll?: boolean | undefined; // Cohesity: no answer in time for all jobs at once
  readonly maxRecords?: number | undefined; // an answer with more is too large for us
  readonly maxShells?: number | undefined; // Cohesity: the same of shells, which are small; a hundred times as many if absent
}

export const runOf = (jobId: number, startedAt: number, overrides: Partial<PlayedRun> = {}): PlayedRun => ({
  jobId,
  startedAt,
  endedAt: startedAt + 60_000_000,
  copies: [copyOf(1)],
  ...overrides,
});

export const copyOf = (taskId: number | null, overrides: Partial<PlayedCopy> = {}): PlayedCopy => ({
  taskId,
  startedAt: null,
  endedAt: null,
  status: 'kSuccess',
  target: 'kRemote',
  sizeBytes: null,
  error: null,
  tasks: [],
  ...overrides,
});

export const jobOf = (id: string, createdAt: number | null, overrides: Partial<PlayedJob> = {}): PlayedJob => ({
  id,
  createdAt,
  completedAt: null,
  state: 'RUNNING',
  sizeBytes: null,
  resourceType: 'EC2',
  accountId: '111122223333',
  message: null,
  parentId: null,
  isParent: false,
  ...overrides,
});

/** As the REST API has it. */
export const toWireRun = (played: PlayedRun): Wire => {
  const { jobId, startedAt, endedAt, copies, ownedBy, snapshotsDeleted } = played;
  const stats = { startTimeUsecs: startedAt, ...(endedAt === null ? {} : { endTimeUsecs: endedAt }) };
  const backup = { jobRunId: startedAt % 1_000_003, runType: 'kRegular', status: endedAt ? 'kSuccess' : 'kRunning' };
  return {
    jobId,
    jobName: `Job ${jobId}`,
    ...(ownedBy === undefined ? {} : { jobUid: { clusterId: ownedBy, clusterIncarnationId: 1, id: jobId } }),
    backupRun: { ...backup, stats, ...(snapshotsDeleted === undefined ? {} : { snapshotsDeleted }) },
    copyRun: copies.map(toWireCopy),
  };
};

const toWireCopy = (copy: PlayedCopy): Wire => ({
  ...wireCopyRun(copy.taskId ?? 0, {
    status: copy.status,
    target: { type: copy.target },
    error: copy.error,
    runStartTimeUsecs: copy.startedAt,
    ...(copy.expiresAt === undefined ? {} : { expiryTimeUsecs: copy.expiresAt }),
    ...(copy.held === undefined ? {} : { holdForLegalPurpose: copy.held }),
    ...(copy.lockedUntil === undefined
      ? {}
      : { dataLockConstraints: { expiryTimeUsecs: copy.lockedUntil, wormRetentionType: 'kCompliance' } }),
    stats: {
      logicalSizeBytes: copy.sizeBytes,
      logicalBytesTransferred: copy.sizeBytes === null ? null : Math.floor(copy.sizeBytes / 2),
      endTimeUsecs: copy.endedAt,
    },
    copySnapshotTasks: copy.tasks.map(({ sourceId, startedAt, status }) =>
      wireTask(wireSource(sourceId), { status, taskStartTimeUsecs: startedAt, taskEndTimeUsecs: null }),
    ),
  }),
  taskUid: copy.taskId === null ? null : { ...cluster, id: copy.taskId },
});

/** As the REST API has it: times are seconds. */
export const toWireJob = (job: PlayedJob): Wire =>
  wireCopyJob(job.id, {
    CreationDate: job.createdAt === null ? undefined : Math.floor(job.createdAt / 1000) / 1000,
    CompletionDate: job.completedAt === null ? undefined : Math.floor(job.completedAt / 1000) / 1000,
    State: job.state,
    BackupSizeInBytes: job.sizeBytes ?? undefined,
    ResourceType: job.resourceType,
    ResourceName: `${job.resourceType.toLowerCase()}-${job.id}`,
    AccountId: job.accountId,
    StatusMessage: job.message ?? undefined,
    ParentJobId: job.parentId ?? undefined,
    IsParent: job.isParent,
  });

/** An upstream played in this process; its content and its state may change while a test runs. */
export interface Played<M, Q, C extends UpstreamClient = UpstreamClient> {
  readonly name: string;
  readonly client: C;
  readonly calls: Q[];
  records: readonly M[];
  /** Answers so many calls more and then fails. */
  failsAfter: number;
  /** Receives each query before its answer; an error that it throws is the answer. */
  onCall?: (query: Q) => void;
}

export type PlayedCluster = Played<PlayedRun, ProtectionRunsQuery, ClusterClient>;
export type PlayedEndpoint = Played<PlayedJob, CopyJobsQuery, EndpointClient>;

const MOST_CALLS = 5000; // a reader that asks more often than that goes round in circles

const count = <M, Q>(played: Played<M, Q>, query: Q): void => {
  if (played.calls.push(query) > MOST_CALLS) throw new Error('this does not end');
  if (played.failsAfter <= 0) throw new UpstreamError(played.name, 'unavailable', 'down');
  played.failsAfter -= 1;
  played.onCall?.(query);
};

const limitRecords = (upstream: string, length: number, most: number | undefined): void => {
  if (most !== undefined && length > most) throw new UpstreamError(upstream, 'tooLarge', 'answer too large');
};

const maxShellsOf = ({ maxRecords, maxShells }: Manners): number | undefined =>
  maxShells ?? (maxRecords === undefined ? undefined : maxRecords * 100);

const observedAt = micros(1_715_137_200_000_000);
const healthy = { status: 'UP', latencyMs: 1, lastSuccessAt: null, lastError: null, circuit: 'CLOSED' } as const;

const speaking = (name: string, kind: 'COHESITY' | 'AWS_BACKUP') => ({
  upstream: { __typename: 'Upstream', id: `Upstream:${name}`, name, kind, sandbox: true, region: null } as const,
  health: () => healthy,
});

/** A run as the client would hand it over. */
export const toRun = (upstream: string, run: PlayedRun, query: ProtectionRunsQuery = {}): ProtectionRun => {
  const context = { upstream, observedAt, tasksLeftOut: query.excludeTasks === true };
  const record = toProtectionRun(WireProtectionRun.parse(asAsked(toWireRun(run), query)), context);
  if (record === null) throw new Error('a run that nothing addresses');
  return record;
};

export const toJob = (upstream: string, job: PlayedJob): CopyJob => {
  const { CreationDate, CompletionDate, ...wire } = toWireJob(job);
  const date = (seconds: unknown): Date | null =>
    typeof seconds === 'number' ? new Date(Math.round(seconds * 1000)) : null;
  const dates = { CreationDate: date(CreationDate), CompletionDate: date(CompletionDate) };
  const record = toCopyJob(WireCopyJob.parse({ ...wire, ...dates }), upstream, observedAt);
  if (record === null) throw new Error('a job that nothing addresses');
  return record;
};

/** A played record has the facts that a query needs. */
const itself = <T>(played: T): T => played;

/** Maps each played record once, however often it is read. */
export const remember = <M extends object, T>(map: (played: M) => T): ((played: M) => T) => {
  const known = new WeakMap<M, T>();
  return (played) => {
    const record = known.get(played) ?? map(played);
    known.set(played, record);
    return record;
  };
};

/** Nothing is kept, so that each list shows what it reads. */
const noCaching = (upstream: string): CacheContext => ({
  upstream,
  store: createRecordStore({ maxEntries: 0, staleMs: 0, shared: null, now: () => micros(0), version: '' }),
  times: { finishedMs: 0, runningMs: 0, listMs: 0, staleMs: 0 },
  now: () => micros(Date.now() * 1000),
  observe: () => undefined,
});

export const playCluster = (name: string, records: readonly PlayedRun[], manners: Manners = {}): PlayedCluster => {
  const details = {
    shell: remember((run: PlayedRun) => toRun(name, run, { onlyReturnShellInfo: true })),
    copies: remember((run: PlayedRun) => toRun(name, run, { excludeTasks: true })),
    tasks: remember((run: PlayedRun) => toRun(name, run)),
  };
  const client: Pick<CohesityClient, 'upstream' | 'getProtectionRuns' | 'getProtectionJobs' | 'getCluster'> = {
    upstream: name,
    getProtectionRuns: async (query) => {
      count(played, query);
      if (manners.slowForAll === true && query.jobId === undefined)
        throw new UpstreamError(name, 'timeout', 'no answer');
      const runs = chooseRuns(played.records, query, itself, manners.maxRuns);
      limitRecords(name, runs.length, query.onlyReturnShellInfo ? maxShellsOf(manners) : manners.maxRecords);
      const detail = query.onlyReturnShellInfo ? details.shell : query.excludeTasks ? details.copies : details.tasks;
      return { records: runs.map(detail), observedAt, unreadable: 0 };
    },
    getProtectionJobs: async () => ({
      records: [...new Set(played.records.map(({ jobId }) => jobId))].map((jobId) => ({
        __typename: 'ProtectionJob',
        id: `ProtectionJob:${name}:${jobId}`,
        upstream: name,
        jobId: BigInt(jobId),
        uid: null,
        name: `Job ${jobId}`,
        description: null,
        environment: null,
        policyId: null,
        viewBoxId: null,
        parentSourceId: null,
        sourceIds: [],
        tenantId: null,
        isActive: true,
        isDeleted: false,
        isPaused: false,
        createdAt: null,
        modifiedAt: null,
        policyAppliedAt: null,
        observedAt,
      })),
      observedAt,
      unreadable: 0,
    }),
    getCluster: () => Promise.resolve({ clusterId: BigInt(manners.clusterId ?? 1), clusterName: name, version: null }),
  };
  const runIndexes = createRunIndexes({
    context: { ...noCaching(name), now: () => observedAt },
    memory: createIndexMemory(0),
    hours: 168,
  });
  const played: PlayedCluster = {
    name,
    // The lists call no other method.
    client: createClusterClient({
      client: client as CohesityClient,
      runs: runIndexes,
      knownTargets: runIndexes.knownTargets,
      wideReads: createWideReads(clock),
      identity: createOwnId({
        upstream: name,
        now: clock,
        configured: null,
        getCluster: client.getCluster,
      }),
      ...speaking(name, 'COHESITY'),
    }),
    calls: [],
    records,
    failsAfter: Number.POSITIVE_INFINITY,
  };
  return played;
};

export const playEndpoint = (name: string, records: readonly PlayedJob[], manners: Manners = {}): PlayedEndpoint => {
  const toRecord = remember((job: PlayedJob) => toJob(name, job));
  const client: Pick<AwsBackupClient, 'upstream' | 'listCopyJobs' | 'describeCopyJob' | 'listProtectedResources'> = {
    upstream: name,
    listProtectedResources: async () => ({ records: [], observedAt, unreadable: 0, nextToken: null }),
    listCopyJobs: async (query): Promise<CopyJobPage> => {
      count(played, query);
      const { jobs, nextToken } = pageOfJobs(played.records, query, itself, manners);
      limitRecords(name, jobs.length, manners.maxRecords);
      return { records: jobs.map(toRecord), observedAt, unreadable: 0, nextToken };
    },
    describeCopyJob: async (copyJobId) => {
      count(played, { maxResults: 1 }); // as good as a list of one
      const job = played.records.find(({ id }) => id === copyJobId);
      if (job === undefined) throw new UpstreamError(name, 'notFound', 'no such job');
      return toRecord(job);
    },
  };
  const played: PlayedEndpoint = {
    name,
    // The lists call no other method.
    client: createEndpointClient({
      client: client as AwsBackupClient,
      jobs: createJobIndexes(noCaching(name), createIndexMemory(0)),
      points: async () => new Map(),
      ...speaking(name, 'AWS_BACKUP'),
    }),
    calls: [],
    records,
    failsAfter: Number.POSITIVE_INFINITY,
  };
  return played;
};

interface AnyPlayed {
  readonly name: string;
  readonly client: UpstreamClient;
  readonly calls: unknown[];
}

/** The context of one request: new loaders over these upstreams. */
export const contextOf = (upstreams: readonly AnyPlayed[], now: number): ListContext => {
  const clients = visibleClients(new Map(upstreams.map(({ name, client }) => [name, client])), null);
  upstreams.forEach(({ calls }) => calls.splice(0));
  const limits = { maxPageSize: 500, lookBackHours: 168, maxGroups: 10_000 };
  return { session: { clients, call: {}, base: null }, now: micros(now), limits };
};

/** How far lists read before a window, for runs whose copies began later. */
export const LATE = DAY_MICROS;
