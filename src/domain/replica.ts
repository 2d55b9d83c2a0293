import type { CopyTarget } from './copy-target.js';
import type { UniversalId } from './run-key.js';
import type { UpstreamReport } from './upstream-report.js';

/** The replica records that a caller wants. */
export type ReplicaFilter = 'AUTO' | 'INCLUDE' | 'EXCLUDE' | 'ONLY';

/** A record that may belong to a job of another cluster: a copy, a run, or the job itself. */
export interface MaybeReplica {
  readonly upstream: string;
  readonly jobUid?: UniversalId | null;
  readonly uid?: UniversalId | null; // a job's own
  readonly target?: CopyTarget | null; // only copies have one
}

/** The uid of a record's job, which is the same on every cluster; `null` if it was not sent or is unknown. */
export const jobUidOf = ({ jobUid, uid }: MaybeReplica): UniversalId | null => jobUid ?? uid ?? null;

/**
 * Whether a record belongs to a job of another cluster; `null` if that is unknown. `own` is the id of the cluster that
 * returned it.
 */
export const isReplica = (record: MaybeReplica, own: bigint | null): boolean | null => {
  const uid = jobUidOf(record);
  return uid === null || own === null ? null : uid.clusterId !== own;
};

/**
 * Whether the owner's cluster returns the same record: its run, its job, or as a REMOTE copy the copy that is LOCAL
 * here. Copies made onward from the replica are returned by no other cluster.
 */
export const isToldByOwner = ({ target }: MaybeReplica): boolean => target === undefined || target?.kind === 'LOCAL';

/**
 * Whether a filter passes a record, as far as can be said without knowing which upstreams answered. AUTO decides later.
 */
export const passesReplicas = (mode: ReplicaFilter, record: MaybeReplica, own: bigint | null): boolean => {
  if (mode === 'ONLY') return isReplica(record, own) === true;
  return mode !== 'EXCLUDE' || isReplica(record, own) !== true || !isToldByOwner(record);
};

/** The replica rule of one answer. `ready` always resolves; after it, the rule knows the clusters' own ids. */
export interface ReplicaRule {
  readonly matters: boolean; // whether own ids change anything
  readonly ready: Promise<void>;
  /** Whether the filter passes a record, whichever upstreams answer. */
  passes(record: MaybeReplica): boolean;
  /**
   * The upstream of this answer that owns a replica's record. `null` for a record that is no replica, and if the filter
   * does not need the owner.
   */
  ownerOf(record: MaybeReplica): string | null;
  /** As `ownerOf`, for records that the owner returns as well: they are left out if the owner's part was read. */
  toldBy(record: MaybeReplica): string | null;
  /** Adds to a report that a cluster did not say its own id. */
  reported(report: UpstreamReport): UpstreamReport;
}
