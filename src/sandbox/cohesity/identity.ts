import type { Wire } from './json.js';

/** The triple that identifies a thing across clusters. */
export interface UniversalId {
  readonly clusterId: number;
  readonly clusterIncarnationId: number;
  readonly id: number;
}

export interface ClusterIdentity {
  readonly clusterId: number;
  readonly clusterIncarnationId: number;
  readonly name: string;
}

/** The identity of the played cluster. Another seed is another cluster, so that two can run side by side. */
export const clusterOf = (seed: number): ClusterIdentity => ({
  clusterId: 3_141_592_653_589_792 + seed,
  clusterIncarnationId: 1_546_300_800_000,
  name: seed === 1 ? 'cohesity-fra-sandbox' : `cohesity-fra-sandbox-${seed}`,
});

export const universalId = ({ clusterId, clusterIncarnationId }: ClusterIdentity, id: number): UniversalId => ({
  clusterId,
  clusterIncarnationId,
  id,
});

/** The v2 form of a triple. */
export const joined = ({ clusterId, clusterIncarnationId, id }: UniversalId): string =>
  `${clusterId}:${clusterIncarnationId}:${id}`;

export const clusterWire = (identity: ClusterIdentity, nowMsecs: number): Wire => ({
  id: identity.clusterId,
  incarnationId: identity.clusterIncarnationId,
  name: identity.name,
  description: 'Sandbox: no data is moved',
  clusterSoftwareVersion: '7.2.1_u1_release-20250311_sandbox',
  patchVersion: null,
  timezone: 'Europe/Berlin',
  createdTimeMsecs: identity.clusterIncarnationId,
  currentTimeMsecs: nowMsecs,
  multiTenancyEnabled: false,
  nodeCount: 4,
});
