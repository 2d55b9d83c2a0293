import { toReportedError } from '../domain/error-code.js';
import type { UniversalId } from '../domain/run-key.js';
import {
  type MaybeReplica,
  type ReplicaFilter,
  type ReplicaRule,
  isToldByOwner,
  isReplica,
  jobUidOf,
  passesReplicas,
} from '../domain/replica.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { Clients, Session } from './product.js';
import { orFailure } from '../calling/outcome.js';
import { reasonOfFailure, withReasons } from './report.js';

interface ReplicaRuleOptions {
  readonly mode: ReplicaFilter | null | undefined;
  /** The clusters that are asked for this answer. */
  readonly clusters: readonly string[];
  /** Whether the owner is asked for that job at all; if absent, it is. */
  readonly asksFor?: (owner: string, uid: UniversalId) => boolean;
}

/** The upstreams among these whose jobs others may hold as replicas. */
export const clustersAmong = (clients: Clients, upstreams: Iterable<string>): readonly string[] =>
  [...upstreams].filter((name) => clients.get(name)?.ownId !== undefined);

/** An upstream's own id. */
export const ownIdOf = async (session: Session, upstream: string): Promise<bigint> => {
  const read = session.clients.get(upstream)?.ownId?.(session);
  if (read === undefined) throw new Error(`${upstream} has no id of its own`);
  return read;
};

/**
 * Own ids are read only if they change something: for AUTO with two clusters, because one may own the other's records.
 * That takes one call for each cluster and process.
 */
export const createReplicaRule = (
  session: Session,
  { mode, clusters, asksFor = () => true }: ReplicaRuleOptions,
): ReplicaRule => {
  const filter = mode ?? 'AUTO';
  const matters = filter === 'AUTO' ? clusters.length > 1 : filter !== 'INCLUDE';
  const ownIds = new Map<string, bigint>();
  const owners = new Map<bigint, string>();
  const failures = new Map<string, UpstreamError>();
  const learn = async (upstream: string): Promise<void> => {
    const id = await orFailure(ownIdOf(session, upstream));
    if (id instanceof UpstreamError) failures.set(upstream, id);
    else {
      ownIds.set(upstream, id);
      owners.set(id, upstream);
    }
  };
  const ready = matters ? Promise.all(clusters.map(learn)).then(() => undefined) : Promise.resolve();
  ready.catch(() => undefined); // its callers get the failure
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
