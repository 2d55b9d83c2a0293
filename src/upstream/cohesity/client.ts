import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { UniversalId } from '../../domain/run-key.js';
import { type Clean, createCleaner } from '../../domain/message.js';
import type { Micros } from '../../domain/micros.js';
import type { ProtectionJob } from '../../domain/protection-job.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import type { ProtectionSource } from '../../domain/protection-source.js';
import type { RemoteCluster } from '../../domain/remote-cluster.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Cluster } from '../../domain/upstream.js';
import type { CallOptions, Read } from '../../calling/call.js';
import { parseElements } from '../../calling/json.js';
import type { Policy } from '../../calling/policy.js';
import { type WireReader, createWireReader, wireInteger, wireText } from '../wire.js';
import { createFailoverCalls } from './failover-calls.js';
import { type Query, createCohesityHttp, decodeJson } from './http.js';
import type { CohesityAuth } from './login.js';
import { WireProtectionJob, toProtectionJob } from './protection-job.js';
import { WireProtectionRun, toProtectionRun } from './protection-run.js';
import { WireProtectionSource, toProtectionSource } from './protection-source.js';
import { WireRemoteCluster, toRemoteCluster } from './remote-cluster.js';
import { createUpdateRun } from './update-run.js';
import { createViewFailoverCalls } from './view-failover-calls.js';

interface CohesityClientOptions {
  readonly upstream: string;
  readonly url: string;
  readonly auth: CohesityAuth;
  readonly authAgain?: (() => CohesityAuth | null) | undefined;
  readonly accessClusterId?: string | undefined;
  readonly dispatcher: Dispatcher;
  readonly policy: Policy;
  readonly now: () => Micros;
}

/** The query parameters of `GET /public/protectionRuns` that we use, under the vendor's names. */
export interface ProtectionRunsQuery {
  readonly jobId?: string | undefined;
  readonly startedTimeUsecs?: string | undefined; // exactly this run; with jobId
  readonly startTimeUsecs?: number | undefined; // runs started after
  readonly endTimeUsecs?: number | undefined; // runs completed before; running ones are left out
  readonly numRuns?: number | undefined;
  readonly sourceId?: string | undefined; // runs that protect this source
  readonly excludeTasks?: boolean | undefined;
  readonly onlyReturnShellInfo?: boolean | undefined;
}

const readRun = createWireReader(WireProtectionRun);
const readJob = createWireReader(WireProtectionJob);
const readSource = createWireReader(WireProtectionSource);
const readRemoteCluster = createWireReader(WireRemoteCluster);

const WireCluster = z.object({ id: wireInteger, name: wireText, clusterSoftwareVersion: wireText });

/** One Cohesity cluster. Each method is one documented operation and throws an `UpstreamError`. */
export type CohesityClient = ReturnType<typeof createCohesityClient>;

export const createCohesityClient = (options: CohesityClientOptions) => {
  const { upstream, now } = options;
  const http = createCohesityHttp(options);

  const malformed = (what: string): UpstreamError => new UpstreamError(upstream, 'malformed', `not ${what}`);

  /** A bare array, decoded element by element: a malformed one is counted and left out. */
  const list = <W, T>(
    path: string,
    query: Query,
    readElement: WireReader<W>,
    map: (wire: W, observedAt: Micros, clean: Clean) => T | null,
    call: CallOptions,
  ): Promise<Read<T>> =>
    http.get(path, query, call, async (body) => {
      const records: T[] = [];
      let [elements, described] = [0, 0];
      const observedAt = now();
      const clean = createCleaner();
      for await (const element of parseElements(body)) {
        elements += 1;
        const parsed = readElement(element);
        if (!parsed.success) continue;
        described += 1;
        const record = map(parsed.data, observedAt, clean);
        if (record !== null) records.push(record);
      }
      // If no element fits, it is another API, not a few odd records.
      if (elements > 0 && described === 0) throw malformed('as described');
      return { records, observedAt, unreadable: elements - records.length };
    });

  return {
    upstream,
    ...createFailoverCalls(upstream, http, now),
    ...createViewFailoverCalls(upstream, http),
    updateProtectionGroupRun: createUpdateRun(upstream, http),

    /** `GET /public/protectionRuns`: newest first, cut at `numRuns`; otherwise without a documented limit. */
    getProtectionRuns: (query: ProtectionRunsQuery, call: CallOptions): Promise<Read<ProtectionRun>> =>
      list(
        '/irisservices/api/v1/public/protectionRuns',
        { ...query },
        readRun,
        (wire, observedAt, clean) =>
          toProtectionRun(wire, { upstream, observedAt, clean, tasksLeftOut: query.excludeTasks === true }),
        call,
      ),

    /**
     * `GET /public/protectionJobs`: all jobs, including those of tenants below ours, or those of `ids`, in one call.
     */
    getProtectionJobs: (query: { readonly ids?: readonly string[] }, call: CallOptions): Promise<Read<ProtectionJob>> =>
      list(
        '/irisservices/api/v1/public/protectionJobs',
        { ...query, allUnderHierarchy: true },
        readJob,
        (wire, observedAt, clean) => toProtectionJob(wire, upstream, observedAt, clean),
        call,
      ),

    /** `GET /public/protectionSources/objects`: many sources by id in one call; unknown ids are left out. */
    getProtectionSourcesObjects: (objectIds: readonly string[], call: CallOptions): Promise<Read<ProtectionSource>> =>
      list(
        '/irisservices/api/v1/public/protectionSources/objects',
        { objectIds },
        readSource,
        (wire) => (wire.id === null ? null : toProtectionSource(wire, upstream, '')),
        call,
      ),

    /** `GET /public/remoteClusters`: the registered clusters of these ids; without ids, all replication targets. */
    getRemoteClusters: (
      { clusterIds }: { readonly clusterIds?: readonly bigint[] },
      call: CallOptions,
    ): Promise<Read<RemoteCluster>> =>
      list(
        '/irisservices/api/v1/public/remoteClusters',
        clusterIds === undefined ? { purposeReplication: true } : { clusterIds },
        readRemoteCluster,
        toRemoteCluster,
        call,
      ),

    /** `POST /public/protectionRuns/cancel/{jobId}`: asks one copy of a job's run to stop; 204 without a body. */
    cancelProtectionJobRun: async (jobId: bigint, copyTaskUid: UniversalId, call: CallOptions): Promise<void> => {
      await http.post(`/irisservices/api/v1/public/protectionRuns/cancel/${jobId}`, { copyTaskUid }, call);
    },

    /** `GET /public/cluster`: the identity of the cluster. */
    getCluster: async (call: CallOptions): Promise<Cluster> => {
      const parsed = WireCluster.safeParse(await http.get('/irisservices/api/v1/public/cluster', {}, call, decodeJson));
      if (!parsed.success) throw malformed('a cluster');
      const { id, name, clusterSoftwareVersion } = parsed.data;
      return { clusterId: id, clusterName: name, version: clusterSoftwareVersion };
    },
  };
};
