import { findCopyJob } from '../../upstream/aws-backup/find-copy-job.js';
import { awsBackupLoaders } from '../../upstream/aws-backup/loaders.js';
import { copyJobChildrenOf } from './copy-job-children.js';
import { listCopyJobs } from './copy-job-list.js';
import { readExpiry, readPoint } from '../../upstream/aws-backup/job-points.js';
import type { ChildJobsInState, CopyJob, RecoveryPointCreator, RecoveryPointLifecycle } from '../../domain/copy-job.js';
import { objectOfJob } from '../../domain/protected-object.js';
import type { PointFound, RecoveryPoint } from '../../domain/recovery-point.js';
import { ActivityRef, ActivityStateRef } from '../activity.js';
import { builder } from '../builder.js';
import { asks, calls, paged, usually } from '../cost.js';
import { connectionRef, resolveConnection } from '../connection.js';
import { CopyOperationRef } from '../copy-operation.js';
import { CopyJobFilterRef } from '../filter.js';
import { NodeRef } from '../node.js';
import { orderArgument } from '../copy-order.js';
import { agedBy, listArguments, maxAgeArgument } from '../max-age.js';
import { pageArguments } from '../page-arguments.js';
import { ProtectedObjectRef } from '../protected-object-ref.js';
import { RecoveryPointRef } from './recovery-point.js';

const text = (description: string) =>
  ({ nullable: true, description: `${description}. \`null\` if not sent.` }) as const;

const RecoveryPointCreatorRef = builder.objectRef<RecoveryPointCreator>('RecoveryPointCreator').implement({
  description:
    'The backup plan and rule that started a job. AWS has sent the plan’s name and the rule’s details since October 2025. Source: AWS Backup RecoveryPointCreator.',
  fields: (t) => ({
    backupPlanId: t.exposeString('backupPlanId', text('Id of the plan')),
    backupPlanArn: t.exposeString('backupPlanArn', text('ARN of the plan')),
    backupPlanVersion: t.exposeString('backupPlanVersion', text('Version of the plan')),
    backupPlanName: t.exposeString('backupPlanName', text('Name of the plan')),
    backupRuleId: t.exposeString('backupRuleId', text('Id of the rule')),
    backupRuleName: t.exposeString('backupRuleName', text('Name of the rule')),
    backupRuleCron: t.exposeString('backupRuleCron', text('Schedule of the rule, as a cron expression')),
    backupRuleTimezone: t.exposeString('backupRuleTimezone', text('Time zone of that schedule')),
  }),
});

const RecoveryPointLifecycleRef = builder.objectRef<RecoveryPointLifecycle>('RecoveryPointLifecycle').implement({
  description: 'When a recovery point moves to cold storage and when it is deleted. Source: AWS Backup Lifecycle.',
  fields: (t) => ({
    moveToColdStorageAfterDays: t.expose('moveToColdStorageAfterDays', {
      type: 'BigInt',
      ...text('Days until it moves to cold storage; -1 for never'),
    }),
    deleteAfterDays: t.expose('deleteAfterDays', {
      type: 'BigInt',
      ...text('Days from the creation of the source until it is deleted; -1 for the expiry of the source'),
    }),
    optInToArchiveForSupportedResources: t.exposeBoolean(
      'optInToArchiveForSupportedResources',
      text('Whether it may move to the archive tier'),
    ),
    deleteAfterEvent: t.exposeString('deleteAfterEvent', text('The event that deletes it, such as DELETE_AFTER_COPY')),
  }),
});

const ChildJobsInStateRef = builder.objectRef<ChildJobsInState>('ChildJobsInState').implement({
  description: 'The number of children of a composite job in one state.',
  fields: (t) => ({
    state: t.expose('state', { type: ActivityStateRef, description: 'The state, in words common to all vendors.' }),
    upstreamState: t.exposeString('upstreamState', { description: 'AWS’s own state, such as `COMPLETED`.' }),
    count: t.expose('count', { type: 'BigInt', description: 'The number of children.' }),
  }),
});

