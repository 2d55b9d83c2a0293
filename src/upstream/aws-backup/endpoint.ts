import type { AllClients, UpstreamClient } from '../product.js';
import type { AwsBackupClient } from './client.js';
import type { JobIndexes } from './job-index.js';
import type { KeptOutcome, VaultPoints } from './vault-points.js';

/** The product's word in the graph. */
export const kind = 'AWS_BACKUP';

/** What this folder knows of one endpoint, an account's view of a Region, beyond the port. */
export interface EndpointClient extends UpstreamClient {
  readonly client: AwsBackupClient;
  readonly jobs: JobIndexes;
  readonly points: VaultPoints<KeptOutcome>;
}

/** Clients of this kind are made in this folder alone. */
export const isEndpoint = (client: UpstreamClient): client is EndpointClient => client.upstream.kind === kind;

/** The endpoint of that name; `null` where there is none, as for an id that another gateway made. */
export const endpointOf = (clients: AllClients, upstream: string): AwsBackupClient | null => {
  const found = clients.get(upstream);
  return found !== undefined && isEndpoint(found) ? found.client : null;
};

/** The endpoint of that name, for code that knows it to be one. */
export const endpointNamed = (clients: AllClients, upstream: string): EndpointClient => {
  const found = clients.get(upstream);
  if (found === undefined || !isEndpoint(found)) throw new Error(`${upstream} is no AWS Backup endpoint`);
  return found;
};
