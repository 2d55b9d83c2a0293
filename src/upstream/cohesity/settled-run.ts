import { isFinished } from '../../domain/activity.js';
import type { Micros } from '../../domain/micros.js';
import { type ProtectionRun, tasksOf } from '../../domain/protection-run.js';
import { LATE_MICROS } from '../../index/coverage.js';

/**
 * Whether a run, its copies and their tasks have been finished for an hour: a copy may be listed only when the previous
 * one is done. If a copy cannot be read, the run is not settled.
 */
export const isSettled = (run: ProtectionRun, at: Micros): boolean =>
  run.unreadable === 0 &&
  [run.shell, ...run.copyRuns, ...tasksOf(run)].every(
    ({ state, endedAt, startedAt }) => isFinished(state) && (endedAt ?? startedAt ?? 0) <= at - LATE_MICROS,
  );

/** How many records a run holds: itself, its copies and their tasks. */
export const runWeight = ({ copyRuns }: ProtectionRun): number =>
  copyRuns.reduce((sum, { tasks }) => sum + 1 + (tasks?.length ?? 0), 1);
