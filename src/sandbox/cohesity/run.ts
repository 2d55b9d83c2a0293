import { between, fraction } from '../random.js';
import { copyFailures } from './failure.js';
import { sourcesAt, type CopyPlan, type Job, type Range } from './job.js';
import type { Source } from './source.js';
import { minute, second } from './time.js';
import { isCanceled, isParked, parkedTimeline, type Timeline } from './timeline.js';

/** One copy of a run to one target. */
export interface Copy {
  readonly plan: CopyPlan;
  readonly taskId: number;
  readonly timeline: Timeline;
  /** Its message if it fails. */
  readonly failure: string;
  /** The run's start, or the copy's own if it was queued later. */
  readonly runStart: number;
}

/** One run of a job: the same for every reader at any time. */
export interface Run {
  readonly job: Job;
  readonly index: number;
  readonly start: number;
  readonly jobRunId: number;
  /** `jobRunId` on the cluster that made the run. */
  readonly originRunId: number;
  readonly runType: string;
  readonly sources: readonly Source[];
  readonly backup: Timeline;
  readonly failure: string;
  readonly copies: readonly Copy[];
}

/** The instance number of a run, unique on the cluster; its tasks continue from it. */
export const jobRunIdOf = (job: Job, index: number): number => job.id * 10_000_000 + index;
export const taskIdOf = (jobRunId: number, position: number): number => jobRunId * 10 + position;

/** The start of the run with this index: on schedule, a few seconds late, never on a whole millisecond. */
export const startOf = (seed: number, { id, intervalMinutes, phaseMinutes }: Job, index: number): number =>
  (index * intervalMinutes + phaseMinutes) * minute +
  between(1, 40, seed, id, index, 'seconds') * second +
  between(0, 999, seed, id, index, 'milliseconds') * 1000 +
  between(1, 999, seed, id, index, 'micros');

/** The indexes of the runs that may have started in a window. */
export const indexesBetween = ({ intervalMinutes, phaseMinutes }: Job, from: number, to: number): Range => {
  const interval = intervalMinutes * minute;
  const phase = phaseMinutes * minute;
  return [Math.max(0, Math.floor((from - phase) / interval) - 1), Math.floor((to - phase) / interval)];
};

const outcomeOf = (cycle: readonly string[] | undefined, index: number, luck: number): string => {
  if (cycle !== undefined) return cycle[index % cycle.length] ?? 'kSuccess';
  if (luck < 0.88) return 'kSuccess';
  if (luck < 0.93) return 'kWarning';
  return luck < 0.985 ? 'kFailure' : 'kCanceled';
};

/** A time of whole microseconds within a range of minutes. */
const spanOf = ([low, high]: Range, ...parts: readonly (string | number)[]): number =>
  Math.floor((low + (high - low) * fraction(...parts)) * minute) + between(1, 997, ...parts, 'micros');

/** When data stop moving: at the planned end, or on the way if it fails or is canceled. */
const settleOf = (start: number, planned: number, outcome: string, luck: number): number => {
  if (outcome !== 'kFailure' && !isCanceled(outcome)) return planned;
  return start + Math.floor((planned - start) * (0.3 + 0.5 * luck));
};

const backupOf = (seed: number, job: Job, index: number, start: number): Timeline => {
  const key = [seed, job.id, index, 'backup'] as const;
  // Only pinned jobs lose a whole backup: without it there is nothing to copy.
  const luck = fraction(...key, 'outcome');
  const outcome =
    job.backupOutcomes === undefined
      ? luck < 0.95
        ? 'kSuccess'
        : 'kWarning'
      : outcomeOf(job.backupOutcomes, index, luck);
  if (isParked(outcome)) return parkedTimeline(start, outcome);
  const begun = start + between(1, 9, ...key, 'queue') * second + 137;
  const planned = begun + spanOf(job.runMinutes, ...key, 'length');
  const settle = settleOf(begun, planned, outcome, fraction(...key, 'stop'));
  return {
    queued: start,
    start: begun,
    planned,
    settle,
    end: settle + between(5, 40, ...key, 'settle') * second + 53,
    outcome,
  };
};

/** A copy of one run; it waits for `backup`. */
export const copyOf = (
  seed: number,
  job: Job,
  index: number,
  start: number,
  backup: Timeline,
  plan: CopyPlan,
  position: number,
): Copy => {
  const key = [seed, job.id, index, 'copy', position] as const;
  const failures = copyFailures(plan.target);
  const common = {
    plan,
    taskId: taskIdOf(jobRunIdOf(job, index), position),
    failure: failures[Math.floor(index / (plan.outcomes?.length ?? 1)) % failures.length] ?? '',
  };
  if (plan.target.type === 'kLocal') return { ...common, timeline: backup, runStart: start };
  const outcome = isParked(backup.outcome)
    ? backup.outcome
    : outcomeOf(plan.outcomes, index, fraction(...key, 'outcome'));
  if (isParked(outcome)) return { ...common, timeline: parkedTimeline(start, outcome), runStart: start };
  const queued =
    plan.queuedAfterMinutes === undefined ? start : start + spanOf(plan.queuedAfterMinutes, ...key, 'queued');
  const begun = Math.max(backup.end, queued) + spanOf(plan.waitMinutes, ...key, 'wait');
  const planned = begun + spanOf(plan.moveMinutes, ...key, 'move');
  const settle = settleOf(begun, planned, outcome, fraction(...key, 'stop'));
  if (plan.failsBeforeData === true && outcome === 'kFailure') {
    const timeline = { queued, start: null, planned: begun, settle: begun, end: begun, outcome };
    return { ...common, timeline, runStart: queued };
  }
  const end =
    settle +
    (plan.settleMinutes === undefined
      ? between(8, 55, ...key, 'settle') * second + 71
      : spanOf(plan.settleMinutes, ...key, 'settle'));
  return { ...common, timeline: { queued, start: begun, planned, settle, end, outcome }, runStart: queued };
};

/** A scheduled run. */
export const scheduledRun = (seed: number, job: Job, index: number): Run => {
  const start = startOf(seed, job, index);
  const backup = backupOf(seed, job, index, start);
  const lost = backup.outcome === 'kFailure' || isCanceled(backup.outcome);
  const plans = job.copies
    .map((plan, position) => ({ plan, position }))
    .filter(({ plan }) => !lost || plan.target.type === 'kLocal');
  const copies = plans.map(({ plan, position }) => copyOf(seed, job, index, start, backup, plan, position));
  return {
    job,
    index,
    start,
    jobRunId: jobRunIdOf(job, index),
    originRunId: jobRunIdOf(job, index),
    runType: job.runTypes[index % job.runTypes.length] ?? 'kRegular',
    sources: sourcesAt(job, start),
    backup,
    failure: copies[0]?.failure ?? '', // the local copy is the first of every policy
    copies,
  };
};
