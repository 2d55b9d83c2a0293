import type { ArgBuilder } from '@pothos/core';
import { parseKnownId } from '../../aggregate/known-id.js';
import type { CopyRun, LegalHolding } from '../../domain/copy-run.js';
import type { DataLockConstraints, WormRetentionType } from '../../domain/data-lock.js';
import { ActivityRef } from '../activity.js';
import { type SchemaTypes, builder } from '../builder.js';
import { described } from '../described.js';
import { calls, paged, usually } from '../cost.js';
import { connectionRef, resolveConnection } from '../connection.js';
import { CopyOperationRef } from '../copy-operation.js';
import { CopySnapshotTaskConnectionRef } from './copy-snapshot-task.js';
import { CopyStatsRef } from './copy-stats.js';
import { CopyRunFilterRef } from '../filter.js';
import { copyTasksOf, objectOfRun } from './copy-parts.js';
import { loadCopyRun } from '../../upstream/cohesity/find-copy-run.js';
import { cohesityLoaders } from '../../upstream/cohesity/loaders.js';
import { NodeRef } from '../node.js';
import { orderArgument } from '../copy-order.js';
import { agedBy, listArguments, maxAgeArgument } from '../max-age.js';
import { ofRecord } from '../of-record.js';
import { pageArguments } from '../page-arguments.js';
import { ProtectedObjectRef } from '../protected-object-ref.js';
import { ProtectionJobRef } from './protection-job.js';
import { ProtectionShellRef } from './protection-shell.js';
import { ProtectionSourceRef } from './protection-source.js';
import { replicaField } from '../replica.js';
import { targetDetailFields } from './target-details.js';
import { UniversalIdRef } from './universal-id.js';
import { listCopyRuns } from './run-lists.js';

const WormRetentionTypeRef = builder.enumType('WormRetentionType', {
  description: 'Kind of data lock. Source: Cohesity v1 DataLockConstraints.wormRetentionType.',
  values: described<WormRetentionType>({
    NONE: 'Not locked. kNone.',
    COMPLIANCE: 'Nobody can remove it before its time. kCompliance.',
    ADMINISTRATIVE: 'Only a data security officer can remove it before its time. kAdministrative.',
    UNKNOWN: 'A value that this version does not know.',
  }),
});

const DataLockConstraintsRef = builder.objectRef<DataLockConstraints>('DataLockConstraints').implement({
  description: 'The data lock on a copy. Source: Cohesity v1 DataLockConstraints.',
  fields: (t) => ({
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the lock ends, possibly in the past. `null` if not sent.',
    }),
    wormRetentionType: t.expose('wormRetentionType', {
      type: WormRetentionTypeRef,
      nullable: true,
      description: 'The kind of lock: it decides who can remove it. `null` if not sent.',
    }),
  }),
});

const LegalHoldingRef = builder.objectRef<LegalHolding>('LegalHolding').implement({
  description: 'Whether one source of a copy is on legal hold. Source: Cohesity v1 LegalHoldings.',
  fields: (t) => ({
    protectionSourceId: t.expose('protectionSourceId', {
      type: 'BigInt',
      nullable: true,
      description: 'Entity id of the source. `null` if not sent.',
    }),
    protectionSource: t.field({
      type: ProtectionSourceRef,
      nullable: true,
      description:
        'The source. `null` if the cluster no longer knows it. Costs one call for each 200 sources of a cluster.',
      resolve: ({ upstream, protectionSourceId }, _args, { session }) =>
        protectionSourceId === null
          ? null
          : cohesityLoaders(session).protectionSource.load({ upstream, id: protectionSourceId.toString() }),
    }),
    holdForLegalPurpose: t.exposeBoolean('holdForLegalPurpose', {
      nullable: true,
      description: 'Whether the source is on legal hold. `null` if not sent.',
    }),
  }),
});

export const CopyRunRef = builder.objectRef<CopyRun>('CopyRun');

