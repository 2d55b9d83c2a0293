import type { AllClients, UpstreamClient } from '../product.js';
import type { AwsBackupClient } from './client.js';
import type { JobIndexes } from './job-index.js';
import type { KeptOutcome, VaultPoints } from './vault-points.js';

/** The product's name in the graph. */
export const kind = 'AWS_BACKUP';

/** The members of an endpoint that only this folder uses. An endpoint is an account's view of a Region. */
export interface EndpointClient extends UpstreamClient {
  readonly client: AwsBackupClient;
  readonly jobs: JobIndexes;
  readonly points: VaultPoints<KeptOutcome>;
}

/** Only this folder makes clients of this kind. */
export const isEndpoint = (client: UpstreamClient): client is EndpointClient => client.upstream.kind === kind;

/** The endpoint of that name; `null` if there is none, as for an id from another gateway. */
export const endpointOf = (clients: AllClients, upstream: string): AwsBackupClient | null => {
  const found = clients.get(upstream);
  return found !== undefined && isEndpoint(found) ? found.client : null;
};

/** The endpoint of that name; throws if there is none. */
export const endpointNamed = (clients: AllClients, upstream: string): EndpointClient => {
  const found = clients.get(upstream);
  if (found === undefined || !isEndpoint(found)) throw new Error(`${upstream} is not an AWS Backup endpoint`);
  return found;
};
