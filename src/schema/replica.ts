import type { InputFieldBuilder } from '@pothos/core';
import type { Session } from '../upstream/product.js';
import { ownIdOf } from '../upstream/replicas.js';
import { type MaybeReplica, type ReplicaFilter, isReplica, jobUidOf } from '../domain/replica.js';
import { type FieldBuilder, type SchemaTypes, builder } from './builder.js';
import { described } from './described.js';
import type { Context } from '../assembly/context.js';

const ReplicaFilterRef = builder.enumType('ReplicaFilter', {
  description:
    'What becomes of replicas: runs and jobs that a Cohesity cluster holds for another cluster, which owns the job. The owner’s REMOTE copy and the replica’s LOCAL copy are one copy.',
  values: described<ReplicaFilter>({
    AUTO: 'Leaves out the run, the job and the LOCAL copies of a replica whose owner is asked as well and has answered. Copies that the replica makes itself, REMOTE, ARCHIVAL or to a cloud, stay: its owner does not list them. If the owner fails, is not asked or may not be seen, the replica’s records stay.',
    INCLUDE: 'Keeps all: what several clusters hold counts once for each of them.',
    EXCLUDE:
      'Leaves out the run, the job and the LOCAL copies of every replica, whoever owns it and whether or not the owner answered. Copies that the replica makes itself stay.',
    ONLY: 'Keeps only records of replicas, the copies that they make themselves too; none of AWS.',
  }),
});

/** The member of every filter whose records may be replicas. */
export const replicaFilter = (t: InputFieldBuilder<SchemaTypes, 'InputObject'>) => ({
  replicas: t.field({
    type: ReplicaFilterRef,
    description: 'What becomes of replicas of other clusters’ jobs; AUTO if absent.',
  }),
});

const loadIsReplica = async (session: Session, record: MaybeReplica) =>
  jobUidOf(record) === null ? null : isReplica(record, await ownIdOf(session, record.upstream));

/** The `isReplica` field of what belongs to a job. */
export const replicaField = <T extends MaybeReplica>(t: FieldBuilder<T>) =>
  t.field({
    type: 'Boolean',
    nullable: true,
    description:
      'Whether its job belongs to another cluster, which replicates it here; `null` where the cluster does not send the job’s uid, or its own id is not known. Costs one call for each cluster, once for each gateway process.',
    resolve: (record: T, _args: object, { session }: Context) => loadIsReplica(session, record),
  });
