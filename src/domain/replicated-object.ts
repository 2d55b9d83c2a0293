import type { ProtectedObject } from './protected-object.js';
import { type MaybeReplica, jobUidOf } from './replica.js';

/**
 * What the object of a copy is called on every cluster that has it: entity ids are each cluster's own, as the pairs of
 * ids show that a failover begins with. The job's uid and the names in it are the same. `null` for what has no job.
 */
export const sharedKeyOf = (copy: MaybeReplica, object: ProtectedObject | null): string | null => {
  const uid = jobUidOf(copy);
  if (uid === null || object === null) return null;
  return [uid.clusterId, uid.clusterIncarnationId, uid.id, object.source?.environment ?? '', object.name].join(' ');
};

/**
 * Whose a replica's copies under a key are, of the objects that the owner has under it. `null` where it has none, or
 * several of that name: nobody can say which.
 */
export const objectUnder = (ids: ReadonlySet<string> | undefined): string | null => {
  const [id, ...others] = ids ?? [];
  return id === undefined || others.length > 0 ? null : id;
};