CopyRunRef.implement({
  description:
    'The copy of the snapshots of one Cohesity backup run to one target. Each run has one for each target, LOCAL included. Source: Cohesity v1 CopyRun.',
  interfaces: [NodeRef, ActivityRef, CopyOperationRef],
  requiresScopes: [['copy:read']], // also if another subgraph refers to it
  fields: (t) => ({
    taskUid: t.expose('taskUid', {
      type: UniversalIdRef,
      nullable: true,
      description: 'Id of the copy task. `null` unless all its parts were sent.',
    }),
    snapshotDeleted: t.exposeBoolean('snapshotDeleted', {
      nullable: true,
      description:
        'Whether the snapshots of this LOCAL copy are gone: they were deleted, and the run stays. `null` for every other target, or if the run does not report it.',
    }),
    dataLockConstraints: t.expose('dataLockConstraints', {
      type: DataLockConstraintsRef,
      nullable: true,
      description: 'The data lock on the copy. `null` if none was sent.',
    }),
    holdForLegalPurpose: t.exposeBoolean('holdForLegalPurpose', {
      nullable: true,
      description:
        'Whether the copy as a whole is on legal hold, which keeps it beyond its expiry. Single sources may be on hold while this is `false`. `null` if not sent.',
    }),
    legalHoldings: t.expose('legalHoldings', {
      type: [LegalHoldingRef],
      ...usually(2),
      description: 'The hold of each source. Empty if none was sent.',
    }),
    userActionMessage: t.exposeString('userActionMessage', {
      nullable: true,
      description: 'A request to a person, mainly to load tape media. `null` if there is none.',
    }),
    stats: t.expose('stats', {
      type: CopyStatsRef,
      nullable: true,
      description: 'The sums over the tasks. May be `null` before data moves.',
    }),
    copySnapshotTasks: t.field({
      type: CopySnapshotTaskConnectionRef,
      ...paged(0), // most come with their run
      ...ofRecord,
      nullable: true,
      description:
        'The copy of each source object, in the vendor’s order. `null` if the run is gone. Costs no call if the run was read with its tasks, otherwise one call for each run.',
      args: pageArguments(t.arg),
      resolve: (copyRun, args, context) => copyTasksOf(context, copyRun, args),
    }),
    ...targetDetailFields(t),
    protectedObject: t.field({
      type: ProtectedObjectRef,
      nullable: true,
      description:
        'The object that is copied, with all its copies. `null` if the run has several objects, if the only one has no id, or if the run is gone. Costs no call if the run was read with its tasks, otherwise one call for each run.',
      resolve: (copyRun, _args, context) => objectOfRun(context, copyRun),
    }),
    isReplica: replicaField(t),
    protectionJob: t.field({
      type: ProtectionJobRef,
      nullable: true,
      description:
        'The job whose run this copies. `null` if the job is gone. Costs one call for all jobs of a cluster together.',
      resolve: ({ upstream, jobId }, _args, { session }) =>
        cohesityLoaders(session).protectionJob.load({ upstream, id: jobId.toString() }),
    }),
    protectionShell: t.field({
      type: ProtectionShellRef,
      nullable: true,
      description: 'The run that is copied, in brief. `null` if it is gone. Costs at most one call for each run.',
      resolve: async ({ run }, _args, { session }) =>
        (await cohesityLoaders(session).protectionRun.load({ run, part: 'shell' }))?.shell,
    }),
  }),
});

export const CopyRunConnectionRef = connectionRef('CopyRun', CopyRunRef, 'copy runs');

/** The arguments of a list of copy runs. */
export const copyRunsArguments = (arg: ArgBuilder<SchemaTypes>) => ({
  filter: arg({ type: CopyRunFilterRef, description: 'The copies to list; all of the last 24 hours if absent.' }),
  ...orderArgument(arg),
  ...listArguments(arg),
});

builder.queryField('copyRun', (t) =>
  t.field({
    type: CopyRunRef,
    nullable: true,
    ...calls(1),
    description:
      'One copy run by its id, with its tasks. `null` if the cluster no longer has it. Costs one call; up to four for a run without a start.',
    args: { id: t.arg.id({ required: true, description: 'As `CopyRun.id` showed it.' }), ...maxAgeArgument(t.arg) },
    resolve: (_root, { id, maxAge }, context, info) =>
      loadCopyRun(agedBy(context, maxAge, info).session, parseKnownId(context.session.clients, 'id', id, 'CopyRun')),
  }),
);

builder.queryField('copyRuns', (t) =>
  t.field({
    type: CopyRunConnectionRef,
    nullable: true,
    ...paged(1),
    description:
      'Cohesity copies. Newest `startedAt` first unless `orderBy` says otherwise; equal times by `id`, unknown times last. Started in the last 24 hours unless the filter says otherwise. A copy is found if its run started up to 24 hours before the window. Costs one call for each cluster while the window is a day.',
    args: copyRunsArguments(t.arg),
    resolve: (_root, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) => listCopyRuns(aged, args, asked)),
  }),
);
