import { copiesOf, liveReads } from './copies.js';
import type { EndpointClient } from './endpoint.js';
import { createObjects } from './objects.js';
import { createRetryAbility, readPlace } from './retry.js';
import { targets } from './targets.js';

type Parts = Pick<EndpointClient, 'upstream' | 'health' | 'client' | 'jobs' | 'points'>;

/** Builds the client of an endpoint from its cached reads and abilities. */
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
