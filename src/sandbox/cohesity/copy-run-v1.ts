import { fraction } from '../random.js';
import { universalId } from './identity.js';
import { integer, type Wire } from './json.js';
import type { Copy, Run } from './run.js';
import { sum, tasksOf, type Task } from './task.js';
import { targetWire } from './target.js';
import { day, second } from './time.js';
import { isFinished, statusAt } from './timeline.js';
import type { World } from './world.js';

/** What replication puts on the wire after it has left out what the other side has. */
const physical = (bytes: bigint, copy: Copy): bigint =>
  (bytes * BigInt(200 + Math.floor(300 * fraction(copy.taskId)))) / 1000n;

/** Numbers of a copy or of one object in it; the last members depend on the kind of target. */
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

/** Whether the copy is in the list yet: one that is queued on its own comes later than its run. */
export const isQueued = ({ timeline }: Copy, now: number): boolean => timeline.queued <= now;

/** One element of `copyRun`. */
export const copyRunWire = (world: World, run: Run, copy: Copy, excludeTasks: boolean): Wire => {
  const { plan, timeline, taskId, runStart, failure } = copy;
  const { now } = world;
  const tasks = tasksOf(world, run, timeline, failure);
  const status = statusAt(timeline, now);
  const ended = isFinished(timeline, now);
  const moved = timeline.start !== null && timeline.start <= now ? timeline.start : undefined;
  return {
    taskUid: universalId(world.estate.cluster, taskId),
    target: targetWire(plan.target),
    status,
    runStartTimeUsecs: runStart,
    expiryTimeUsecs: run.start + plan.retentionDays * day,
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
    ...(excludeTasks ? {} : { copySnapshotTasks: tasks.map((task) => taskWire(world, copy, run, task)) }),
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
