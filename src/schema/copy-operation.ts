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
  description: 'An activity that moves backup data to another place, whatever the vendor.',
  interfaces: [NodeRef, ActivityRef],
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'What is copied, in a person’s words: the protection job, the source object, or the AWS resource’s name (else the last part of its ARN). The id where the vendor gives no name.',
    }),
    target: t.expose('target', {
      type: CopyTargetRef,
      nullable: true,
      description: 'Where the copy goes; `null` where the vendor does not say.',
    }),
    offsite: t.exposeBoolean('offsite', {
      nullable: true,
      description:
        'Whether the copy lies elsewhere than its source: everything but LOCAL; an AWS copy if the Region of its vault is not that of the source vault. `null` where it cannot be told.',
    }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'BigInt',
      nullable: true,
      description:
        'What is to be copied, in bytes: Cohesity’s logical size, AWS BackupSizeInBytes (rounded by its SDK above 2^53). `null` where not reported, never zero for that.',
    }),
    transferredBytes: t.expose('transferredBytes', {
      type: 'BigInt',
      nullable: true,
      description:
        'What has been copied so far, in logical bytes; `null` where the vendor does not tell. AWS never does.',
    }),
    progress: t.float({
      nullable: true,
      description: '0 to 1, transferredBytes of sizeBytes; `null` unless both are known.',
      resolve: progressOf,
    }),
    durationSeconds: t.float({
      nullable: true,
      description:
        'How long it took, `endedAt` less `startedAt`; `null` until it has ended, and where either is not told.',
      resolve: durationSecondsOf,
    }),
    bytesPerSecond: t.float({
      nullable: true,
      description:
        'How fast it was: transferredBytes over durationSeconds; of a running one, so far until `observedAt`. A copy that ended well and tells no transferredBytes, as all of AWS, by its sizeBytes. `null` where not known.',
      resolve: bytesPerSecondOf,
    }),
    estimatedEndAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When a RUNNING copy will end if it goes on as fast as until `observedAt`: an estimate by its progress. `null` for any other, and while no progress is known; AWS tells none.',
      resolve: estimatedEndOf,
    }),
    protectedObject: t.field({
      type: ProtectedObjectRef,
      nullable: true,
      description:
        'What is copied, across all its copies; `null` for a `CopyRun` of several objects, and where the vendor does not say.',
      resolve: (copy, _args, { session }) => session.clients.get(copy.upstream)?.objects?.objectOf(copy),
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the copy expires, possibly in the past; `null` where the vendor does not say. A legal hold keeps a copy longer. A task’s is its run’s and costs no call; a job’s is read from its recovery points, see `CopyJob.expiresAt`.',
    }),
  }),
});

export const CopyOperationConnectionRef = connectionRef('CopyOperation', CopyOperationRef, 'copy operations');

const CopyOperationTypeRef = builder.enumType('CopyOperationType', {
  description: 'Which kinds of copies a list holds.',
  values: described(
    Object.fromEntries(
      products.flatMap(({ copyTypes }) => copyTypes.map(({ word, description }) => [word, description] as const)),
    ),
  ),
});

export const CopyOperationFilterRef = builder.inputType('CopyOperationFilter', {
  description:
    'Narrows a list of copies of all vendors; absent members do not. Members are combined with AND, the words of a list with OR. A member that a vendor has no notion of leaves that vendor’s copies out.',
  fields: (t) => ({
    types: t.field({
      type: [CopyOperationTypeRef],
      description: `Which kinds; ${standardTypes().join(' and ')} if absent.`,
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
      'Copies of every vendor in one list, newest `startedAt` first unless `orderBy` says otherwise, equal times by `id`, unknown times last. Started in the last 24 hours unless the filter says otherwise. A page is read only as far as it reaches: one call for each upstream while the window is a day, a few more for large or older ones.',
    args: {
      filter: t.arg({ type: CopyOperationFilterRef, description: 'Which copies; all of the last 24 hours if absent.' }),
      ...orderArgument(t.arg),
      ...listArguments(t.arg),
    },
    resolve: (_root, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) => listCopyOperations(aged, args, asked)),
  }),
);
