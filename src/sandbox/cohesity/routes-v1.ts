import { clusterWire } from './identity.js';
import { jobWire, selectJobs } from './job-v1.js';
import { booleanOf, integerOf, integersOf, listOf } from './query.js';
import type { Route } from './route.js';
import { runWire, shellWire } from './run-v1.js';
import { selectRuns } from './runs-query-v1.js';
import { remoteClusterWire, vaultWire } from './target.js';

const root = '/irisservices/api/v1/public';

/** The lists of v1. */
export const listRoutesV1: readonly Route[] = [
  {
    method: 'GET',
    path: `${root}/protectionRuns`,
    answer: ({ world, query }) => {
      const shell = booleanOf(query, 'onlyReturnShellInfo') ?? false;
      const excludeTasks = booleanOf(query, 'excludeTasks') ?? false;
      const runs = selectRuns(world, query);
      return {
        status: 200,
        body: runs.map((run) => (shell ? shellWire(world, run) : runWire(world, run, excludeTasks))),
      };
    },
  },
  {
    method: 'GET',
    path: `${root}/protectionJobs`,
    answer: ({ world, query }) => {
      const withLastRun =
        (booleanOf(query, 'includeLastRunAndStats') ?? false) || (booleanOf(query, 'onlyReturnBasicSummary') ?? false);
      return { status: 200, body: selectJobs(world, query).map((job) => jobWire(world, job, withLastRun)) };
    },
  },
  {
    method: 'GET',
    path: `${root}/protectionSources/objects`,
    answer: ({ world: { estate }, query }) => {
      const ids = new Set(integersOf(query, 'objectIds') ?? estate.sourceById.keys());
      return { status: 200, body: [...ids].flatMap((id) => estate.sourceById.get(id)?.wire ?? []) };
    },
  },
  {
    method: 'GET',
    path: `${root}/vaults`,
    answer: ({ world: { estate }, query }) => {
      const id = integerOf(query, 'id');
      const name = query.get('name');
      const globalId = query.get('globalId');
      const leaving = booleanOf(query, 'includeMarkedForRemoval') ?? false;
      const fortKnox = booleanOf(query, 'includeFortKnoxVault') ?? false;
      const wanted = estate.vaults.filter(
        (vault) =>
          (id === undefined || vault.id === id) &&
          (name === null || vault.name === name) &&
          (leaving || vault.removalState === undefined) &&
          (fortKnox || vault.fortKnox !== true),
      );
      return {
        status: 200,
        body: wanted.map(vaultWire).filter((wire) => globalId === null || wire['globalId'] === globalId),
      };
    },
  },
  {
    method: 'GET',
    path: `${root}/remoteClusters`,
    answer: ({ world: { estate }, query }) => {
      const ids = integersOf(query, 'clusterIds');
      const names = listOf(query, 'clusterNames');
      const replication = booleanOf(query, 'purposeReplication');
      const access = booleanOf(query, 'purposeRemoteAccess');
      const wanted = estate.remoteClusters.filter(
        ({ clusterId, name, purposeReplication }) =>
          (ids === undefined || ids.includes(clusterId)) &&
          (names === undefined || names.includes(name)) &&
          (replication === undefined || replication === purposeReplication) &&
          (access === undefined || access === !purposeReplication),
      );
      return { status: 200, body: wanted.map(remoteClusterWire) };
    },
  },
  {
    method: 'GET',
    path: `${root}/cluster`,
    answer: ({ world }) => ({ status: 200, body: clusterWire(world.estate.cluster, Math.floor(world.now / 1000)) }),
  },
];
