import {
  type Asked,
  type CopyListArguments,
  type ListArguments,
  type ListContext,
  list,
} from '../../aggregate/lists.js';
import type { Connection } from '../../domain/connection.js';
import { isOfJob, matchesActivity, matchesCopy } from '../../domain/copy-filter.js';
import { copyOrderOf } from '../../domain/copy-order.js';
import type { CopyRun } from '../../domain/copy-run.js';
import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import type { ProtectionShell } from '../../domain/protection-run.js';
import { detailFor, runSources } from '../../upstream/cohesity/copies.js';
import type { RunDetail } from '../../upstream/cohesity/run-index.js';
import { runViews } from '../../upstream/cohesity/run-source.js';

/** Lists `copyRuns`: one `protectionRuns` call for each cluster while the window is a day, see `protectionRunSource`. */
export const listCopyRuns = (
  context: ListContext,
  args: CopyListArguments,
  asked: Asked,
): Promise<Connection<CopyRun>> => {
  const filter = args.filter ?? {};
  const detail = detailFor(filter, asked.tasks);
  const sources = runSources(context.session, { filter, detail, view: runViews.copies });
  const ordered = { order: copyOrderOf(args.orderBy), ...args };
  return list<CopyRun>('copyRuns', context, ordered, asked, sources, matchesCopy);
};

/** Lists `copySnapshotTasks`: the same calls, with the tasks in them. */
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

/** The detail that a list of shells needs. With copies below it reads whole runs, so that no run is read by itself. */
const shellDetail = ({ copies, tasks }: Asked): RunDetail => (copies !== true ? 'shell' : tasks ? 'tasks' : 'copies');

/** Lists `protectionShells`: the same calls with `onlyReturnShellInfo`, unless something below needs the copies. */
export const listProtectionShells = (
  context: ListContext,
  args: ListArguments,
  asked: Asked,
): Promise<Connection<ProtectionShell>> => {
  const shown = { filter: args.filter ?? {}, detail: shellDetail(asked), view: runViews.shells };
  return list(
    'protectionShells',
    context,
    args,
    asked,
    runSources(context.session, shown),
    (filter, shell) => matchesActivity(filter, shell) && isOfJob(filter, shell),
  );
};
