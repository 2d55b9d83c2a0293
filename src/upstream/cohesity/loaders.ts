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
import { type RunDetail, runDetails } from './run-index.js';
import { type WideReads, patient } from './wide-reads.js';

/** A run, and the detail wanted of it. */
interface RunPartKey {
  readonly run: RunKey;
  readonly part: RunDetail;
}

interface RunsKey {
  readonly upstream: string;
  readonly query: ProtectionRunsQuery;
}

interface UpstreamKey {
  readonly upstream: string;
}

/** The loaders that also receive these reads. */
interface Priming {
  primeRun(run: ProtectionRun, part: RunDetail): void;
}

export type CohesityLoaders = ReturnType<typeof createLoaders>;

const FAILOVERS_PER_CALL = 50; // up to 64 characters each

const runText = ({ upstream, jobId, startTimeUsecs }: RunKey): string => `${upstream} ${jobId} ${startTimeUsecs}`;

const createLoaders = ({ clients, call }: Session, others: Priming | null) => {
  /** One run by its key: `jobId` and `startedTimeUsecs` together identify it, and neither accepts a list. */
  const readRun = async (key: RunKey, shellOnly: boolean): Promise<ProtectionRun | null> => {
    const client = clusterOf(clients, key.upstream);
    return client === null ? null : readOneRun(client, key, shellOnly, call);
  };

  const loaders = {
    /**
     * One `protectionRuns` call for each run, which brings its shell, copy runs and tasks. Uses `onlyReturnShellInfo`
     * if only the shell is wanted.
     */
    protectionRun: new DataLoader<RunPartKey, ProtectionRun | null, string>(
      async (keys) => {
        const whole = new Set(keys.filter(({ part }) => part !== 'shell').map(({ run }) => runText(run)));
        const runs = new Map(keys.map(({ run }) => [runText(run), run]));
        const outcomes = new Map(
          await Promise.all(
            [...runs].map(async ([text, run]) => [text, await settle(readRun(run, !whole.has(text)))] as const),
          ),
        );
        for (const [text, run] of runs) {
          const read = outcomes.get(text) ?? null;
          if (read instanceof Error) continue;
          for (const part of whole.has(text) ? runDetails : (['shell'] as const))
            loaders.protectionRun.prime({ run, part }, read);
        }
        return keys.map(({ run }) => outcomes.get(runText(run)) ?? null);
      },
      { cacheKeyFn: ({ run, part }) => `${runText(run)} ${part}` },
    ),

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
    ...loaders,

    /** The options of each call; its `maxAgeMs` applies to everything read here. */
    call,

    /** Whether a cluster can answer for all its jobs at once. */
    wideReads: (upstream: string): WideReads => clusterNamed(clients, upstream).wideReads,

    /** Stores a run from a list, complete or in brief, so that it is not read again. */
    primeRun: (run: ProtectionRun, part: RunDetail): void => {
      others?.primeRun(run, part);
      // A read without tasks may contain them all the same.
      const hasTasks = run.copyRuns.length > 0 && run.copyRuns.every(({ tasks }) => tasks !== null);
      const has = hasTasks ? runDetails : runDetails.slice(0, runDetails.indexOf(part) + 1);
      for (const one of has) loaders.protectionRun.prime({ run: run.run, part: one }, run);
    },
  };
};

/** The loaders of a session, made on first use: a loader remembers its reads. */
export const cohesityLoaders: (session: Session) => CohesityLoaders = perSession((session) =>
  createLoaders(session, session.base === null ? null : cohesityLoaders(session.base)),
);
