import type { Connection } from '../domain/connection.js';
import type { CopyJob } from '../domain/copy-job.js';
import type { CopyRun } from '../domain/copy-run.js';
import type { CopySnapshotTask } from '../domain/copy-snapshot-task.js';
import { type Order, asListed, newestFirst } from '../domain/order.js';
import { type PageArguments, pageOf, toPageRequest } from '../domain/page.js';
import type { Read } from '../calling/call.js';
import type { Loaders } from './loaders.js';
import { reportOf } from './report.js';

interface PartsContext {
  readonly loaders: Loaders;
  readonly limits: { readonly maxPageSize: number };
}

interface Whole<T> extends Read<T> {
  readonly upstream: string;
}

/** A page of records that hang on another one and are at hand whole. */
const page = <T>(
  list: string,
  order: Order<T>,
  { upstream, records, observedAt, unreadable, failure }: Whole<T>,
  args: PageArguments,
  maxPageSize: number,
): Connection<T> => ({
  ...pageOf(records, order, toPageRequest(args, list, order, maxPageSize)),
  list,
  order,
  windowFrom: null,
  totalCount: records.length,
  upstreamReports: [reportOf({ upstream, observedAt, unreadable, error: null, stale: failure ?? null })],
});

/**
 * The tasks of a copy run, in the vendor's order: those it came with, else its run is read once. `null` where the run
 * is gone by now.
 */
export const copyTasksOf = async (
  { loaders, limits }: PartsContext,
  copyRun: CopyRun,
  args: PageArguments,
): Promise<Connection<CopySnapshotTask> | null> => {
  const { upstream, id, run } = copyRun;
  const whole =
    copyRun.tasks === null
      ? (await loaders.protectionRun.load({ run, whole: true }))?.copyRuns.find((one) => one.id === id)
      : copyRun;
  if (whole === undefined || whole.tasks === null) return null;
  const parts = { upstream, records: whole.tasks, observedAt: whole.observedAt, unreadable: 0 };
  return page('copySnapshotTasks', asListed(whole.tasks), parts, args, limits.maxPageSize);
};

/** The copy runs of one run, in the vendor's order; `null` where the run is gone by now. */
export const copyRunsOf = async (
  { loaders, limits }: PartsContext,
  { upstream, run }: Pick<CopyRun, 'upstream' | 'run'>,
  args: PageArguments,
): Promise<Connection<CopyRun> | null> => {
  const whole = await loaders.protectionRun.load({ run, whole: true });
  if (whole === null) return null;
  const parts = { upstream, records: whole.copyRuns, observedAt: whole.shell.observedAt, unreadable: whole.unreadable };
  return page('copyRuns', asListed(whole.copyRuns), parts, args, limits.maxPageSize);
};

/** The children of a composite job, newest first; one list for each parent. */
export const copyJobChildrenOf = async (
  { loaders, limits }: PartsContext,
  { upstream, copyJobId, isParent, observedAt }: CopyJob,
  args: PageArguments,
): Promise<Connection<CopyJob>> => {
  const none = { records: [], observedAt, unreadable: 0 };
  const read = isParent === false ? none : await loaders.copyJobChildren.load({ upstream, copyJobId });
  return page<CopyJob>('children', newestFirst, { upstream, ...read }, args, limits.maxPageSize);
};
