import type { CancelAbility, FailoverAbility, RecentRuns } from '../product.js';
import type { FailoverWorkflowAbility } from '../failover-workflow-ability.js';
import type { ViewFailoverAbility } from '../view-failover-ability.js';
import type { CohesityClient } from './client.js';
import { loadCopyRun } from './find-copy-run.js';
import { cohesityLoaders } from './loaders.js';

const queryOf = ({ jobId, since, most, shellOnly }: RecentRuns) => ({
  jobId: jobId.toString(),
  startTimeUsecs: since,
  numRuns: most,
  ...(shellOnly ? { onlyReturnShellInfo: true } : {}),
});

/** A cluster's planned failover: v2 `planned-runs`, and the reads before it. */
export const createFailoverAbility = (client: CohesityClient): FailoverAbility => {
  const { upstream } = client;
  return {
    poll: async (key, call) => (await client.pollPlannedRuns([key], call))[0] ?? null,
    start: client.createPlannedRun,
    cancel: client.cancelFailover,
    planned: (session, key) => cohesityLoaders(session).plannedRun.load({ upstream, id: key }),
    run: (session, run) => cohesityLoaders(session).protectionRun.load({ run, part: 'tasks' }),
    jobs: async (session) => (await cohesityLoaders(session).protectionJobs.load({ upstream })).records,
    runs: async (session, recent) =>
      (await cohesityLoaders(session).protectionRuns.load({ upstream, query: queryOf(recent) })).records,
    remoteCluster: (session, clusterId) =>
      cohesityLoaders(session).remoteCluster.load({ upstream, id: clusterId.toString() }),
    forget: (session, key) => {
      const { plannedRun, protectionRun, protectionRuns } = cohesityLoaders(session);
      plannedRun.clear({ upstream, id: key });
      protectionRun.clearAll();
      protectionRuns.clearAll();
    },
  };
};

/** A cluster's ability to cancel one copy of a run. */
export const createCancelAbility = (client: CohesityClient): CancelAbility => ({
  find: loadCopyRun,
  cancel: ({ jobId }, taskUid, call) => client.cancelProtectionJobRun(jobId, taskUid, call),
  forget: (session) => {
    const { protectionRun, protectionRuns } = cohesityLoaders(session);
    protectionRun.clearAll();
    protectionRuns.clearAll();
  },
});

/** A cluster's failover of views, which it takes over from another. */
export const createViewFailoverAbility = (client: CohesityClient, withoutOperations: boolean): ViewFailoverAbility => ({
  withoutOperations,
  view: client.getView,
  operations: client.getFailoverOps,
  list: client.getViewFailover,
  start: client.createViewFailover,
  cancel: client.cancelViewFailover,
});

/** A cluster's part in the failover of objects, as the source or as the cluster that takes over. */
export const createFailoverWorkflowAbility = (client: CohesityClient): FailoverWorkflowAbility => ({
  init: client.initFailover,
  link: client.objectLinkage,
  activate: client.replicationBackupActivation,
  deactivate: client.sourceBackupDeactivation,
  cancel: client.cancelFailover,
});
