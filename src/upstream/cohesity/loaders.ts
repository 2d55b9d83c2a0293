import DataLoader from 'dataloader';
import type { PlannedRun } from '../../domain/failover.js';
import type { ProtectionJob } from '../../domain/protection-job.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import type { ProtectionSource } from '../../domain/protection-source.js';
import type { RemoteCluster } from '../../domain/remote-cluster.js';
import type { RunKey } from '../../domain/run-key.js';
import type { Cluster } from '../../domain/upstream.js';
import { createIdLoader } from '../../calling/id-loader.js';
import { createCallLoader } from '../../calling/call-loader.js';
import { asError, settle } from '../../calling/outcome.js';
import { perSession } from '../per-session.js';
import type { Session } from '../product.js';
import type { ProtectionRunsQuery } from './client.js';
import { clusterNamed, clusterOf } from './cluster.js';
import { readOneRun } from './search-run.js';
import type { RunDetail } from './run-index.js';
import { createRunLoader } from './run-loader.js';
import { type WideReads, patient } from './wide-reads.js';

interface RunsKey {
  readonly upstream: string;
  readonly query: ProtectionRunsQuery;
}

interface UpstreamKey {
  readonly upstream: string;
}

/** The loaders that also receive these reads. */
interface Priming {
  primeRuns(runs: readonly ProtectionRun[], detail: RunDetail): void;
}

export type CohesityLoaders = ReturnType<typeof createLoaders>;

const FAILOVERS_PER_CALL = 50; // up to 64 characters each

const createLoaders = ({ clients, call }: Session, others: Priming | null) => {
  const readRun = async (key: RunKey, shellOnly: boolean): Promise<ProtectionRun | null> => {
    const client = clusterOf(clients, key.upstream);
    return client === null ? null : readOneRun(client, key, shellOnly, call);
  };

  const loaders = {
    protectionRun: createRunLoader(readRun),

    /** One `protectionRuns` call for each distinct query. */
    protectionRuns: createCallLoader(({ upstream, query }: RunsKey) =>
      clusterOf(clients, upstream)?.getProtectionRuns(query, query.jobId === undefined ? patient(call) : call),
    ),

    protectionJob: createIdLoader<ProtectionJob>(
      (upstream, ids) => clusterOf(clients, upstream)?.getProtectionJobs({ ids }, call),
      ({ jobId }) => jobId,
    ),

    /** The state of failovers by workflow id: one poll for each cluster and each fifty ids. */
    plannedRun: createIdLoader<PlannedRun>(
      async (upstream, ids) => ({
        records: (await clusterOf(clients, upstream)?.pollPlannedRuns(ids, call)) ?? [],
        unreadable: 0, // otherwise it throws
      }),
      ({ failoverId }) => failoverId,
      FAILOVERS_PER_CALL,
    ),

    /** The clusters of these ids that a cluster knows: one call for each cluster. */
    remoteCluster: createIdLoader<RemoteCluster>(
      (upstream, ids) => clusterOf(clients, upstream)?.getRemoteClusters({ clusterIds: ids.map(BigInt) }, call),
      ({ clusterId }) => clusterId,
    ),

    /** All clusters that a cluster replicates to: one call for each cluster. */
    replicationClusters: createCallLoader(({ upstream }: UpstreamKey) =>
      clusterOf(clients, upstream)?.getRemoteClusters({}, call),
    ),

    /** All jobs of a cluster: one call for each cluster. */
    protectionJobs: createCallLoader(({ upstream }: UpstreamKey) =>
      clusterOf(clients, upstream)?.getProtectionJobs({}, call),
    ),

    protectionSource: createIdLoader<ProtectionSource>(
      (upstream, ids) => clusterOf(clients, upstream)?.getProtectionSourcesObjects(ids, call),
      ({ sourceId }) => sourceId,
    ),

    /** The own ids of clusters: one `cluster` call for each cluster and process. */
    ownId: new DataLoader<string, bigint>((upstreams) =>
      Promise.all(
        upstreams.map((upstream): Promise<bigint | Error> =>
          clusterNamed(clients, upstream).identity.read(call).catch(asError),
        ),
      ),
    ),

    /** One `cluster` call for each cluster; `null` for an upstream that is not a cluster. */
    cluster: new DataLoader<string, Cluster | null>((upstreams) =>
      Promise.all(
        upstreams.map((upstream) => {
          const client = clusterOf(clients, upstream);
          return client === null ? null : settle(client.getCluster(call));
        }),
      ),
    ),
  };

  return {
    /** The options of each call; its `maxAgeMs` applies to everything read here. */
    call,

    /** Whether a cluster can answer for all its jobs at once. */
    wideReads: (upstream: string): WideReads => clusterNamed(clients, upstream).wideReads,

    /** Stores the runs of a list, so that they are not read again. */
    primeRuns: (runs: readonly ProtectionRun[], detail: RunDetail): void => {
      others?.primeRuns(runs, detail);
      loaders.protectionRun.prime(runs, detail);
    },

    ...loaders,
  };
};

/** The loaders of a session, made on first use: a loader remembers its reads. */
export const cohesityLoaders: (session: Session) => CohesityLoaders = perSession((session) =>
  createLoaders(session, session.base === null ? null : cohesityLoaders(session.base)),
);
