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
  requiresScopes: [['copy:read']], // wherever another subgraph refers to it
  fields: (t) => ({
    source: t.expose('source', {
      type: ProtectionSourceRef,
      nullable: true,
      description: 'What is copied; `null` where left out.',
    }),
    stats: t.expose('stats', {
      type: CopyStatsRef,
      nullable: true,
      description: 'Numbers of this task; may be `null` before data moves.',
    }),
    snapshotDeleted: t.exposeBoolean('snapshotDeleted', {
      nullable: true,
      description:
        'Whether the snapshot of this LOCAL copy is gone, as its run says. `null` for every other target, and where the run does not say.',
    }),
    holdForLegalPurpose: t.exposeBoolean('holdForLegalPurpose', {
      nullable: true,
      description:
        'Whether a legal hold keeps this copy beyond its expiry: the hold of its source where the vendor tells it, otherwise that of its run. `null` where neither is told.',
    }),
    isReplica: replicaField(t),
    copyRun: t.field({
      type: CopyRunRef,
      nullable: true,
      description:
        'The copy run it is a part of. Costs nothing where its run has been read, else one call for each run.',
      resolve: (task, _args, { session }) => copyRunOf(session, task),
    }),
    protectedObject: t.field({
      type: ProtectedObjectRef,
      nullable: true,
      description: 'The same object across all its copies; `null` where its id was left out. Costs no call.',
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
      'Copies of single Cohesity objects, newest `startedAt` first, equal times by `id`, unknown times last. Started in the last 24 hours unless the filter says otherwise. Costs one call for each cluster while the window is a day; those answers are large, so filter where you can.',
    args: {
      filter: t.arg({ type: CopyRunFilterRef, description: 'Which tasks; all of the last 24 hours if absent.' }),
      ...listArguments(t.arg),
    },
    resolve: (_root, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) => listCopySnapshotTasks(aged, args, asked)),
  }),
);
