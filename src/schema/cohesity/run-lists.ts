import { type Asked, type ListArguments, type ListContext, list } from '../../aggregate/lists.js';
import type { Connection } from '../../domain/connection.js';
import { isOfJob, matchesActivity, matchesCopy } from '../../domain/copy-filter.js';
import type { CopyRun } from '../../domain/copy-run.js';
import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import type { ProtectionShell } from '../../domain/protection-run.js';
import { detailFor, runSources } from '../../upstream/cohesity/copies.js';
import { runViews } from '../../upstream/cohesity/run-source.js';

/** `copyRuns`: one `protectionRuns` call for each cluster while the window is a day, see `protectionRunSource`. */
export const listCopyRuns = (context: ListContext, args: ListArguments, asked: Asked): Promise<Connection<CopyRun>> => {
  const filter = args.filter ?? {};
  const detail = detailFor(filter, asked.tasks);
  const sources = runSources(context.session, { filter, detail, view: runViews.copies });
  return list('copyRuns', context, args, asked, sources, matchesCopy);
};

/** `copySnapshotTasks`: the same calls, with the tasks in them. */
export const listCopySnapshotTasks = (
  context: ListContext,
  args: ListArguments,
  asked: Asked,
): Promise<Connection<CopySnapshotTask>> =>
  list(
    'copySnapshotTasks',
    context,
    args,
    asked,
    runSources(context.session, { filter: args.filter ?? {}, detail: 'tasks', view: runViews.tasks }),
    matchesCopy,
  );

/** `protectionShells`: the same calls with `onlyReturnShellInfo`, so that neither tasks nor copies are sent. */
export const listProtectionShells = (
  context: ListContext,
  args: ListArguments,
  asked: Asked,
): Promise<Connection<ProtectionShell>> =>
  list(
    'protectionShells',
    context,
    args,
    asked,
    runSources(context.session, { filter: args.filter ?? {}, detail: 'shell', view: runViews.shells }),
    (filter, shell) => matchesActivity(filter, shell) && isOfJob(filter, shell),
  );
