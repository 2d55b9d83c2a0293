import type { ProtectionRun } from '../../domain/protection-run.js';
import type { CallOptions, Read } from '../../calling/call.js';
import type { CohesityClient, ProtectionRunsQuery } from './client.js';
import { createOwnId } from './own-id.js';
import { createWideReads } from './wide-reads.js';
import { createById } from '../../cache/by-id.js';
import { type CacheContext, createReadThrough, listKind } from '../../cache/read-through.js';
import { clusterShape, protectionJobShape, remoteClusterShape, runShape, sourceShape } from './shapes.js';
import { createSharedReads } from '../../cache/shared-reads.js';
import { isSettled, runWeight } from './settled-run.js';
import type { RunIndexes } from './run-index.js';

const sum = <T>(records: readonly T[], weight: (record: T) => number): number =>
  records.reduce((total, record) => total + weight(record), 0);

const isOneRun = ({ jobId, startedTimeUsecs }: ProtectionRunsQuery): boolean =>
  jobId !== undefined && startedTimeUsecs !== undefined;

/**
 * A cluster's client with cached reads. A finished run with finished copies stays valid for long, any other for
 * seconds; lists are in the index. Failovers are always read from the cluster, and what changes records there drops them here.
 */
export const cacheCohesity = (
  client: CohesityClient,
  context: CacheContext,
  runs: RunIndexes,
  configuredId: bigint | null = null,
) => {
  const { upstream, store, times } = context;
  const lists = createSharedReads<Read<ProtectionRun>>(context);
  const oneRun = createReadThrough<Read<ProtectionRun>>(context, {
    ...listKind<Read<ProtectionRun>>(times, runShape),
    ttlMs: ({ records, observedAt }) =>
      records.length > 0 && records.every((run) => isSettled(run, observedAt)) ? times.finishedMs : times.runningMs,
    weight: ({ records }) => sum(records, runWeight),
  });
  const allJobs = createReadThrough(
    context,
    listKind<Awaited<ReturnType<CohesityClient['getProtectionJobs']>>>(times, protectionJobShape),
  );
  const replicationClusters = createReadThrough(
    context,
    listKind<Awaited<ReturnType<CohesityClient['getRemoteClusters']>>>(times, remoteClusterShape),
  );
  const jobs = createById(
    context,
    'job',
    client.getProtectionJobs,
    ({ jobId }) => jobId.toString(),
    protectionJobShape,
  );
  const sources = createById(
    context,
    'source',
    ({ ids }: { readonly ids: readonly string[] }, call) => client.getProtectionSourcesObjects(ids, call),
    ({ sourceId }) => sourceId?.toString() ?? null,
    sourceShape,
  );
  const cluster = createReadThrough<Observed<Awaited<ReturnType<CohesityClient['getCluster']>>>>(context, {
    shape: clusterShape,
    ttlMs: () => times.listMs,
    observedAt: ({ observedAt }) => observedAt,
    weight: () => 1,
  });

  const runKey = ({ jobId, startedTimeUsecs, onlyReturnShellInfo }: ProtectionRunsQuery): string =>
    `run ${upstream} ${jobId} ${startedTimeUsecs} ${onlyReturnShellInfo === true ? 'shell' : 'whole'}`;

  const dropJobs = async (): Promise<void> => {
    await store.drop(`jobs ${upstream}`);
    await store.drop(`job ${upstream} `);
  };

  const cached: CohesityClient = {
    ...client,
    getProtectionRuns: async (query: ProtectionRunsQuery, call: CallOptions) => {
      const read = await (isOneRun(query)
        ? oneRun.read(runKey(query), call, (own) => client.getProtectionRuns(query, own))
        : lists.read(`${store.edition()} ${JSON.stringify(query)}`, call, (own) =>
            client.getProtectionRuns(query, own),
          ));
      runs.knownTargets.note(read.records);
      return read;
    },
    getProtectionJobs: (query, call) =>
      query.ids === undefined
        ? allJobs.read(`jobs ${upstream}`, call, (own) => client.getProtectionJobs(query, own))
        : jobs({ ids: query.ids }, call),
    // Clusters by id are read before a failover, which never relies on the cache.
    getRemoteClusters: (query, call) =>
      query.clusterIds === undefined
        ? replicationClusters.read(`replication clusters ${upstream}`, call, (own) =>
            client.getRemoteClusters(query, own),
          )
        : client.getRemoteClusters(query, call),
    getProtectionSourcesObjects: (ids, call) => sources({ ids }, call),
    getCluster: async (call) =>
      (
        await cluster.read(`cluster ${upstream}`, call, async (own) => ({
          record: await client.getCluster(own),
          observedAt: context.now(),
        }))
      ).record,
    cancelProtectionJobRun: async (jobId, copyTaskUid, call) => {
      try {
        await client.cancelProtectionJobRun(jobId, copyTaskUid, call);
      } finally {
        // After any answer, because the cluster may have accepted it.
        await store.drop(`run ${upstream} ${jobId} `);
        runs.drop(jobId.toString());
      }
    },
    updateProtectionGroupRun: async (resync, call) => {
      try {
        await client.updateProtectionGroupRun(resync, call);
      } finally {
        const [jobId = ''] = resync.runId.split(':');
        await store.drop(`run ${upstream} ${jobId} `);
        runs.drop(jobId);
      }
    },
    replicationBackupActivation: async (id, order, call) => {
      try {
        return await client.replicationBackupActivation(id, order, call);
      } finally {
        await dropJobs();
      }
    },
    sourceBackupDeactivation: async (id, order, call) => {
      try {
        await client.sourceBackupDeactivation(id, order, call);
      } finally {
        await dropJobs();
      }
    },
    cancelFailover: async (id, call) => {
      try {
        await client.cancelFailover(id, call);
      } finally {
        await store.drop(`run ${upstream} `);
        runs.drop(null);
      }
    },
  };
  const identity = createOwnId({
    upstream,
    now: context.now,
    configured: configuredId,
    getCluster: (call) => cached.getCluster(call),
  });
  return { client: cached, runs, knownTargets: runs.knownTargets, wideReads: createWideReads(context.now), identity };
};

interface Observed<T> {
  readonly record: T;
  readonly observedAt: ReturnType<CacheContext['now']>;
}
