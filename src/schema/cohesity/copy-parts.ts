import { pageOfParts } from '../../aggregate/parts.js';
import type { Connection } from '../../domain/connection.js';
import type { CopyRun } from '../../domain/copy-run.js';
import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import { type ProtectedObject, objectOfSource } from '../../domain/protected-object.js';
import type { PageArguments } from '../../domain/page.js';
import { cohesityLoaders } from '../../upstream/cohesity/loaders.js';
import type { Session } from '../../upstream/product.js';

interface PartsContext {
  readonly session: Session;
  readonly limits: { readonly maxPageSize: number };
}

/** A copy run with its tasks. If it came without them, its run is read once. */
const wholeOf = async (session: Session, copyRun: CopyRun): Promise<CopyRun | undefined> => {
  if (copyRun.tasks !== null) return copyRun;
  const run = await cohesityLoaders(session).protectionRun.load({ run: copyRun.run, part: 'tasks' });
  return run?.copyRuns.find(({ id }) => id === copyRun.id);
};

/** The object that a copy run copies. `null` if there are several, or if the only one has no id. */
export const objectOfRun = async ({ session }: PartsContext, copyRun: CopyRun): Promise<ProtectedObject | null> => {
  const tasks = (await wholeOf(session, copyRun))?.tasks ?? [];
  const objects = tasks.map(({ source }) => objectOfSource(source));
  const [first = null] = objects;
  return objects.every((object) => object !== null && object.id === first?.id) ? first : null;
};

/**
 * The tasks of a copy run, in the vendor's order. If it came without them, its run is read once. `null` if the run is
 * gone.
 */
export const copyTasksOf = async (
  { session, limits }: PartsContext,
  copyRun: CopyRun,
  args: PageArguments,
): Promise<Connection<CopySnapshotTask> | null> => {
  const { upstream } = copyRun;
  const whole = await wholeOf(session, copyRun);
  if (whole?.tasks === undefined || whole.tasks === null) return null;
  const parts = { upstream, records: whole.tasks, observedAt: whole.observedAt, unreadable: 0 };
  return pageOfParts('copySnapshotTasks', parts, args, limits.maxPageSize);
};

/** The copy runs of one run, in the vendor's order. `null` if the run is gone. */
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
