import {
  createCancelAbility,
  createFailoverAbility,
  createFailoverWorkflowAbility,
  createViewFailoverAbility,
} from './abilities.js';
import type { ClusterClient } from './cluster.js';
import { copiesOf, liveReads } from './copies.js';
import { cohesityLoaders } from './loaders.js';
import { createRetryAbility } from './retry.js';
import { createObjects } from './objects.js';
import { createTargets } from './targets.js';
import { identityOfCluster } from '../../domain/upstream.js';
import { UpstreamError } from '../../domain/upstream-error.js';

type Parts = Pick<ClusterClient, 'upstream' | 'health' | 'client' | 'runs' | 'wideReads' | 'identity' | 'knownTargets'>;

/** Builds the client of a cluster from its cached reads and abilities. */
export const createClusterClient = (
  parts: Parts,
  { viewFailoverWithoutOperations = false }: { readonly viewFailoverWithoutOperations?: boolean } = {},
): ClusterClient => {
  const { name } = parts.upstream;
  const cluster: ClusterClient = {
    ...parts,
    copies: (session, want) => copiesOf(session, cluster, want),
    live: (want) => liveReads(cluster, want),
    identify: (session) => cohesityLoaders(session).cluster.load(name),
    ownId: (session) => cohesityLoaders(session).ownId.load(name),
    targets: createTargets(parts.knownTargets),
    objects: createObjects(name),
    failover: createFailoverAbility(parts.client),
    cancel: createCancelAbility(parts.client),
    retry: createRetryAbility(parts.client),
    failoverWorkflow: createFailoverWorkflowAbility(parts.client),
    viewFailover: createViewFailoverAbility(parts.client, viewFailoverWithoutOperations),
    identityNow: async (call) => {
      const { clusterId } = await parts.client.getCluster({ ...call, maxAgeMs: 0 });
      if (clusterId === null) throw new UpstreamError(name, 'malformed', 'a cluster without an id', { sent: false });
      return identityOfCluster(clusterId);
    },
  };
  return cluster;
};
