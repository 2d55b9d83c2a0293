import { copiesOf, liveReads } from './copies.js';
import type { EndpointClient } from './endpoint.js';
import { createObjects } from './objects.js';
import { createRetryAbility, readPlace } from './retry.js';
import { targets } from './targets.js';

type Parts = Pick<EndpointClient, 'upstream' | 'health' | 'client' | 'jobs' | 'points'>;

/** Everything that the gateway can ask of an endpoint, over its client and what is kept of it. */
export const createEndpointClient = (parts: Parts): EndpointClient => {
  const endpoint: EndpointClient = {
    ...parts,
    copies: (session, want) => copiesOf(session, endpoint, want),
    live: (want) => liveReads(endpoint, want),
    targets,
    objects: createObjects(parts.upstream.name),
    retry: createRetryAbility(parts.client),
    identityNow: (call) => readPlace(parts.client, parts.upstream.region, call),
  };
  return endpoint;
};
