import { between } from '../random.js';
import { copyTo } from './job.js';
import { localCopy } from './job-factory.js';
import { jobRunIdOf, taskIdOf, type Copy, type Run } from './run.js';
import { findScheduledRun } from './scheduled-runs.js';
import { second } from './time.js';
import type { Timeline } from './timeline.js';
import type { PlannedRun, World } from './world.js';

/** Planned runs are numbered from here on, above all scheduled ones. */
export const firstPlannedIndex = 5_000_000;

/** When the last of the runs that it waits for has ended. */
export const waitEndOf = (world: World, { job, waitsFor, requestedAt }: PlannedRun): number =>
  Math.max(requestedAt, ...waitsFor.map((start) => findScheduledRun(world, job, start)?.backup.end ?? requestedAt));

/** When it starts: a few seconds after the last wait. */
export const plannedStartOf = (world: World, planned: PlannedRun): number =>
  waitEndOf(world, planned) +
  between(4, 6, planned.failoverId) * second +
  between(1, 999, planned.failoverId, 'micros');

/** Whether the run exists now: it has started, and the failover was not canceled before that. */
export const hasStarted = (world: World, planned: PlannedRun): boolean => {
  const start = plannedStartOf(world, planned);
  return start <= world.now && (planned.canceledAt === undefined || planned.canceledAt > start);
};

/** The run itself: the smallest delta, a local snapshot and one replication; no archive, no lock. */
export const runOfPlanned = (world: World, planned: PlannedRun): Run => {
  const { job, ordinal, sources, replicationCluster, failoverId } = planned;
  const start = plannedStartOf(world, planned);
  const index = firstPlannedIndex + ordinal;
  const jobRunId = jobRunIdOf(job, index);
  const backupEnd = start + between(8, 14, failoverId, 'backup') * second + 311;
  const backup: Timeline = {
    queued: start,
    start: start + 509_003,
    planned: backupEnd,
    settle: backupEnd,
    end: backupEnd + 2 * second,
    outcome: 'kSuccess',
  };
  const copied = backup.end + between(20, 30, failoverId, 'copy') * second + 607;
  const replication: Timeline = {
    queued: start,
    start: backup.end + second,
    planned: copied,
    settle: copied,
    end: copied + 3 * second,
    outcome: 'kSuccess',
  };
  const local: Copy = {
    plan: localCopy(),
    taskId: taskIdOf(jobRunId, 0),
    timeline: backup,
    failure: '',
    runStart: start,
  };
  const remote: Copy = {
    plan: copyTo({ type: 'kRemote', cluster: replicationCluster }),
    taskId: taskIdOf(jobRunId, 1),
    timeline: replication,
    failure: '',
    runStart: start,
  };
  return {
    job,
    index,
    start,
    jobRunId,
    originRunId: jobRunId,
    runType: planned.runType,
    sources,
    backup,
    failure: '',
    copies: [local, remote],
  };
};
