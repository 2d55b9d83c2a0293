import { summarizeCopies } from '../../aggregate/copy-summary.js';
import { narrowedTo } from '../../aggregate/job-filter.js';
import { listProtectedObjects } from '../../aggregate/protected-objects.js';
import { builder } from '../builder.js';
import { resolveConnection, tellUnseen } from '../connection.js';
import { CopySummaryRef, copySummaryArguments } from '../copy-summary.js';
import { calls, paged, sizedBy } from '../cost.js';
import { agedBelow } from '../max-age.js';
import { ProtectedObjectConnectionRef, protectedObjectsArguments } from '../protected-object.js';
import { CopyRunConnectionRef, copyRunsArguments } from './copy-run.js';
import { ProtectionJobRef } from './protection-job.js';
import { ProtectionShellConnectionRef, protectionShellsArguments } from './protection-shell.js';
import { listCopyRuns, listProtectionShells } from './run-lists.js';

// These fields have types that refer to the job, so they are added once all of the types are defined.
builder.objectField(ProtectionJobRef, 'copyRuns', (t) =>
  t.field({
    type: CopyRunConnectionRef,
    nullable: true,
    ...paged(1),
    description:
      'The copies of its runs on this cluster. The same as the root’s `copyRuns` with the `protectionJobIds` of this job. Costs one call while the window is a day.',
    args: copyRunsArguments(t.arg),
    resolve: (job, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) =>
        listCopyRuns(aged, narrowedTo(aged.session.clients, job, args), asked),
      ),
  }),
);

builder.objectField(ProtectionJobRef, 'protectionShells', (t) =>
  t.field({
    type: ProtectionShellConnectionRef,
    nullable: true,
    ...paged(1),
    description:
      'Its runs in brief. The same as the root’s `protectionShells` with the `protectionJobIds` of this job. Costs one call while the window is a day.',
    args: protectionShellsArguments(t.arg),
    resolve: (job, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) =>
        listProtectionShells(aged, narrowedTo(aged.session.clients, job, args), asked),
      ),
  }),
);

builder.objectField(ProtectionJobRef, 'protectedObjects', (t) =>
  t.field({
    type: ProtectedObjectConnectionRef,
    nullable: true,
    ...paged(10),
    description:
      'The objects that it protects, as `protectedObjects` of the root: those that its runs copied within `lookBackHours`, and those that it names but never copied. A replica’s job has the objects of the cluster that owns them, if that cluster is asked. Their copies by other jobs count too. The lists of several jobs in one query are one pass over the copies of all clusters.',
    args: protectedObjectsArguments(t.arg),
    resolve: (job, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) => listProtectedObjects(aged, args, asked, job)),
  }),
);

builder.objectField(ProtectionJobRef, 'copySummary', (t) =>
  t.field({
    type: CopySummaryRef,
    nullable: true,
    ...calls(1),
    ...sizedBy('groups', 100),
    description:
      'Counts, bytes and times of its copies. The same as the root’s `copySummary` with the `protectionJobIds` of this job. Shares its reads with `copyRuns` of the same filter.',
    args: copySummaryArguments(t.arg),
    resolve: async (job, { maxAge, ...args }, context, info) => {
      const aged = agedBelow(context, maxAge, info);
      const narrowed = narrowedTo(aged.session.clients, job, args);
      return tellUnseen(context, info, await summarizeCopies(aged, narrowed));
    },
  }),
);
