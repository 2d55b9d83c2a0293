import { isDeleted } from './copy-run-v1.js';
import { integer, type Wire } from './json.js';
import type { Run } from './run.js';
import { sum, tasksOf, type Task } from './task.js';
import { hour } from './time.js';
import { isFinished, statusAt } from './timeline.js';
import type { World } from './world.js';

/** When the backup ended, if it has. */
export const backupEndOf = ({ backup }: Run, now: number): number | undefined =>
  isFinished(backup, now) ? backup.end : undefined;

const count = (tasks: readonly Task[], ...words: readonly string[]): number =>
  tasks.filter(({ status }) => words.includes(status)).length;

const sourceStatus = ({ source, status, startedAt, endedAt, sizeBytes, doneBytes, error }: Task, run: Run): Wire => ({
  source: source.wire,
  parentSourceId: run.job.parentSourceId,
  status,
  error,
  isFullBackup: run.runType === 'kFull',
  quiesced: true,
  slaViolated: false,
  ...(startedAt === undefined
    ? {}
    : {
        stats: {
          startTimeUsecs: startedAt,
          endTimeUsecs: endedAt,
          totalSourceSizeBytes: integer(source.sizeBytes),
          totalBytesToReadFromSource: integer(sizeBytes),
          totalBytesReadFromSource: integer(doneBytes),
        },
      }),
});

/** Whether the backup takes longer than an hour, which every policy here promises. */
export const violatesSla = ({ backup, start }: Run, now: number): boolean => Math.min(backup.end, now) - start > hour;

/** When the local snapshots were deleted by hand. */
export const snapshotsDeletedAt = (run: Run, now: number): number | undefined => {
  const local = run.copies.find(({ plan }) => plan.target.type === 'kLocal');
  return local !== undefined && isDeleted(local, run, now)
    ? run.start + (local.plan.deletedAfterHours ?? 0) * hour
    : undefined;
};

export const backupRunWire = (world: World, run: Run, excludeTasks: boolean): Wire => {
  const { backup, failure, start } = run;
  const tasks = tasksOf(world, run, backup, failure);
  const status = statusAt(backup, world.now);
  const end = backupEndOf(run, world.now);
  const read = sum(tasks.map(({ doneBytes }) => doneBytes));
  const deletedAt = snapshotsDeletedAt(run, world.now);
  return {
    jobRunId: run.jobRunId,
    environment: run.job.environment,
    runType: run.runType,
    status,
    ...(status === 'kFailure' ? { error: failure } : {}),
    ...(status === 'kWarning'
      ? { warnings: ['Some objects were backed up without quiescing the guest file system'] }
      : {}),
    quiesced: status !== 'kWarning',
    slaViolated: violatesSla(run, world.now),
    metadataDeleted: false,
    snapshotsDeleted: deletedAt !== undefined,
    snapshotsDeletedTimeUsecs: deletedAt,
    stats: {
      startTimeUsecs: start,
      endTimeUsecs: end,
      admittedTimeUsecs: backup.start ?? undefined,
      timeTakenUsecs: end === undefined ? undefined : end - start,
      totalSourceSizeBytes: integer(sum(run.sources.map(({ sizeBytes }) => sizeBytes))),
      totalBytesToReadFromSource: integer(sum(tasks.map(({ sizeBytes }) => sizeBytes))),
      totalBytesReadFromSource: integer(read),
      totalLogicalBackupSizeBytes: integer(read),
      totalPhysicalBackupSizeBytes: integer(read / 3n),
      numSuccessfulTasks: count(tasks, 'kSuccess', 'kWarning'),
      numFailedTasks: count(tasks, 'kFailure'),
      numCanceledTasks: count(tasks, 'kCanceled', 'kCancelled'),
    },
    ...(excludeTasks ? {} : { sourceBackupStatus: tasks.map((task) => sourceStatus(task, run)) }),
  };
};
