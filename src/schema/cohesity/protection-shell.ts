import type { ArgBuilder } from '@pothos/core';
import { cohesityLoaders } from '../../upstream/cohesity/loaders.js';
import { copyRunsOf } from './copy-parts.js';
import { type RunType, type ProtectionShell } from '../../domain/protection-run.js';
import { ActivityRef } from '../activity.js';
import { type SchemaTypes, builder } from '../builder.js';
import { described } from '../described.js';
import { paged } from '../cost.js';
import { connectionRef, resolveConnection } from '../connection.js';
import { CopyRunConnectionRef } from './copy-run.js';
import { ShellFilterRef } from '../filter.js';
import { NodeRef } from '../node.js';
import { listArguments } from '../max-age.js';
import { pageArguments } from '../page-arguments.js';
import { ProtectionJobRef } from './protection-job.js';
import { replicaField } from '../replica.js';
import { listProtectionShells } from './run-lists.js';

const RunTypeRef = builder.enumType('RunType', {
  description: 'The kind of backup that a run makes. Source: Cohesity v1 ProtectionShellInfo.runType.',
  values: described<RunType>({
    REGULAR: 'An incremental backup. kRegular.',
    FULL: 'A full backup. kFull.',
    LOG: 'A backup of database logs. kLog.',
    SYSTEM: 'A backup for a bare-metal restore. kSystem.',
    HYDRATE_CDP: 'Fills up continuous data protection. kHydrateCDP.',
    STORAGE_ARRAY_SNAPSHOT: 'A snapshot by the storage array. kStorageArraySnapshot.',
    UNKNOWN: 'A value that this version does not know.',
  }),
});

export const ProtectionShellRef = builder.objectRef<ProtectionShell>('ProtectionShell');

ProtectionShellRef.implement({
  description:
    'One run of a Cohesity protection job in brief: the backup, without its tasks. Source: Cohesity v1 ProtectionShellInfo.',
  interfaces: [NodeRef, ActivityRef],
  requiresScopes: [['copy:read']], // also if another subgraph refers to it
  fields: (t) => ({
    jobRunId: t.expose('jobRunId', {
      type: 'BigInt',
      nullable: true,
      description: 'The vendor’s number of the run within its job. `null` if not sent.',
    }),
    runType: t.expose('runType', {
      type: RunTypeRef,
      nullable: true,
      description: 'The kind of backup. `null` if not sent.',
    }),
    isReplica: replicaField(t),
    protectionJob: t.field({
      type: ProtectionJobRef,
      nullable: true,
      description: 'The job that ran. `null` if it is gone. Costs one call for all jobs of a cluster together.',
      resolve: ({ upstream, jobId }, _args, { session }) =>
        cohesityLoaders(session).protectionJob.load({ upstream, id: jobId.toString() }),
    }),
    copyRuns: t.field({
      type: CopyRunConnectionRef,
      nullable: true,
      ...paged(1),
      description:
        'The copies of this run, in the vendor’s order, LOCAL included. `null` if the run is gone. Costs at most one call for each run.',
      args: pageArguments(t.arg),
      resolve: (shell, args, context) => copyRunsOf(context, shell, args),
    }),
  }),
});

export const ProtectionShellConnectionRef = connectionRef('ProtectionShell', ProtectionShellRef, 'runs in brief');

/** The arguments of a list of runs. */
export const protectionShellsArguments = (arg: ArgBuilder<SchemaTypes>) => ({
  filter: arg({ type: ShellFilterRef, description: 'The runs to list; all of the last 24 hours if absent.' }),
  ...listArguments(arg),
});

builder.queryField('protectionShells', (t) =>
  t.field({
    type: ProtectionShellConnectionRef,
    nullable: true,
    ...paged(1),
    description:
      'Cohesity runs in brief. Newest `startedAt` first, equal times by `id`. Started in the last 24 hours unless the filter says otherwise. Costs one call for each cluster while the window is a day. That call is small (onlyReturnShellInfo) unless the query selects `copyRuns`, which needs the whole runs.',
    args: protectionShellsArguments(t.arg),
    resolve: (_root, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) => listProtectionShells(aged, args, asked)),
  }),
);
