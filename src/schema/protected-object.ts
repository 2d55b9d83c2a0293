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
  'A good copy has SUCCEEDED or ended in WARNING, its snapshot was not deleted, and it has not expired or is on legal hold. An AWS copy is good while its recovery point is COMPLETED or AVAILABLE and has not expired. If the point cannot be read, the copy counts as good, and in `protectedObjects` the report has `complete: false`';

/** The sum of an object's copies. An outage that hides some of them is put into `errors`. */
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
  description: 'One place that copies of an object go to.',
  fields: (t) => ({
    target: t.expose('target', { type: CopyTargetRef, description: 'The place that the copies go to.' }),
    lastSuccessfulCopy: t.expose('lastSuccessfulCopy', {
      type: CopyOperationRef,
      nullable: true,
      description: `The newest good copy there. \`null\` if there is none within \`lookBackHours\`. ${good}.`,
    }),
    copyLagSeconds: t.exposeInt('copyLagSeconds', {
      nullable: true,
      description:
        'The age of the data of that copy, in seconds. `null` if there is no such copy. Counts from the start of the Cohesity run, or from the creation of the AWS backup, which is read from a recovery point. If no point can be read, it counts from the creation of the job.',
    }),
  }),
});

const CopyPostureRef = builder.objectRef<CopyPosture>('CopyPosture').implement({
  description: `The state of an object’s copies within \`lookBackHours\`, as the 3-2-1-1 rule counts them. ${good}.`,
  fields: (t) => ({
    copies: t.exposeInt('copies', { description: 'The number of good copies.' }),
    sites: t.exposeInt('sites', { description: 'The number of places with a good copy. The cluster itself is one.' }),
    offsite: t.exposeBoolean('offsite', {
      description: 'Whether a good copy is off site, as `CopyOperation.offsite` defines it.',
    }),
    immutable: t.exposeBoolean('immutable', {
      description:
        'Whether nobody can delete one good copy before its time. It is in a logically air-gapped vault, in a locked vault after its lock date, or under a COMPLIANCE data lock with a known end.',
    }),
    locked: t.exposeBoolean('locked', {
      description:
        'Whether one good copy is under any lock in force, even one that a person could remove. Beyond `immutable` this counts an ADMINISTRATIVE data lock, and a locked vault before its lock date or without one.',
    }),
    offsiteLagSeconds: t.exposeInt('offsiteLagSeconds', {
      nullable: true,
      description:
        'The age of the data of the newest good copy off site, in seconds. `null` if there is no such copy. Counts as `copyLagSeconds` does.',
    }),
  }),
});

ProtectedObjectRef.implement({
  description: 'An object that is protected, of any vendor: a Cohesity source or an AWS resource.',
  interfaces: [NodeRef],
  requiresScopes: [['copy:read']], // also if another subgraph refers to it
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'Its name. Without one: the id, or the last part of the ARN.',
    }),
    upstream: upstreamField(t, 'The upstream that protects it.'),
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
      description: 'AWS’s type of the resource, such as `EBS`. `null` for Cohesity, or if not sent.',
    }),
    copies: t.field({
      type: CopyOperationConnectionRef,
      nullable: true,
      ...paged(1),
      description:
        'Its copies, newest first: `CopySnapshotTask` for Cohesity, `CopyJob` for AWS. Started in the last 24 hours unless the filter says otherwise. If another cluster holds a replica of it, the copies that the replica makes are included, as in `protectedObjects`. Costs one call for each object while the window is a day. With several Cohesity clusters it also costs the jobs of each other cluster and the runs of jobs that are replicas of the object’s. If these have copies of it, it costs the runs of its own jobs too.',
      args: {
        filter: t.arg({
          type: ObjectCopyFilterRef,
          description: 'The copies to list; all of the last 24 hours if absent.',
        }),
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
        'Each place that a copy of it went to within `lookBackHours`, even a failed copy, with the newest good copy there. Copies of its replica count too. Costs the recovery points of the AWS jobs that ended well, and outside of `protectedObjects` one pass over its copies, as `copies` reads them. A cluster that cannot be read for copies of the replica is in `errors`.',
      resolve: async (object, _args, context, info) => (await readCopies(context, object, info)).targets,
    }),
    copyPosture: t.field({
      type: CopyPostureRef,
      nullable: true,
      description:
        'The state of its copies, with those of its replica. Costs the recovery points of the AWS jobs that ended well, and outside of `protectedObjects` one pass over its copies, as `copies` reads them. A cluster that cannot be read for copies of the replica is in `errors`.',
      resolve: async (object, _args, context, info) => (await readCopies(context, object, info)).posture,
    }),
    lookBackHours: t.int({
      description: 'The hours that `copyTargets` and `copyPosture` read back: `limits.lookBackHours` of the config.',
      resolve: (_object, _args, { limits }) => limits.lookBackHours,
    }),
  }),
});

