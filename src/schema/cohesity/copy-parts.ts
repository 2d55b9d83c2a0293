import { pageOfParts } from '../../aggregate/parts.js';
import type { Connection } from '../../domain/connection.js';
import type { CopyRun } from '../../domain/copy-run.js';
import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import type { PageArguments } from '../../domain/page.js';
import { cohesityLoaders } from '../../upstream/cohesity/loaders.js';
import type { Session } from '../../upstream/product.js';

interface PartsContext {
  readonly session: Session;
  readonly limits: { readonly maxPageSize: number };
}

/**
 * The tasks of a copy run, in the vendor's order: those it came with, else its run is read once. `null` where the run
 * is gone by now.
 */
export const copyTasksOf = async (
  { session, limits }: PartsContext,
  copyRun: CopyRun,
  args: PageArguments,
): Promise<Connection<CopySnapshotTask> | null> => {
  const { upstream, id, run } = copyRun;
  const whole =
    copyRun.tasks === null
      ? (await cohesityLoaders(session).protectionRun.load({ run, part: 'tasks' }))?.copyRuns.find(
          (one) => one.id === id,
        )
      : copyRun;
  if (whole === undefined || whole.tasks === null) return null;
  const parts = { upstream, records: whole.tasks, observedAt: whole.observedAt, unreadable: 0 };
  return pageOfParts('copySnapshotTasks', parts, args, limits.maxPageSize);
};

/** The copy runs of one run, in the vendor's order; `null` where the run is gone by now. */
export const copyRunsOf = async (
  { session, limits }: PartsContext,
  { upstream, run }: Pick<CopyRun, 'upstream' | 'run'>,
  args: PageArguments,
): Promise<Connection<CopyRun> | null> => {
  const whole = await cohesityLoaders(session).protectionRun.load({ run, part: 'copies' });
  if (whole === null) return null;
  const parts = { upstream, records: whole.copyRuns, observedAt: whole.shell.observedAt, unreadable: whole.unreadable };
  return pageOfParts('copyRuns', parts, args, limits.maxPageSize);
};
