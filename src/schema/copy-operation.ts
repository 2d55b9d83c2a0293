import { type CopyOperation, progressOf } from '../domain/copy-operation.js';
import { ActivityRef } from './activity.js';
import { builder } from './builder.js';
import { CopyTargetRef } from './copy-target.js';
import { NodeRef } from './node.js';

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
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the copy expires, possibly in the past. A task’s is its run’s; a job’s is CompletionDate plus DeleteAfterDays where AWS gives both.',
    }),
  }),
});
