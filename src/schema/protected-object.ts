import type { ArgBuilder } from '@pothos/core';
import { listCopiesOf } from '../aggregate/object-copies.js';
import { listProtectedObjects } from '../aggregate/protected-objects.js';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../assembly/context.js';
import type { CopyPosture, ObjectCopies, ObjectTarget } from '../domain/object-copies.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import type { ProtectedObjectOrder } from '../domain/protected-object-order.js';
import { type SchemaTypes, builder } from './builder.js';
import { paged, usually } from './cost.js';
import { connectionRef, resolveConnection } from './connection.js';
import { CopyOperationConnectionRef, CopyOperationRef } from './copy-operation.js';
import { CopyTargetRef } from './copy-target.js';
import { activityFilter, copyFilter } from './filter.js';
import { NodeRef } from './node.js';
import { described } from './described.js';
import { listArguments } from './max-age.js';
import { OrderDirectionRef } from './order-direction.js';
import { pageArguments } from './page-arguments.js';
import { replicaFilter } from './replica.js';
import { ProtectionSourceRef } from './cohesity/protection-source.js';
import { upstreamField } from './upstream.js';
import { ProtectedObjectRef } from './protected-object-ref.js';

const good =
  'A good copy is one that SUCCEEDED, or ended in WARNING, whose snapshot was not deleted, and that has not expired or is on legal hold. An AWS copy is good while its recovery point is COMPLETED or AVAILABLE and has not expired; where nobody can read the point, the copy counts as good, and in `protectedObjects` the report says `complete: false`';

/** What an object's copies come to; an outage that hides a part of it is told in `errors`. */
const readCopies = async (
  { tell, below }: Context,
  object: ProtectedObject,
  info: GraphQLResolveInfo,
): Promise<ObjectCopies> => {
  const copies = await below(info).objectCopies.load(object);
  tell(info, copies.unread);
  return copies;
};

const ObjectTargetRef = builder.objectRef<ObjectTarget>('ProtectedObjectTarget').implement({
  description: 'One place that an object is copied to.',
  fields: (t) => ({
    target: t.expose('target', { type: CopyTargetRef, description: 'The place.' }),
    lastSuccessfulCopy: t.expose('lastSuccessfulCopy', {
      type: CopyOperationRef,
      nullable: true,
      description: `The newest good copy there; \`null\` for none within \`lookBackHours\`. ${good}.`,
    }),
    copyLagSeconds: t.exposeInt('copyLagSeconds', {
      nullable: true,
      description:
        'How old the data of that copy are, in seconds; `null` where there is none. Counts from the start of the Cohesity run, or the creation of the AWS backup that was copied, as its recovery point tells it; where no point could be read, from the job’s creation.',
    }),
  }),
});

const CopyPostureRef = builder.objectRef<CopyPosture>('CopyPosture').implement({
  description: `How well an object is copied, as the 3-2-1-1 rule counts; within \`lookBackHours\`. ${good}.`,
  fields: (t) => ({
    copies: t.exposeInt('copies', { description: 'How many good copies there are.' }),
    sites: t.exposeInt('sites', { description: 'In how many places; the cluster itself is one.' }),
    offsite: t.exposeBoolean('offsite', {
      description: 'Whether one of them is off site, as `CopyOperation.offsite` has it.',
    }),
    immutable: t.exposeBoolean('immutable', {
      description:
        'Whether nobody can delete one of them before its time: under a COMPLIANCE data lock in force, whose end is known; in a logically air-gapped vault; or in a vault whose lock date has passed.',
    }),
    locked: t.exposeBoolean('locked', {
      description:
        'Whether one of them is under any lock in force, even one that a person could lift: also an ADMINISTRATIVE data lock, or a vault that is locked without a lock date that has passed.',
    }),
    offsiteLagSeconds: t.exposeInt('offsiteLagSeconds', {
      nullable: true,
      description:
        'How old the data of the newest good copy off site are, in seconds; `null` where there is none. Counts as `copyLagSeconds` does.',
    }),
  }),
});

