import type { Micros } from './micros.js';

export type HealthStatus = 'UP' | 'DOWN' | 'UNKNOWN';

export type CircuitState = 'CLOSED' | 'OPEN' | 'HALF_OPEN';

/** The results that this process got from the last calls to an upstream. */
export interface UpstreamHealth {
  readonly status: HealthStatus;
  readonly latencyMs: number | null;
  readonly lastSuccessAt: Micros | null;
  readonly lastError: string | null; // in our words
  readonly circuit: CircuitState;
}

/** One configured cluster or AWS Backup endpoint. */
export interface Upstream {
  readonly __typename: 'Upstream';
  readonly id: string;
  readonly name: string; // its id in the config
  readonly kind: string; // its product's name, such as COHESITY
  readonly sandbox: boolean;
  readonly region: string | null;
}

/** A cluster's report about itself. */
export interface Cluster {
  readonly clusterId: bigint | null;
  readonly clusterName: string | null;
  readonly version: string | null;
}

/** A cluster's identity as one text. It is sealed into plans, and pinned at the start. */
export const identityOfCluster = (clusterId: bigint): string => `cluster ${clusterId}`;
