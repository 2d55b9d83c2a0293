import type { AllClients, UpstreamClient } from '../product.js';
import type { CohesityClient } from './client.js';
import type { OwnId } from './own-id.js';
import type { RunIndexes } from './run-index.js';
import type { KnownTargets } from './known-targets.js';
import type { WideReads } from './wide-reads.js';

/** The product's name in the graph. */
export const kind = 'COHESITY';

/** The members of a cluster that only this folder uses. */
export interface ClusterClient extends UpstreamClient {
  readonly client: CohesityClient;
  readonly runs: RunIndexes;
  readonly wideReads: WideReads;
  readonly identity: OwnId;
  readonly knownTargets: KnownTargets;
}

/** Only this folder makes clients of this kind. */
export const isCluster = (client: UpstreamClient): client is ClusterClient => client.upstream.kind === kind;

/** The cluster of that name; `null` if there is none, as for an id from another gateway. */
export const clusterOf = (clients: AllClients, upstream: string): CohesityClient | null => {
  const found = clients.get(upstream);
  return found !== undefined && isCluster(found) ? found.client : null;
};

/** The cluster of that name; throws if there is none. */
export const clusterNamed = (clients: AllClients, upstream: string): ClusterClient => {
  const found = clients.get(upstream);
  if (found === undefined || !isCluster(found)) throw new Error(`${upstream} is not a Cohesity cluster`);
  return found;
};