const unread =
  '`null` if the job names none, if the vault does not have it, or if no upstream of yours has that account and Region. Costs one call for each of up to 20 points of a vault, and lists for more. Also costs up to one list of vaults for each upstream of the Region.';

const pointOrNull = async (found: Promise<PointFound>): Promise<RecoveryPoint | null> => {
  const point = await found;
  return point === 'GONE' ? null : point;
};

export const CopyJobRef = builder.objectRef<CopyJob>('CopyJob');

CopyJobRef.implement({
  description:
    'An AWS Backup copy job: one recovery point copied into another vault. `startedAt` is its CreationDate, `endedAt` its CompletionDate, `sizeBytes` its BackupSizeInBytes. Source: AWS Backup CopyJob.',
  interfaces: [NodeRef, ActivityRef, CopyOperationRef],
  requiresScopes: [['copy:read']], // also if another subgraph refers to it
  fields: (t) => ({
    copyJobId: t.exposeString('copyJobId', { description: 'AWS’s own id, as its console shows it.' }),
    accountId: t.exposeString('accountId', text('The account that owns the job, 12 digits')),
    sourceBackupVaultArn: t.exposeString('sourceBackupVaultArn', text('ARN of the vault that is copied from')),
    sourceRecoveryPointArn: t.exposeString('sourceRecoveryPointArn', text('ARN of the recovery point that is copied')),
    destinationBackupVaultArn: t.exposeString(
      'destinationBackupVaultArn',
      text('ARN of the vault that is copied to; see `target`'),
    ),
    destinationRecoveryPointArn: t.exposeString(
      'destinationRecoveryPointArn',
      text('ARN of the recovery point that the copy made, once it exists'),
    ),
    destinationVaultType: t.exposeString(
      'destinationVaultType',
      text('The type of the destination vault, such as BACKUP_VAULT'),
    ),
    destinationVaultLockState: t.exposeString(
      'destinationVaultLockState',
      text('The lock of the destination vault: LOCKED or UNLOCKED'),
    ),
    otherAccount: t.exposeBoolean('otherAccount', {
      nullable: true,
      description:
        'Whether the destination vault belongs to another account than the source vault. Without a source vault, the job’s account counts. `null` if either account is not known.',
    }),
    destinationEncryptionKeyArn: t.exposeString(
      'destinationEncryptionKeyArn',
      text('ARN of the key that encrypts the copy'),
    ),
    destinationRecoveryPointLifecycle: t.expose('destinationRecoveryPointLifecycle', {
      type: RecoveryPointLifecycleRef,
      ...text('When the copy moves to cold storage and when it is deleted'),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      ...asks(1),
      description:
        'When the copy is deleted, possibly in the past: the expiry of `destinationRecoveryPoint`. If that cannot be read: the creation of the source recovery point plus DeleteAfterDays, or with -1 the expiry of the source. `null` for a copy that does not expire, for one that its vault no longer has, and for a FAILED job. If neither point can be read: `null`, with an error after an outage. Costs as much as `destinationRecoveryPoint`, and the same again if the source is needed.',
      resolve: (job, _args, context, info) => readExpiry(context.below(info).session, job),
    }),
    destinationRecoveryPoint: t.field({
      type: RecoveryPointRef,
      nullable: true,
      ...calls(1),
      description: `The copy itself, read through the upstream of its vault’s Region and account. ${unread}`,
      resolve: (job, _args, context, info) => pointOrNull(readPoint(context.below(info).session, job, 'destination')),
    }),
    sourceRecoveryPoint: t.field({
      type: RecoveryPointRef,
      nullable: true,
      ...calls(1),
      description: `The recovery point that is copied, read through the upstream of its vault’s Region and account. ${unread}`,
      resolve: (job, _args, context, info) => pointOrNull(readPoint(context.below(info).session, job, 'source')),
    }),
    resourceArn: t.exposeString('resourceArn', text('ARN of the resource whose backup is copied')),
    resourceName: t.exposeString('resourceName', text('The name of that resource; `name` falls back to the ARN')),
    resourceType: t.exposeString('resourceType', text('AWS’s type of that resource, such as EBS')),
    statusMessage: t.exposeString(
      'statusMessage',
      text('AWS’s message in any state; `error` has it only for failures'),
    ),
    messageCategory: t.exposeString(
      'messageCategory',
      text('AWS’s category of that message, such as AccessDenied or SUCCESS; AWS may add others'),
    ),
    iamRoleArn: t.exposeString('iamRoleArn', text('ARN of the role that the copy runs as')),
    createdBy: t.expose('createdBy', { type: RecoveryPointCreatorRef, ...text('The plan and rule that started it') }),
    createdByBackupJobId: t.exposeString(
      'createdByBackupJobId',
      text(
        'Id of the backup job that started it; only for scheduled copies, and automatic ones to an air-gapped vault',
      ),
    ),
    parentJobId: t.exposeString('parentJobId', text('AWS’s id of the composite job that it belongs to; see `parent`')),
    isParent: t.exposeBoolean('isParent', text('Whether it is a composite job')),
    compositeMemberIdentifier: t.exposeString(
      'compositeMemberIdentifier',
      text('The member of the composite job that it copies'),
    ),
    numberOfChildJobs: t.expose('numberOfChildJobs', {
      type: 'BigInt',
      ...text('The number of children of a composite job'),
    }),
    childJobsInState: t.expose('childJobsInState', {
      type: [ChildJobsInStateRef],
      ...usually(5),
      ...text('The number of children in each state'),
    }),
    parent: t.field({
      type: CopyJobRef,
      nullable: true,
      ...calls(1),
      description:
        'The composite job that it belongs to. `null` if there is none, or if AWS no longer has it. Costs one call for each distinct parent.',
      resolve: ({ upstream, parentJobId }, _args, { session }) =>
        parentJobId === null ? null : awsBackupLoaders(session).copyJob.load({ upstream, copyJobId: parentJobId }),
    }),
    children: t.field({
      type: CopyJobConnectionRef,
      nullable: true,
      ...paged(1),
      description:
        'The members of a composite job, newest first. Empty for any other job. Costs one list for each parent and each 1,000 children; none if the job says that it is no parent.',
      args: pageArguments(t.arg),
      resolve: (job, args, context) => copyJobChildrenOf(context, job, args),
    }),
    protectedObject: t.field({
      type: ProtectedObjectRef,
      nullable: true,
      description: 'The resource with all its copies. `null` if AWS does not name it. Costs no call.',
      resolve: objectOfJob,
    }),
  }),
});

