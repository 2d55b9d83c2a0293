import type { CopyJob } from './copy-job.js';
import type { CopyRun } from './copy-run.js';
import type { UniversalId } from './run-key.js';
import type { CopySnapshotTask } from './copy-snapshot-task.js';
import type { ProtectionJob } from './protection-job.js';
import type { ProtectionShell } from './protection-run.js';

export const replicaFilters = ['AUTO', 'INCLUDE', 'EXCLUDE', 'ONLY'] as const;

/** Which records of replicas a caller wants. */
export type ReplicaFilter = (typeof replicaFilters)[number];

/** Any record that may belong to a job which another cluster made. */
export type MaybeReplica = ProtectionShell | CopyRun | CopySnapshotTask | ProtectionJob | CopyJob;

/** The uid of a record's job, which is the same on every cluster; `null` where the cluster does not send it, and for AWS. */
export const jobUidOf = (record: MaybeReplica): UniversalId | null => {
  if (record.__typename === 'CopyJob') return null;
  return record.__typename === 'ProtectionJob' ? record.uid : record.jobUid;
};

/** Whether a record belongs to a job of another cluster; `null` while that cannot be said. `own` is its cluster's id. */
export const isReplica = (record: MaybeReplica, own: bigint | null): boolean | null => {
  const uid = jobUidOf(record);
  return uid === null || own === null ? null : uid.clusterId !== own;
};

/**
 * Whether the owner's cluster tells of a replica's record as well: of its run, its job, and, as its own REMOTE copy, of
 * the copy that is LOCAL here. Where the replica copies on, nobody else tells.
 */
export const isToldByOwner = (record: MaybeReplica): boolean => {
  switch (record.__typename) {
    case 'ProtectionShell':
    case 'ProtectionJob':
      return true;
    case 'CopyRun':
    case 'CopySnapshotTask':
      return record.target?.kind === 'LOCAL';
    case 'CopyJob':
      return false;
  }
};

/** Whether a filter lets a record through, as far as it can be said without knowing who answered. AUTO decides later. */
export const passesReplicas = (mode: ReplicaFilter, record: MaybeReplica, own: bigint | null): boolean => {
  if (mode === 'ONLY') return isReplica(record, own) === true;
  return mode !== 'EXCLUDE' || isReplica(record, own) !== true || !isToldByOwner(record);
};
