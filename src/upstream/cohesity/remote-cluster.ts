import { z } from 'zod';
import type { RemoteCluster } from '../../domain/remote-cluster.js';
import { wireBoolean, wireInteger, wireText } from '../wire.js';

/** The members of a registered remote cluster that we read. Source: Cohesity v1 `RemoteCluster`. */
export const WireRemoteCluster = z.object({
  clusterId: wireInteger,
  name: wireText,
  purposeReplication: wireBoolean,
  allEndpointsReachable: wireBoolean,
});

/** `null` for a remote cluster without an id. */
export const toRemoteCluster = (wire: z.infer<typeof WireRemoteCluster>): RemoteCluster | null =>
  wire.clusterId === null
    ? null
    : {
        clusterId: wire.clusterId,
        name: wire.name,
        forReplication: wire.purposeReplication ?? false,
        reachable: wire.allEndpointsReachable,
      };
