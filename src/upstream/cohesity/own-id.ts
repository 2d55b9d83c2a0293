import { type Micros } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Cluster } from '../../domain/upstream.js';
import type { CallOptions } from '../../calling/call.js';

/** A cluster that could not say who it is, is not asked again for so long: each list would wait for it. */
const REMEMBERED = 60_000_000; // a minute, in microseconds

/** A cluster's own id, which tells its jobs from replicas. It is read once for each process, since it does not change. */
export interface OwnId {
  /** `null` until it has been read. */
  known(): bigint | null;
  /** One `cluster` call the first time. Throws an `UpstreamError`. */
  read(call: CallOptions): Promise<bigint>;
}

interface OwnIdOptions {
  readonly upstream: string;
  readonly now: () => Micros;
  /** Through Helios the config says it: the header that chooses a cluster is that cluster's id. */
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
        // That the caller left, or may ask no more, says nothing of the cluster.
        const isOurs = error instanceof UpstreamError && ['canceled', 'budgetExceeded'].includes(error.reason);
        if (error instanceof UpstreamError && !isOurs) failed = { error, until: now() + REMEMBERED };
        throw error;
      }
    },
  };
};
