import { type Micros } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Cluster } from '../../domain/upstream.js';
import type { CallOptions } from '../../calling/call.js';

/** How long a cluster that did not say its id is not asked again, or each list would wait for it. */
const REMEMBERED = 60_000_000; // a minute, in microseconds

/**
 * A cluster's own id, which distinguishes its jobs from replicas. Read once per process, because it does not change.
 */
export interface OwnId {
  /** `null` until it has been read. */
  known(): bigint | null;
  /** One `cluster` call the first time. Throws an `UpstreamError`. */
  read(call: CallOptions): Promise<bigint>;
}

interface OwnIdOptions {
  readonly upstream: string;
  readonly now: () => Micros;
  /** Through Helios it is in the config: the header that chooses a cluster is that cluster's id. */
  readonly configured: bigint | null;
  readonly getCluster: (call: CallOptions) => Promise<Cluster>;
}

export const createOwnId = ({ upstream, now, configured, getCluster }: OwnIdOptions): OwnId => {
  let id = configured;
  let failed: { readonly error: UpstreamError; readonly until: number } | null = null;
  return {
    known: () => id,
    read: async (call) => {
      if (id !== null) return id;
      if (failed !== null && now() < failed.until) throw failed.error;
      try {
        const { clusterId } = await getCluster({ ...call, maxAgeMs: undefined });
        if (clusterId === null) throw new UpstreamError(upstream, 'malformed', 'a cluster without an id');
        id = clusterId;
        return clusterId;
      } catch (error) {
        // If the caller left or has no calls left, that says nothing about the cluster.
        const isOurs = error instanceof UpstreamError && ['canceled', 'budgetExceeded'].includes(error.reason);
        if (error instanceof UpstreamError && !isOurs) failed = { error, until: now() + REMEMBERED };
        throw error;
      }
    },
  };
};