const CopyJobConnectionRef = connectionRef('CopyJob', CopyJobRef, 'copy jobs');

builder.queryField('copyJob', (t) =>
  t.field({
    type: CopyJobRef,
    nullable: true,
    ...calls(1),
    description:
      'One AWS Backup copy job by AWS’s own id. `null` if no upstream that was asked has it; AWS drops old jobs. Costs one call for each upstream that is asked.',
    args: {
      copyJobId: t.arg.string({ required: true, description: 'As AWS’s console and `CopyJob.copyJobId` show it.' }),
      upstream: t.arg.string({ description: 'The upstream to ask, by `Upstream.name`; every AWS one if absent.' }),
      ...maxAgeArgument(t.arg),
    },
    resolve: (_root, { copyJobId, upstream, maxAge }, context, info) =>
      findCopyJob(agedBy(context, maxAge, info).session, copyJobId, upstream),
  }),
);

builder.queryField('copyJobs', (t) =>
  t.field({
    type: CopyJobConnectionRef,
    nullable: true,
    ...paged(1),
    description:
      'AWS Backup copy jobs. Newest `startedAt` first unless `orderBy` says otherwise; equal times by `id`, unknown times last. Created in the last 24 hours unless the filter says otherwise. Costs one call for each upstream while a day’s jobs fit a page of 1,000.',
    args: {
      filter: t.arg({ type: CopyJobFilterRef, description: 'The jobs to list; all of the last 24 hours if absent.' }),
      ...orderArgument(t.arg),
      ...listArguments(t.arg),
    },
    resolve: (_root, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) => listCopyJobs(aged, args, asked)),
  }),
);
