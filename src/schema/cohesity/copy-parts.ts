import { pageOfParts } from '../../aggregate/parts.js';
import type { Connection } from '../../domain/connection.js';
import type { CopyRun } from '../../domain/copy-run.js';
import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import { type ProtectedObject, objectOfSource } from '../../domain/protected-object.js';
import type { PageArguments } from '../../domain/page.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import { cohesityLoaders } from '../../upstream/cohesity/loaders.js';
import type { Session } from '../../upstream/product.js';

interface PartsContext {
  readonly session: Session;
  readonly limits: { readonly maxPageSize: number };
}

/** A copy run with its tasks, which its run is read for. */
const readWhole = async (session: Session, copyRun: CopyRun): Promise<CopyRun | undefined> => {
  const run = await cohesityLoaders(session).protectionRun.load({ run: copyRun.run, part: 'tasks' });
  return run?.copyRuns.find(({ id }) => id === copyRun.id);
};

/** The object that a copy run copies. `null` if there are several, or if the only one has no id. */
export const objectOfRun = async ({ session }: PartsContext, copyRun: CopyRun): Promise<ProtectedObject | null> => {
  const whole = copyRun.tasks === null ? await readWhole(session, copyRun) : copyRun;
  const tasks = whole?.tasks ?? [];
  const objects = tasks.map(({ source }) => objectOfSource(source));
  const [first = null] = objects;
  return objects.every((object) => object !== null && object.id === first?.id) ? first : null;
};

/**
 * The tasks of a copy run, in the vendor's order. If it came without them, its run is read once. `null` if the run is
 * gone.
 */
export const copyTasksOf = (
  { session, limits }: PartsContext,
  copyRun: CopyRun,
  args: PageArguments,
): Promise<Connection<CopySnapshotTask> | null> | Connection<CopySnapshotTask> | null => {
  const pageOf = (whole: CopyRun | undefined): Connection<CopySnapshotTask> | null => {
    if (whole?.tasks === undefined || whole.tasks === null) return null;
    const parts = { upstream: copyRun.upstream, records: whole.tasks, observedAt: whole.observedAt, unreadable: 0 };
    return pageOfParts('copySnapshotTasks', parts, args, limits.maxPageSize);
  };
  return copyRun.tasks === null ? readWhole(session, copyRun).then(pageOf) : pageOf(copyRun);
};

/** The copy runs of one run, in the vendor's order. `null` if the run is gone. */
export const copyRunsOf = (
  { session, limits }: PartsContext,
  { upstream, run }: Pick<CopyRun, 'upstream' | 'run'>,
  args: PageArguments,
): Promise<Connection<CopyRun> | null> | Connection<CopyRun> | null => {
  const pageOf = (whole: ProtectionRun | null): Connection<CopyRun> | null => {
    if (whole === null) return null;
    const { copyRuns: records, shell, unreadable } = whole;
    return pageOfParts(
      'copyRuns',
      { upstream, records, observedAt: shell.observedAt, unreadable },
      args,
      limits.maxPageSize,
    );
  };
  const { protectionRun } = cohesityLoaders(session);
  const key = { run, part: 'copies' } as const;
  const atHand = protectionRun.atHand(key);
  return atHand === null ? protectionRun.load(key).then(pageOf) : pageOf(atHand);
};
