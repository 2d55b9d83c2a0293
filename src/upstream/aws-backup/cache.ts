import { isFinished } from '../../domain/activity.js';
import type { CopyJob } from '../../domain/copy-job.js';
import type { AwsBackupClient, CopyJobPage, CopyJobsQuery, VaultPage } from './client.js';
import { createVaultPoints } from './vault-points.js';
import type { CallOptions } from '../../calling/call.js';
import { type CacheContext, createReadThrough, listKind } from '../../cache/read-through.js';
import { copyJobShape, resourceShape, vaultShape } from './shapes.js';
import { createSharedReads } from '../../cache/shared-reads.js';
import type { IndexMemory } from '../../index/memory.js';
import { createJobIndexes } from './job-index.js';
import { cacheVaultPoints } from './kept-points.js';

/**
 * An AWS Backup endpoint's client with cached reads. A finished job stays valid for long, any other for seconds; jobs
 * from a list need no describe. Lists of a window are merged in an index.
 */
export const cacheAwsBackup = (client: AwsBackupClient, context: CacheContext, memory: IndexMemory) => {
  const { upstream, times } = context;
  const jobKey = (copyJobId: string): string => `copy-job ${upstream} ${copyJobId}`;
  const oneJob = createReadThrough<CopyJob>(context, {
    shape: copyJobShape,
    ttlMs: ({ state }) => (isFinished(state) ? times.finishedMs : times.runningMs),
    observedAt: ({ observedAt }) => observedAt,
    weight: () => 1,
  });
  const pages = createReadThrough<CopyJobPage>(context, listKind(times, copyJobShape));
  const windows = createSharedReads<CopyJobPage>(context);
  const inventory = createReadThrough(
    context,
    listKind<Awaited<ReturnType<AwsBackupClient['listProtectedResources']>>>(times, resourceShape),
  );

  // The owner of a vault never changes, and its lock seldom does.
  const vaults = createReadThrough<VaultPage>(context, {
    ...listKind<VaultPage>(times, vaultShape),
    ttlMs: () => times.finishedMs,
  });

  const list = async (query: CopyJobsQuery, call: CallOptions): Promise<CopyJobPage> => {
    const page = await client.listCopyJobs(query, call);
    // Only in this process: a thousand records for each page would cost the shared store more than they save.
    page.records.forEach((job) => oneJob.put(jobKey(job.copyJobId), job, { onlyHere: true }));
    return page;
  };

  const cached: AwsBackupClient = {
    ...client,
    describeCopyJob: (copyJobId, call) =>
      oneJob.read(jobKey(copyJobId), call, (own) => client.describeCopyJob(copyJobId, own)),
    listCopyJobs: (query, call) => {
      const key = JSON.stringify(query);
      if (query.createdAfter === undefined)
        return pages.read(`copy-jobs ${upstream} ${key}`, call, (own) => list(query, own));
      return windows.read(key, call, (own) => list(query, own));
    },
    listProtectedResources: (nextToken, call) =>
      inventory.read(`resources ${upstream} ${nextToken ?? ''}`, call, (own) =>
        client.listProtectedResources(nextToken, own),
      ),
    listBackupVaults: (nextToken, call) =>
      vaults.read(`vaults ${upstream} ${nextToken ?? ''}`, call, (own) => client.listBackupVaults(nextToken, own)),
  };
  return {
    client: cached,
    jobs: createJobIndexes(context, memory),
    points: cacheVaultPoints(context, createVaultPoints(client)),
  };
};
