import { pageOf, statusFilter } from './group-v2.js';
import type { Job } from './job.js';
import { booleanOf, integerOf, listOf, wordsOf } from './query.js';
import { invalidBody, malformedQuery } from './refusal.js';
import type { Run } from './run.js';
import { runsBetween } from './run-list.js';
import { runIdOf } from './run-v2.js';
import { isParked, statusAt } from './timeline.js';
import { earliestStart, hasCopyEndedIn, hasEndedIn, type Window } from './window.js';
import type { World } from './world.js';

/** The words of the filter, which differ from those of an answer. */
const runTypes: Readonly<Record<string, readonly string[]>> = {
  kAll: ['kRegular', 'kFull', 'kLog', 'kSystem'],
  kLog: ['kLog'],
  kSystem: ['kSystem'],
  kIncremental: ['kRegular'],
  kFull: ['kFull'],
};

const windowOf = (query: URLSearchParams, now: number): Window => {
  const byEnd = booleanOf(query, 'filterByEndTime') ?? false;
  const byCopyEnd = booleanOf(query, 'filterByCopyTaskEndTime') ?? false;
  if (byEnd && byCopyEnd) throw invalidBody('filterByEndTime and filterByCopyTaskEndTime cannot be given together');
  return {
    start: integerOf(query, 'startTimeUsecs') ?? -Infinity,
    end: integerOf(query, 'endTimeUsecs') ?? now,
    by: byCopyEnd ? 'copyEnd' : byEnd ? 'end' : 'start',
    onlySuccessful: booleanOf(query, 'onlyReturnSuccessfulCopyRun') ?? true,
    copyTypes: listOf(query, 'snapshotTargetTypes'),
  };
};

const isWanted = (window: Window, run: Run, now: number): boolean => {
  if (window.by === 'copyEnd') return hasCopyEndedIn(window, run, now);
  return window.by === 'end' ? hasEndedIn(window, run, now) : run.start <= window.end;
};

/** The name of the status filter for one part of a run. */
const filterName = (part: string): string =>
  part === 'LocalBackup'
    ? 'localBackupRunStatus'
    : part === 'CloudSpin'
      ? 'cloudSpinRunStatus'
      : `${part.toLowerCase()}RunStatus`;

/** The runs of one group that match the query, newest first, and the cookie of the next page. */
export const selectGroupRuns = (world: World, job: Job, query: URLSearchParams) => {
  const window = windowOf(query, world.now);
  const runId = query.get('runId');
  if (runId !== null && !/^\d+:\d+$/.test(runId)) throw malformedQuery('runId', runId);
  const types = wordsOf(query, 'runTypes', Object.keys(runTypes))?.flatMap((type) => runTypes[type] ?? []);
  const hasStatus = statusFilter(query, filterName);
  const onlyRestorable = booleanOf(query, 'excludeNonRestorableRuns') ?? false;
  const limit = integerOf(query, 'numRuns') ?? 100;
  // no run has tags
  if (listOf(query, 'runTags') !== undefined || query.has('tenantIds')) return { page: [], total: 0 };
  const runs = [...runsBetween(world, [job], earliestStart(window, [job]), world.now)].filter(
    (run) =>
      isWanted(window, run, world.now) &&
      (runId === null || runIdOf(run) === runId) &&
      (types?.includes(run.runType) ?? true) &&
      (hasStatus?.(run, world.now) ?? true) &&
      (!onlyRestorable ||
        !(isParked(run.backup.outcome) || ['kFailure', 'kCanceled'].includes(statusAt(run.backup, world.now)))),
  );
  return { ...pageOf(runs.slice(0, Math.max(0, limit)), query), total: runs.length };
};
