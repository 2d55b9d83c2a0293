import { listCopyOperations, standardTypes } from '../aggregate/copy-operations.js';
import { bytesPerSecondOf, durationSecondsOf, estimatedEndOf } from '../domain/copy-timing.js';
import { type CopyOperation, progressOf } from '../domain/copy-operation.js';
import { products } from '../upstream/products.js';
import { ActivityRef } from './activity.js';
import { builder } from './builder.js';
import { described } from './described.js';
import { paged } from './cost.js';
import { connectionRef, resolveConnection } from './connection.js';
import { CopyTargetRef } from './copy-target.js';
import { activityFilter, cohesityFilter, copyFilter, awsFilter } from './filter.js';
import { NodeRef } from './node.js';
import { orderArgument } from './copy-order.js';
import { listArguments } from './max-age.js';
import { ProtectedObjectRef } from './protected-object-ref.js';

export const CopyOperationRef = builder.interfaceRef<CopyOperation>('CopyOperation').implement({
  description:
    'One copy of backup data to one target, of any vendor. The local snapshot of a Cohesity run counts as one.',
  interfaces: [NodeRef, ActivityRef],
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'The name of the protection job, the source object or the AWS resource that is copied. Without a name: the last part of the ARN, or the id.',
    }),
    target: t.expose('target', {
      type: CopyTargetRef,
      nullable: true,
      description: 'The place that the copy goes to. `null` if the vendor does not report it.',
    }),
    offsite: t.exposeBoolean('offsite', {
      nullable: true,
      description:
        'Whether the copy lies elsewhere than its source. Of Cohesity: every target but LOCAL. Of AWS: a vault in another Region than the source vault. `null` if not known.',
    }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'BigInt',
      nullable: true,
      description:
        'The bytes to copy: Cohesity’s logical size, or AWS BackupSizeInBytes, which AWS’s SDK rounds above 2^53. `null` if not reported, never zero instead.',
    }),
    transferredBytes: t.expose('transferredBytes', {
      type: 'BigInt',
      nullable: true,
      description:
        'The logical bytes that are copied so far. `null` if the vendor does not report them; AWS never does.',
    }),
    progress: t.float({
      nullable: true,
      description:
        'The share that is copied, from 0 to 1: `transferredBytes` divided by `sizeBytes`. `null` unless both are known and the size is above 0.',
      resolve: progressOf,
    }),
    durationSeconds: t.float({
      nullable: true,
      description:
        'The seconds from `startedAt` to `endedAt`. `null` until it has ended, if either time is missing, or if the end is before the start.',
      resolve: durationSecondsOf,
    }),
    bytesPerSecond: t.float({
      nullable: true,
      description:
        'The bytes per second: `transferredBytes` divided by the duration, or by the time until `observedAt` while it runs. A copy that ended well without `transferredBytes`, as on AWS, counts its `sizeBytes`. `null` if not known.',
      resolve: bytesPerSecondOf,
    }),
    estimatedEndAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'An estimate of when a RUNNING copy will end, if it continues at its speed so far. `null` for other states and while `progress` is unknown or 0. Always `null` for AWS, which reports no progress.',
      resolve: estimatedEndOf,
    }),
    protectedObject: t.field({
      type: ProtectedObjectRef,
      nullable: true,
      description:
        'The object that is copied, with all its copies. `null` for a `CopyRun` of several objects, or if the vendor does not report the object.',
      resolve: (copy, _args, { session }) => session.clients.get(copy.upstream)?.objects?.objectOf(copy),
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the copy expires, possibly in the past. `null` if it does not expire, or if the vendor does not report it. A legal hold keeps a copy longer. A Cohesity copy costs no call; for an AWS job see `CopyJob.expiresAt`.',
    }),
  }),
});

export const CopyOperationConnectionRef = connectionRef('CopyOperation', CopyOperationRef, 'copy operations');

const CopyOperationTypeRef = builder.enumType('CopyOperationType', {
  description: 'The kinds of copies that a list can hold.',
  values: described(
    Object.fromEntries(
      products.flatMap(({ copyTypes }) => copyTypes.map(({ word, description }) => [word, description] as const)),
    ),
  ),
});

export const CopyOperationFilterRef = builder.inputType('CopyOperationFilter', {
  description:
    'Narrows a list of copies of all vendors. An absent member does not narrow it. Members combine with AND, the values of a list with OR. A member that a vendor does not know leaves out that vendor’s copies, unless the member says otherwise.',
  fields: (t) => ({
    types: t.field({
      type: [CopyOperationTypeRef],
      description: `The kinds of copies; ${standardTypes().join(' and ')} if absent.`,
    }),
    ...activityFilter(t),
    ...copyFilter(t),
    ...cohesityFilter(t),
    ...awsFilter(t),
  }),
});

builder.queryField('copyOperations', (t) =>
  t.field({
    type: CopyOperationConnectionRef,
    nullable: true,
    ...paged(2),
    description:
      'Copies of every vendor in one list. Newest `startedAt` first unless `orderBy` says otherwise; equal times by `id`, unknown times last. Started in the last 24 hours unless the filter says otherwise. Reads only as far as the page needs. That is one call for each upstream while the window is a day, and a few more for larger or older windows.',
    args: {
      filter: t.arg({
        type: CopyOperationFilterRef,
        description: 'The copies to list; all of the last 24 hours if absent.',
      }),
      ...orderArgument(t.arg),
      ...listArguments(t.arg),
    },
    resolve: (_root, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) => listCopyOperations(aged, args, asked)),
  }),
);
