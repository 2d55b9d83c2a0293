import { backupEndOf } from './backup-run-v1.js';
import type { Job } from './job.js';
import { booleanOf, integerOf, listOf, wordsOf } from './query.js';
import { invalidBody } from './refusal.js';
import type { Run } from './run.js';
import { findRun, runsBetween } from './run-list.js';
import { isParked, statusAt } from './timeline.js';
import { earliestStart, hasCopyEndedIn, hasEndedIn, type Window } from './window.js';
import type { World } from './world.js';

const isWanted = (window: Window, run: Run, now: number): boolean => {
  if (window.by === 'copyEnd') return hasCopyEndedIn(window, run, now);
  if (window.by === 'end') return hasEndedIn(window, run, now);
  const ended = backupEndOf(run, now);
  // A running run has no end to compare, so it does not match, whenever it started.
  return run.start > window.start && (ended === undefined || ended < window.end);
};

const windowOf = (query: URLSearchParams): Window => {
  const byEnd = booleanOf(query, 'filterByEndTime') ?? false;
  const byCopyEnd = booleanOf(query, 'filterByCopyTaskEndTime') ?? false;
  if (byEnd && byCopyEnd) throw invalidBody('filterByEndTime and filterByCopyTaskEndTime cannot be given together');
  return {
    start: integerOf(query, 'startTimeUsecs') ?? -Infinity,
    end: integerOf(query, 'endTimeUsecs') ?? Infinity,
    by: byCopyEnd ? 'copyEnd' : byEnd ? 'end' : 'start',
    onlySuccessful: booleanOf(query, 'onlyIncludeSuccessfulCopyRuns') ?? true,
    copyTypes: listOf(query, 'copyRunTypes'),
  };
};

const jobsOf = ({ estate }: World, query: URLSearchParams): readonly Job[] => {
  const jobId = integerOf(query, 'jobId');
  const sourceId = integerOf(query, 'sourceId');
  const jobs = jobId === undefined ? estate.jobs : [estate.jobById.get(jobId)].filter((job) => job !== undefined);
  return sourceId === undefined
    ? jobs
    : jobs.filter(
        ({ sources, parentSourceId }) => parentSourceId === sourceId || sources.some(({ id }) => id === sourceId),
      );
};

const candidates = function* (world: World, query: URLSearchParams, window: Window): Generator<Run> {
  const jobs = jobsOf(world, query);
  const started = integerOf(query, 'startedTimeUsecs');
  if (started === undefined) return yield* runsBetween(world, jobs, earliestStart(window, jobs), world.now);
  if (!query.has('jobId')) throw invalidBody('startedTimeUsecs needs jobId');
  for (const job of jobs) {
    const run = findRun(world, job, started);
    if (run !== undefined) yield run;
  }
};

/** The runs that match a query of `protectionRuns`, newest first. */
export const selectRuns = (world: World, query: URLSearchParams): readonly Run[] => {
  const window = windowOf(query);
  const types = wordsOf(query, 'runTypes', ['kRegular', 'kFull', 'kLog', 'kSystem']);
  const sourceId = integerOf(query, 'sourceId');
  const withoutErrors = booleanOf(query, 'excludeErrorRuns') ?? false;
  const onlyRestorable = booleanOf(query, 'excludeNonRestoreableRuns') ?? false;
  const limit = integerOf(query, 'numRuns') ?? Infinity;
  const found: Run[] = [];
  if (limit <= 0) return found;
  for (const run of candidates(world, query, window)) {
    const status = statusAt(run.backup, world.now);
    const hasSource =
      sourceId === undefined || run.job.parentSourceId === sourceId || run.sources.some(({ id }) => id === sourceId);
    if (!hasSource || !isWanted(window, run, world.now)) continue;
    if (types !== undefined && !types.includes(run.runType)) continue;
    if (withoutErrors && status === 'kFailure') continue;
    if (onlyRestorable && (isParked(status) || ['kFailure', 'kCanceled', 'kAccepted'].includes(status))) continue;
    found.push(run);
    if (found.length >= limit) break;
  }
  return found;
};
