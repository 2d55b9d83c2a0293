import type { InputFieldBuilder } from '@pothos/core';
import type { Session } from '../upstream/product.js';
import { ownIdOf } from '../upstream/replicas.js';
import { type MaybeReplica, type ReplicaFilter, isReplica, jobUidOf } from '../domain/replica.js';
import { type FieldBuilder, type SchemaTypes, builder } from './builder.js';
import { described } from './described.js';
import type { Context } from '../assembly/context.js';

const ReplicaFilterRef = builder.enumType('ReplicaFilter', {
  description:
    'The treatment of replicas: runs and jobs that a Cohesity cluster holds for another cluster, which owns the job. The owner’s REMOTE copy and the replica’s LOCAL copy are one copy.',
  values: described<ReplicaFilter>({
    AUTO: 'Leaves out the run, the job and the LOCAL copies of a replica if its owner is asked too and has answered. Keeps copies that the replica itself makes (REMOTE, ARCHIVAL or to a cloud): its owner does not list them. Keeps all records of the replica if the owner fails, is not asked or is hidden from you.',
    INCLUDE: 'Keeps all records. A copy that several clusters hold counts once for each of them.',
    EXCLUDE:
      'Leaves out the run, the job and the LOCAL copies of every replica, even if its owner is not asked or does not answer. Keeps copies that the replica itself makes.',
    ONLY: 'Keeps only records of replicas, and the copies that they themselves make. Leaves out AWS.',
  }),
});

/** The member of every filter whose records may be replicas. */
export const replicaFilter = (t: InputFieldBuilder<SchemaTypes, 'InputObject'>) => ({
  replicas: t.field({
    type: ReplicaFilterRef,
    description: 'The treatment of replicas of other clusters’ jobs; AUTO if absent.',
  }),
});

const loadIsReplica = async (session: Session, record: MaybeReplica) =>
  jobUidOf(record) === null ? null : isReplica(record, await ownIdOf(session, record.upstream));

/** The `isReplica` field of records of a job. */
export const replicaField = <T extends MaybeReplica>(t: FieldBuilder<T>) =>
  t.field({
    type: 'Boolean',
    nullable: true,
    description:
      'Whether its job belongs to another cluster, which replicates it here. `null` if the cluster does not send the job’s uid. Costs one call for each cluster, once in each gateway process.',
    resolve: (record: T, _args: object, { session }: Context) => loadIsReplica(session, record),
  });
