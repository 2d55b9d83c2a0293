import { isFinished } from '../../domain/activity.js';
import type { Micros } from '../../domain/micros.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import { LATE_MICROS } from '../../index/coverage.js';

/**
 * Whether a run and all its copies have been finished for an hour: a copy may be listed only when the previous one is
 * done. If a copy cannot be read, the run is not settled.
 */
export const isSettled = ({ shell, copyRuns, unreadable }: ProtectionRun, at: Micros): boolean =>
  unreadable === 0 &&
  [shell, ...copyRuns].every(
    ({ state, endedAt, startedAt }) => isFinished(state) && (endedAt ?? startedAt ?? 0) <= at - LATE_MICROS,
  );

/** How many records a run holds: itself, its copies and their tasks. */
export const runWeight = ({ copyRuns }: ProtectionRun): number =>
  copyRuns.reduce((sum, { tasks }) => sum + 1 + (tasks?.length ?? 0), 1);
