import type { CopyTarget } from './copy-target.js';
import type { UniversalId } from './run-key.js';
import type { UpstreamReport } from './upstream-report.js';

/** Which records of replicas a caller wants. */
export type ReplicaFilter = 'AUTO' | 'INCLUDE' | 'EXCLUDE' | 'ONLY';

/** Any record that may belong to a job which another cluster made: a copy, a run, or the job itself. */
export interface MaybeReplica {
  readonly upstream: string;
  readonly jobUid?: UniversalId | null;
  readonly uid?: UniversalId | null; // a job's own
  readonly target?: CopyTarget | null; // only copies have one
}

/** The uid of a record's job, which is the same on every cluster; `null` where it is not sent or not known of. */
export const jobUidOf = ({ jobUid, uid }: MaybeReplica): UniversalId | null => jobUid ?? uid ?? null;

/** Whether a record belongs to a job of another cluster; `null` while that cannot be said. `own` is its cluster's id. */
export const isReplica = (record: MaybeReplica, own: bigint | null): boolean | null => {
  const uid = jobUidOf(record);
  return uid === null || own === null ? null : uid.clusterId !== own;
};

/**
 * Whether the owner's cluster tells of a replica's record as well: of its run, its job, and, as its own REMOTE copy, of
 * the copy that is LOCAL here. Where the replica copies on, nobody else tells.
 */
export const isToldByOwner = ({ target }: MaybeReplica): boolean => target === undefined || target?.kind === 'LOCAL';

/** Whether a filter lets a record through, as far as it can be said without knowing who answered. AUTO decides later. */
export const passesReplicas = (mode: ReplicaFilter, record: MaybeReplica, own: bigint | null): boolean => {
  if (mode === 'ONLY') return isReplica(record, own) === true;
  return mode !== 'EXCLUDE' || isReplica(record, own) !== true || !isToldByOwner(record);
};

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
