import { copyRunOf } from '../../upstream/cohesity/find-copy-run.js';
import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import { objectOfSource } from '../../domain/protected-object.js';
import { ActivityRef } from '../activity.js';
import { builder } from '../builder.js';
import { paged } from '../cost.js';
import { connectionRef, resolveConnection } from '../connection.js';
import { CopyOperationRef } from '../copy-operation.js';
import { CopyRunRef } from './copy-run.js';
import { CopyStatsRef } from './copy-stats.js';
import { CopyRunFilterRef } from '../filter.js';
import { NodeRef } from '../node.js';
import { listArguments } from '../max-age.js';
import { ProtectedObjectRef } from '../protected-object-ref.js';
import { ProtectionSourceRef } from './protection-source.js';
import { replicaField } from '../replica.js';
import { listCopySnapshotTasks } from './run-lists.js';

export const CopySnapshotTaskRef = builder.objectRef<CopySnapshotTask>('CopySnapshotTask');

CopySnapshotTaskRef.implement({
  description: 'The copy of one source object within a Cohesity copy run. Source: Cohesity v1 CopySnapshotTaskStatus.',
  interfaces: [NodeRef, ActivityRef, CopyOperationRef],
  requiresScopes: [['copy:read']], // also if another subgraph refers to it
  fields: (t) => ({
    source: t.expose('source', {
      type: ProtectionSourceRef,
      nullable: true,
      description: 'The object that is copied. `null` if not sent.',
    }),
    stats: t.expose('stats', {
      type: CopyStatsRef,
      nullable: true,
      description: 'The figures of this task. May be `null` before data moves.',
    }),
    snapshotDeleted: t.exposeBoolean('snapshotDeleted', {
      nullable: true,
      description:
        'Whether the snapshot of this LOCAL copy is gone, as its run reports it. `null` for every other target, or if the run does not report it.',
    }),
    holdForLegalPurpose: t.exposeBoolean('holdForLegalPurpose', {
      nullable: true,
      description:
        'Whether a legal hold keeps this copy beyond its expiry: the hold of its source, or otherwise of its copy run. `null` if neither was sent.',
    }),
    isReplica: replicaField(t),
    copyRun: t.field({
      type: CopyRunRef,
      nullable: true,
      description:
        'The copy run that it is a part of. `null` if its run is gone. Costs no call if the run was read with its tasks, otherwise one call for each run.',
      resolve: (task, _args, { session }) => copyRunOf(session, task),
    }),
    protectedObject: t.field({
      type: ProtectedObjectRef,
      nullable: true,
      description: 'The object with all its copies. `null` if its id was not sent. Costs no call.',
      resolve: ({ source }) => objectOfSource(source),
    }),
  }),
});

export const CopySnapshotTaskConnectionRef = connectionRef(
  'CopySnapshotTask',
  CopySnapshotTaskRef,
  'copy snapshot tasks',
);

builder.queryField('copySnapshotTasks', (t) =>
  t.field({
    type: CopySnapshotTaskConnectionRef,
    nullable: true,
    ...paged(1),
    description:
      'Copies of single Cohesity objects. Newest `startedAt` first, equal times by `id`, unknown times last. Started in the last 24 hours unless the filter says otherwise. Costs one call for each cluster while the window is a day. Those answers are large, so filter if you can.',
    args: {
      filter: t.arg({ type: CopyRunFilterRef, description: 'The tasks to list; all of the last 24 hours if absent.' }),
      ...listArguments(t.arg),
    },
    resolve: (_root, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) => listCopySnapshotTasks(aged, args, asked)),
  }),
);
