import { fraction } from '../random.js';
import { universalId } from './identity.js';
import { integer, type Wire } from './json.js';
import type { Copy, Run } from './run.js';
import { sum, tasksOf, type Task } from './task.js';
import { targetWire } from './target.js';
import { day, hour, second } from './time.js';
import { isFinished, statusAt } from './timeline.js';
import type { World } from './world.js';

/** The bytes that replication sends, without those the other side already has. */
const physical = (bytes: bigint, copy: Copy): bigint =>
  (bytes * BigInt(200 + Math.floor(300 * fraction(copy.taskId)))) / 1000n;

/** The figures of a copy, or of one object in it; the last members depend on the kind of target. */
const statsOf = (
  copy: Copy,
  run: Run,
  from: number,
  until: number | undefined,
  now: number,
  size: bigint,
  done: bigint,
): Wire => {
  const { type } = copy.plan.target;
  const seconds = BigInt(Math.max(1, Math.floor(((until ?? now) - from) / second)));
  return {
    startTimeUsecs: from,
    ...(until === undefined ? {} : { endTimeUsecs: until }),
    ...(type === 'kArchival' ? { isIncremental: run.runType !== 'kFull' } : {}),
    logicalSizeBytes: integer(size),
    logicalBytesTransferred: integer(done),
    ...(type === 'kArchival' ? { logicalTransferRateBps: integer(done / seconds) } : {}),
    ...(type === 'kRemote' ? { physicalBytesTransferred: integer(physical(done, copy)) } : {}),
  };
};

const taskWire = (world: World, copy: Copy, run: Run, task: Task): Wire => ({
  source: task.source.wire,
  status: task.status,
  ...(task.startedAt === undefined
    ? {}
    : { stats: statsOf(copy, run, task.startedAt, task.endedAt, world.now, task.sizeBytes, task.doneBytes) }),
  taskStartTimeUsecs: task.startedAt,
  taskEndTimeUsecs: task.endedAt,
  error: task.error,
});

const holdsOf = ({ plan }: Copy, run: Run): Wire =>
  plan.legalHold === undefined
    ? {}
    : {
        holdForLegalPurpose: plan.legalHold === 'run',
        legalHoldings: run.sources.map(({ id }, position) => ({
          protectionSourceId: id,
          holdForLegalPurpose: plan.legalHold === 'run' || position < 2,
        })),
      };

/** Whether the copy is listed yet: one that is queued separately appears later than its run. */
export const isQueued = ({ timeline }: Copy, now: number): boolean => timeline.queued <= now;

/** Whether the snapshot was deleted by hand. */
export const isDeleted = ({ plan, timeline }: Copy, run: Run, now: number): boolean =>
  plan.deletedAfterHours !== undefined && isFinished(timeline, now) && now >= run.start + plan.deletedAfterHours * hour;

/**
 * The reported expiry: 0 for a copy that is gone. A deleted local snapshot keeps its date; its run reports the
 * deletion.
 */
export const expiryOf = (copy: Copy, run: Run, now: number): number =>
  copy.plan.target.type !== 'kLocal' && isDeleted(copy, run, now) ? 0 : run.start + copy.plan.retentionDays * day;

/** Whether every time of the copy is written as 0. */
const isZeroed = ({ plan, timeline }: Copy, now: number): boolean =>
  plan.zeroWhileQueued === true && now < (timeline.start ?? timeline.settle);

const zeroTask = (wire: Wire): Wire => ({
  ...wire,
  stats: { startTimeUsecs: 0, endTimeUsecs: 0 },
  taskStartTimeUsecs: 0,
  taskEndTimeUsecs: 0,
});

/** One element of `copyRun`. */
export const copyRunWire = (world: World, run: Run, copy: Copy, excludeTasks: boolean): Wire => {
  const { plan, timeline, taskId, runStart, failure } = copy;
  const { now } = world;
  const tasks = tasksOf(world, run, timeline, failure);
  const status = statusAt(timeline, now);
  const ended = isFinished(timeline, now);
  const moved = timeline.start !== null && timeline.start <= now ? timeline.start : undefined;
  const zeroed = isZeroed(copy, now);
  const wireOf = (task: Task): Wire =>
    zeroed ? zeroTask(taskWire(world, copy, run, task)) : taskWire(world, copy, run, task);
  return {
    taskUid: universalId(world.estate.cluster, taskId),
    target: targetWire(plan.target),
    status,
    runStartTimeUsecs: zeroed ? 0 : runStart,
    expiryTimeUsecs: zeroed ? 0 : expiryOf(copy, run, now),
    ...(zeroed ? { stats: { startTimeUsecs: 0, endTimeUsecs: 0 } } : {}),
    ...(moved === undefined
      ? {}
      : {
          stats: statsOf(
            copy,
            run,
            moved,
            ended ? timeline.end : undefined,
            now,
            sum(tasks.map(({ sizeBytes }) => sizeBytes)),
            sum(tasks.map(({ doneBytes }) => doneBytes)),
          ),
        }),
    ...(excludeTasks ? {} : { copySnapshotTasks: tasks.map(wireOf) }),
    ...(plan.lock === undefined
      ? {}
      : {
          dataLockConstraints: { wormRetentionType: plan.lock.type, expiryTimeUsecs: run.start + plan.lock.days * day },
        }),
    ...holdsOf(copy, run),
    ...(status === 'kFailure' ? { error: failure } : {}),
    ...(plan.userActionMessage === undefined || ended ? {} : { userActionMessage: plan.userActionMessage }),
  };
};
