import { notAllowed, unknown } from './refusal.js';
import type { Copy, Run } from './run.js';
import { isFinished } from './timeline.js';
import { copyKey, objectKey, runKey, type World } from './world.js';

const isGoingOn = (copy: Copy, now: number): boolean => copy.timeline.queued <= now && !isFinished(copy.timeline, now);

const mark = ({ overlay, now }: World, key: string): void => {
  const at = overlay.cancels.get(key);
  // A cancel of an earlier attempt does not apply to a later one.
  if (at === undefined || at < (overlay.resyncs.get(key) ?? -Infinity)) overlay.cancels.set(key, now);
};

/** Asks one copy to stop. The local snapshot is not a copy: it stops with its run. */
export const cancelCopy = (world: World, copy: Copy): void => {
  if (copy.plan.target.type === 'kLocal') throw notAllowed(`Task ${copy.taskId} is not a replication or archival task`);
  if (!isGoingOn(copy, world.now)) throw notAllowed(`Copy task ${copy.taskId} is not active`);
  mark(world, copyKey(copy.taskId));
};

/** Asks only the backup of a run to stop; its copies end with it, other runs continue. */
export const cancelBackup = (world: World, run: Run): void => mark(world, runKey(run.jobRunId));

/** Asks a run to stop: its backup and every unfinished copy. */
export const cancelRun = (world: World, run: Run): void => {
  const copies = run.copies.filter((copy) => copy.plan.target.type !== 'kLocal' && isGoingOn(copy, world.now));
  const backingUp = !isFinished(run.backup, world.now);
  if (!backingUp && copies.length === 0) throw notAllowed(`Run ${run.jobRunId} of job ${run.job.id} is not active`);
  if (backingUp) cancelBackup(world, run);
  for (const { taskId } of copies) mark(world, copyKey(taskId));
};

/** Asks for some objects of a run to stop; finished ones stay as they are. */
export const cancelObjects = (world: World, run: Run, sourceIds: readonly number[]): void => {
  for (const id of sourceIds) {
    if (!run.sources.some((source) => source.id === id)) throw unknown(`Object ${id} in run ${run.jobRunId}`);
    mark(world, objectKey(run.jobRunId, id));
  }
};
