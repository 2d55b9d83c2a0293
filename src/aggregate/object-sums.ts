import type { CopyOperation } from '../domain/copy-operation.js';
import type { CopyWorth } from '../domain/good-copy.js';
import type { ObjectCopiesSum } from '../domain/object-copies.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import { type ReplicaRule, isToldByOwner } from '../domain/replica.js';
import { objectUnder, sharedKeyOf } from '../domain/replicated-object.js';

/** An object with the running sum of its copies. */
export interface Summed {
  readonly object: ProtectedObject;
  readonly sum: ObjectCopiesSum;
}

/** A replica cluster's copies of an object that another upstream in the answer owns. */
interface Replicated {
  readonly object: ProtectedObject; // as the replica cluster has it
  readonly owner: string;
  readonly key: string;
  readonly local: ObjectCopiesSum; // copies that the owner returns as its own REMOTE copies
  readonly onward: ObjectCopiesSum; // copies that no other upstream returns
}

/** The copies of one upstream, object by object. */
export interface ObjectSums {
  add(copy: CopyOperation, object: ProtectedObject | null, worth: CopyWorth): void;
  readonly own: Map<string, Summed>; // by the object's id
  readonly byKey: ReadonlyMap<string, ReadonlySet<string>>; // ids of own objects
  readonly replicated: ReadonlyMap<string, Replicated>;
}

export const createObjectSums = (
  createSum: () => ObjectCopiesSum,
  replicas: Pick<ReplicaRule, 'ownerOf'>,
): ObjectSums => {
  const own = new Map<string, Summed>();
  const byKey = new Map<string, Set<string>>();
  const replicated = new Map<string, Replicated>();

  const addReplicated = (
    copy: CopyOperation,
    { object, owner, key, worth }: Pick<Replicated, 'object' | 'owner' | 'key'> & { readonly worth: CopyWorth },
  ): void => {
    const id = `${object.id} ${key}`;
    const entry = replicated.get(id) ?? { object, owner, key, local: createSum(), onward: createSum() };
    replicated.set(id, entry);
    (isToldByOwner(copy) ? entry.local : entry.onward).add(copy, worth);
  };

  return {
    own,
    byKey,
    replicated,
    add: (copy, object, worth) => {
      if (object === null) return;
      const key = sharedKeyOf(copy, object);
      const owner = replicas.ownerOf(copy);
      if (owner !== null && key !== null) return addReplicated(copy, { object, owner, key, worth });
      sumOf(own, object, createSum).add(copy, worth);
      if (key === null) return;
      const ids = byKey.get(key) ?? new Set();
      byKey.set(key, ids.add(object.id));
    },
  };
};

const sumOf = (
  sums: Map<string, Summed>,
  object: ProtectedObject,
  createSum: () => ObjectCopiesSum,
): ObjectCopiesSum => {
  const entry = sums.get(object.id) ?? { object, sum: createSum() };
  sums.set(object.id, entry);
  return entry.sum;
};

/**
 * Adds each replicated object's onward copies to the owner's object. `answered` are the upstreams that were read. If
 * the owner does not have the object, or has two of that name, it stays the replica's with all its copies, so that none
 * is lost.
 */
export const joinReplicas = (
  all: ReadonlyMap<string, ObjectSums>,
  answered: ReadonlySet<string>,
  createSum: () => ObjectCopiesSum,
): void => {
  for (const { own, replicated } of all.values()) {
    for (const { object, owner, key, local, onward } of replicated.values()) {
      const ofOwner = all.get(owner);
      const id = answered.has(owner) ? objectUnder(ofOwner?.byKey.get(key)) : null;
      const match = id === null ? undefined : ofOwner?.own.get(id);
      if (match !== undefined) {
        match.sum.join(onward);
        match.sum.joinJobs(local);
      } else {
        const sum = sumOf(own, object, createSum);
        sum.join(local);
        sum.join(onward);
      }
    }
  }
};
