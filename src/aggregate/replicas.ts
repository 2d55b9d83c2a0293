import { toReportedError } from '../domain/error-code.js';
import type { UniversalId } from '../domain/run-key.js';
import {
  type MaybeReplica,
  type ReplicaFilter,
  isToldByOwner,
  isReplica,
  jobUidOf,
  passesReplicas,
} from '../domain/replica.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import type { Clients } from './clients.js';
import type { Loaders } from './loaders.js';
import { orFailure } from '../calling/outcome.js';
import { reasonOfFailure, withReasons } from './report.js';

/** What one answer makes of replicas. It knows the clusters' own ids once `ready` has resolved, which it always does. */
export interface ReplicaRule {
  readonly matters: boolean; // whether own ids decide anything
  readonly ready: Promise<void>;
  /** Whether the filter lets a record through, whoever answers. */
  passes(record: MaybeReplica): boolean;
  /**
   * The upstream of this answer whose job a replica's record belongs to, where that decides something: `null` for what
   * is no replica, and where the filter does not ask who owns it.
   */
  ownerOf(record: MaybeReplica): string | null;
  /** The same of a record that its owner tells of as well: it is left out if the owner's part was read. */
  toldBy(record: MaybeReplica): string | null;
  /** A report that says too that a cluster could not say who it is. */
  reported(report: UpstreamReport): UpstreamReport;
}

export interface ReplicaRuleOptions {
  readonly mode: ReplicaFilter | null | undefined;
  /** The clusters that are asked for this answer. */
  readonly clusters: readonly string[];
  /** Whether the owner is asked for that job at all; it is where this is left out. */
  readonly asksFor?: (owner: string, uid: UniversalId) => boolean;
}

/** The clusters among some upstreams. */
export const clustersAmong = (clients: Clients, upstreams: readonly string[]): readonly string[] =>
  upstreams.filter((name) => clients.get(name)?.kind === 'COHESITY');

/**
 * Own ids are asked for only where they decide something: by AUTO where two clusters are asked, since one of them may
 * own what the other holds. That is one call for each cluster and process.
 */
export const createReplicaRule = (
  loaders: Pick<Loaders, 'ownId'>,
  { mode, clusters, asksFor = () => true }: ReplicaRuleOptions,
): ReplicaRule => {
  const filter = mode ?? 'AUTO';
  const matters = filter === 'AUTO' ? clusters.length > 1 : filter !== 'INCLUDE';
  const ownIds = new Map<string, bigint>();
  const owners = new Map<bigint, string>();
  const failures = new Map<string, UpstreamError>();
  const learn = async (upstream: string): Promise<void> => {
    const id = await orFailure(loaders.ownId.load(upstream));
    if (id instanceof UpstreamError) failures.set(upstream, id);
    else {
      ownIds.set(upstream, id);
      owners.set(id, upstream);
    }
  };
  const ready = matters ? Promise.all(clusters.map(learn)).then(() => undefined) : Promise.resolve();
  ready.catch(() => undefined); // who waits for it is told
  const ownOf = ({ upstream }: MaybeReplica): bigint | null => ownIds.get(upstream) ?? null;
  const asksOwner = matters && (filter === 'AUTO' || filter === 'EXCLUDE');

  const ownerOf: ReplicaRule['ownerOf'] = (record) => {
    const uid = jobUidOf(record);
    if (!asksOwner || uid === null || isReplica(record, ownOf(record)) !== true) return null;
    const owner = owners.get(uid.clusterId) ?? null;
    return owner !== null && asksFor(owner, uid) ? owner : null;
  };

  return {
    matters,
    ready,
    passes: (record) => passesReplicas(filter, record, ownOf(record)),
    ownerOf,
    toldBy: (record) => (isToldByOwner(record) ? ownerOf(record) : null),
    reported: (report) => {
      const failure = failures.get(report.upstream);
      if (failure === undefined) return report;
      return withReasons({ ...report, ok: false, error: report.error ?? toReportedError(failure) }, [
        reasonOfFailure(failure),
      ]);
    },
  };
};
