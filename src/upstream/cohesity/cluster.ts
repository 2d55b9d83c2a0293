import type { AllClients, UpstreamClient } from '../product.js';
import type { CohesityClient } from './client.js';
import type { OwnId } from './own-id.js';
import type { RunIndexes } from './run-index.js';
import type { KnownTargets } from './known-targets.js';
import type { WideReads } from './wide-reads.js';

/** The product's word in the graph. */
export const kind = 'COHESITY';

/** What this folder knows of one cluster beyond the port. */
export interface ClusterClient extends UpstreamClient {
  readonly client: CohesityClient;
  readonly runs: RunIndexes;
  readonly wideReads: WideReads;
  readonly identity: OwnId;
  readonly knownTargets: KnownTargets;
}

/** Clients of this kind are made in this folder alone. */
export const isCluster = (client: UpstreamClient): client is ClusterClient => client.upstream.kind === kind;

/** The cluster of that name; `null` where there is none, as for an id that another gateway made. */
export const clusterOf = (clients: AllClients, upstream: string): CohesityClient | null => {
  const found = clients.get(upstream);
  return found !== undefined && isCluster(found) ? found.client : null;
};

/** The cluster of that name, for code that knows it to be one. */
export const clusterNamed = (clients: AllClients, upstream: string): ClusterClient => {
  const found = clients.get(upstream);
  if (found === undefined || !isCluster(found)) throw new Error(`${upstream} is no cluster`);
  return found;
};
