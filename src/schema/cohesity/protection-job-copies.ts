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

// What hangs on a job is made of types that refer to it, so it is added when all of them are known.
builder.objectField(ProtectionJobRef, 'copyRuns', (t) =>
  t.field({
    type: CopyRunConnectionRef,
    nullable: true,
    ...paged(1),
    description:
      'The copies of its runs on this cluster, as the root’s `copyRuns` lists them: with `protectionJobIds` of this one job. Costs one call while the window is a day.',
    args: copyRunsArguments(t.arg),
    resolve: (job, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) =>
        listCopyRuns(aged, { ...args, filter: narrowedTo(aged.session.clients, job, args.filter ?? {}) }, asked),
      ),
  }),
);
builder.objectField(ProtectionJobRef, 'protectionShells', (t) =>
  t.field({
    type: ProtectionShellConnectionRef,
    nullable: true,
    ...paged(1),
    description:
      'Its runs in brief, as the root’s `protectionShells` lists them: with `protectionJobIds` of this one job. Costs one call while the window is a day.',
    args: protectionShellsArguments(t.arg),
    resolve: (job, args, context, info) =>
      resolveConnection(context, info, args, (aged, asked) =>
        listProtectionShells(
          aged,
          { ...args, filter: narrowedTo(aged.session.clients, job, args.filter ?? {}) },
          asked,
        ),
      ),
  }),
);
builder.objectField(ProtectionJobRef, 'protectedObjects', (t) =>
  t.field({
    type: ProtectedObjectConnectionRef,
    nullable: true,
    ...paged(10),
    description:
      'What it protects, as the root’s `protectedObjects` lists it: the objects that a run of it has copied within `lookBackHours`, and those it names that were never copied. Of a replica’s job, the objects are those of the cluster that owns them, where that one is asked. What the copies come to counts those by other jobs too. The lists of several jobs in one query are one pass over the copies of all clusters.',
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
      'Counts, bytes and times of its copies, as the root’s `copySummary` gives them: with `protectionJobIds` of this one job. Shares the reads of `copyRuns` with the same filter.',
    args: copySummaryArguments(t.arg),
    resolve: async (job, { maxAge, ...args }, context, info) => {
      const aged = agedBelow(context, maxAge, info);
      const filter = narrowedTo(aged.session.clients, job, args.filter ?? {});
      return tellUnseen(context, info, await summarizeCopies(aged, { ...args, filter }));
    },
  }),
);