ProtectedObjectRef.implement({
  description: 'What is protected, whatever the vendor: a Cohesity source or an AWS resource.',
  interfaces: [NodeRef],
  requiresScopes: [['copy:read']], // wherever another subgraph refers to it
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'Its name; the id or the last part of the ARN where the vendor gives none.',
    }),
    upstream: upstreamField(t, 'Where it is protected.'),
    source: t.expose('source', {
      type: ProtectionSourceRef,
      nullable: true,
      description: 'The Cohesity source; `null` for AWS.',
    }),
    resourceArn: t.exposeString('resourceArn', {
      nullable: true,
      description: 'The AWS resource’s ARN; `null` for Cohesity.',
    }),
    resourceType: t.exposeString('resourceType', {
      nullable: true,
      description: 'AWS’s word for what it is, such as `EBS`; `null` for Cohesity.',
    }),
    copies: t.field({
      type: CopyOperationConnectionRef,
      nullable: true,
      ...paged(1),
      description:
        'Its copies, newest first: `CopySnapshotTask` for Cohesity, `CopyJob` for AWS. Started in the last 24 hours unless the filter says otherwise. Where another cluster holds a replica of it, with the copies which that one makes, as `protectedObjects` counts them. Costs one call for each object while the window is a day; with several Cohesity clusters, also the jobs of each other one, the runs of those that are replicas of the object’s, and where these have copies of it, the runs of its own jobs.',
      args: {
        filter: t.arg({ type: ObjectCopyFilterRef, description: 'Which copies; all of the last 24 hours if absent.' }),
        ...pageArguments(t.arg),
      },
      resolve: (object, args, context, info) =>
        resolveConnection(context, info, args, (aged, asked) => listCopiesOf(aged, object, args, asked)),
    }),
    copyTargets: t.field({
      type: [ObjectTargetRef],
      ...usually(3),
      nullable: true,
      description:
        'Each place it was copied to within `lookBackHours`, also from its replica, with the newest good copy there. Costs the recovery points of the AWS jobs that ended well, and outside of `protectedObjects` one pass over its copies, as `copies` reads them. Another cluster that cannot be asked for its copies of the replica is in `errors`.',
      resolve: async (object, _args, context, info) => (await readCopies(context, object, info)).targets,
    }),
    copyPosture: t.field({
      type: CopyPostureRef,
      nullable: true,
      description:
        'How well it is copied, also from its replica. Costs the recovery points of the AWS jobs that ended well, and outside of `protectedObjects` one pass over its copies, as `copies` reads them. Another cluster that cannot be asked for its copies of the replica is in `errors`.',
      resolve: async (object, _args, context, info) => (await readCopies(context, object, info)).posture,
    }),
    lookBackHours: t.int({
      description:
        'How far back `copyTargets` and `copyPosture` look for copies, in hours, as the gateway is configured.',
      resolve: (_object, _args, { limits }) => limits.lookBackHours,
    }),
  }),
});

const ObjectCopyFilterRef = builder.inputType('ObjectCopyFilter', {
  description:
    'Narrows the copies of one object; absent members do not. Members are combined with AND, the words of a list with OR.',
  fields: (t) => ({ ...activityFilter(t), ...copyFilter(t) }),
});

export const ProtectedObjectConnectionRef = connectionRef('ProtectedObject', ProtectedObjectRef, 'protected objects');

export const ProtectedObjectFilterRef = builder.inputType('ProtectedObjectFilter', {
  description:
    'Narrows the list of objects; absent members do not. Members are combined with AND, the words of a list with OR. A member that a vendor has no notion of leaves that vendor’s objects out.',
  fields: (t) => ({
    upstreams: t.stringList({ description: 'Only these upstreams, by `Upstream.name`.' }),
    name: t.string({ description: 'Only where this is part of the name; upper and lower case are equal.' }),
    environments: t.stringList({ description: 'Only Cohesity sources of these environments, such as `kVMware`.' }),
    resourceTypes: t.stringList({ description: 'Only AWS resources of these types, such as `EBS`.' }),
    ...replicaFilter(t),
    offsiteLagOver: t.int({
      description:
        'Only objects whose newest good copy off site holds data of more than so many seconds ago, or that have none within `lookBackHours`: 86400 gives what has had no good copy off site for a day.',
    }),
    offsite: t.boolean({ description: 'Only objects with a good copy off site, or only those without one.' }),
    immutable: t.boolean({
      description: 'Only objects with a good copy that nobody can delete before its time, or only those without one.',
    }),
    locked: t.boolean({
      description: 'Only objects with a good copy under any lock in force, or only those without one.',
    }),
    sitesBelow: t.int({ description: 'Only objects with good copies in fewer places than so many.' }),
  }),
});

const ProtectedObjectOrderFieldRef = builder.enumType('ProtectedObjectOrderField', {
  description: 'What a list of objects can be sorted by.',
  values: described<ProtectedObjectOrder['field']>({
    NAME: 'By name.',
    OFFSITE_LAG:
      'How old the data of the newest good copy off site are. What has none has the largest lag: first with DESC.',
    COPIES: 'How many good copies there are.',
  }),
});

const ProtectedObjectOrderRef = builder.inputType('ProtectedObjectOrder', {
  description:
    'How a list of objects is sorted; equal values by `id`. An object whose value changes between two pages may be seen twice or not at all.',
  fields: (t) => ({
    field: t.field({ type: ProtectedObjectOrderFieldRef, required: true, description: 'What they are sorted by.' }),
    direction: t.field({
      type: OrderDirectionRef,
      required: true,
      defaultValue: 'ASC',
      description: 'Smallest first, or the other way round.',
    }),
  }),
});

/** The arguments of a list of objects. */
export const protectedObjectsArguments = (arg: ArgBuilder<SchemaTypes>) => ({
  filter: arg({ type: ProtectedObjectFilterRef, description: 'Which objects; all if absent.' }),
  orderBy: arg({ type: ProtectedObjectOrderRef, description: 'How they are sorted; by name if absent.' }),
  ...listArguments(arg),
});

builder.queryField('protectedObjects', (t) =>
  t.field({
    type: ProtectedObjectConnectionRef,
    nullable: true,
    ...paged(10),
    description:
      'Everything that is protected, copied or not, by name, equal names by `id`, unless `orderBy` says otherwise. Reads the copies of all objects as far back as the gateway looks, so narrow it by upstream where you can. An upstream whose copies cannot be read whole is left out, with its report, since half of them would raise false alarms. An object that one cluster replicates to another is one object, the owner’s, with the copies that the replica makes of it. They are matched by the job’s uid and the name, since entity ids are each cluster’s own: one that is renamed, or shares its name with another of its job, stays an object of the replica’s too.',
    args: protectedObjectsArguments(t.arg),
    resolve: (_root, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) => listProtectedObjects(aged, args, asked)),
  }),
);
