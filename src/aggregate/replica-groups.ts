import type { GroupingBasis } from '../domain/copy-group.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { CopyGathering } from '../domain/copy-summary.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import type { ReplicaRule } from '../domain/replica.js';
import { objectUnder, sharedKeyOf } from '../domain/replicated-object.js';

/** A replica's copies of an object that another upstream in the answer owns. */
interface Onward {
  readonly owner: string;
  readonly key: string;
  readonly gathering: CopyGathering;
}

/**
 * Groups by object across replicating clusters: the copies that a replica makes count for the owner's object, matched
 * as in `protectedObjects`.
 */
export const createReplicaGroups = (
  objectOf: GroupingBasis['objectOf'],
  replicas: Pick<ReplicaRule, 'ownerOf'>,
  gather: () => CopyGathering,
) => {
  const own = new Map<string, Map<string, ProtectedObject>>(); // by upstream and shared key, then by id
  const onward = new Map<string, Onward>();

  const note = (place: string, object: ProtectedObject): void => {
    const objects = own.get(place) ?? new Map<string, ProtectedObject>();
    own.set(place, objects.set(object.id, object));
  };

  return {
    /** The gathering for a copy; `null`: the common one. */
    gatheringFor: (copy: CopyOperation): CopyGathering | null => {
      const object = objectOf(copy);
      const key = sharedKeyOf(copy, object);
      if (object === null || key === null) return null;
      const owner = replicas.ownerOf(copy);
      if (owner === null) {
        note(`${copy.upstream} ${key}`, object);
        return null;
      }
      const name = `${object.id} ${key}`;
      const entry = onward.get(name) ?? { owner, key, gathering: gather() };
      onward.set(name, entry);
      return entry.gathering;
    },
    /** Joins the replicas' copies; without a single match on its owner, a replica's object stays separate. */
    joinTo: (gathering: CopyGathering, unread: ReadonlySet<string>): void => {
      for (const { owner, key, gathering: copies } of onward.values()) {
        const objects = own.get(`${owner} ${key}`);
        const id = unread.has(owner) ? null : objectUnder(new Set(objects?.keys()));
        const object = id === null ? undefined : objects?.get(id);
        gathering.join(copies, (group) => ({ ...group, protectedObject: object ?? group.protectedObject }));
      }
    },
  };
};