const ObjectCopyFilterRef = builder.inputType('ObjectCopyFilter', {
  description:
    'Narrows the copies of one object. An absent member does not narrow it. Members combine with AND, the values of a list with OR.',
  fields: (t) => ({ ...activityFilter(t), ...copyFilter(t) }),
});

export const ProtectedObjectConnectionRef = connectionRef('ProtectedObject', ProtectedObjectRef, 'protected objects');

export const ProtectedObjectFilterRef = builder.inputType('ProtectedObjectFilter', {
  description:
    'Narrows the list of objects. An absent member does not narrow it. Members combine with AND, the values of a list with OR. A member that a vendor does not know leaves out that vendor’s objects.',
  fields: (t) => ({
    upstreams: t.stringList({ description: 'Only objects of these upstreams, by `Upstream.name`.' }),
    name: t.string({ description: 'Only objects with this text in their name. Case does not matter.' }),
    environments: t.stringList({ description: 'Only Cohesity sources of these environments, such as `kVMware`.' }),
    resourceTypes: t.stringList({ description: 'Only AWS resources of these types, such as `EBS`.' }),
    ...replicaFilter(t),
    offsiteLagOver: t.int({
      description:
        'Only objects whose newest good data off site are older than this many seconds, or that have none within `lookBackHours`. With 86400: objects without good data off site of the last day.',
    }),
    offsite: t.boolean({ description: 'Only objects with a good copy off site, or only those without one.' }),
    immutable: t.boolean({
      description: 'Only objects with a good copy that nobody can delete before its time, or only those without one.',
    }),
    locked: t.boolean({
      description: 'Only objects with a good copy under any lock in force, or only those without one.',
    }),
    sitesBelow: t.int({ description: 'Only objects with good copies in fewer places than this.' }),
  }),
});

const ProtectedObjectOrderFieldRef = builder.enumType('ProtectedObjectOrderField', {
  description: 'The values by which a list of objects can be sorted.',
  values: described<ProtectedObjectOrder['field']>({
    NAME: 'By name.',
    OFFSITE_LAG:
      'By the age of the data of the newest good copy off site. An object without such a copy has the largest lag, so it comes first with DESC.',
    COPIES: 'By the number of good copies.',
  }),
});

const ProtectedObjectOrderRef = builder.inputType('ProtectedObjectOrder', {
  description:
    'The order of a list of objects. Equal values are sorted by `id`. An object whose value changes between two pages may appear twice or not at all.',
  fields: (t) => ({
    field: t.field({ type: ProtectedObjectOrderFieldRef, required: true, description: 'The value to sort by.' }),
    direction: t.field({
      type: OrderDirectionRef,
      required: true,
      defaultValue: 'ASC',
      description: 'Smallest first, or the reverse.',
    }),
  }),
});

/** The arguments of a list of objects. */
export const protectedObjectsArguments = (arg: ArgBuilder<SchemaTypes>) => ({
  filter: arg({ type: ProtectedObjectFilterRef, description: 'The objects to list; all if absent.' }),
  orderBy: arg({ type: ProtectedObjectOrderRef, description: 'The order of the list; by name if absent.' }),
  ...listArguments(arg),
});

builder.queryField('protectedObjects', (t) =>
  t.field({
    type: ProtectedObjectConnectionRef,
    nullable: true,
    ...paged(10),
    description:
      'Every protected object, copied or not. Sorted by name, equal names by `id`, unless `orderBy` says otherwise. Reads all copies within `limits.lookBackHours`, so narrow it by upstream. Leaves out and reports an upstream whose copies cannot be read whole, to raise no false alarms. An object that one cluster replicates to another is one object of the owner, with the copies that the replica makes. They are matched by the job’s uid and the name. An object that was renamed, or shares its name with another of its job, stays one of the replica too.',
    args: protectedObjectsArguments(t.arg),
    resolve: (_root, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) => listProtectedObjects(aged, args, asked)),
  }),
);
