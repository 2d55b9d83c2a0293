import type { ProtectedObject } from './protected-object.js';
import { type MaybeReplica, jobUidOf } from './replica.js';

/**
 * The key of a copied object on every cluster that has it: its job's uid and its names. Entity ids differ from cluster
 * to cluster, as the pairs of ids at the start of a failover show. `null` for an object without a job.
 */
export const sharedKeyOf = (copy: MaybeReplica, object: ProtectedObject | null): string | null => {
  const uid = jobUidOf(copy);
  if (uid === null || object === null) return null;
  return [uid.clusterId, uid.clusterIncarnationId, uid.id, object.source?.environment ?? '', object.name].join(' ');
};

/**
 * The owner's object that a replica's copies belong to. `null` if the owner has none under that key, or several of that
 * name: then it is unknown which.
 */
export const objectUnder = (ids: ReadonlySet<string> | undefined): string | null => {
  const [id, ...others] = ids ?? [];
  return id === undefined || others.length > 0 ? null : id;
};
