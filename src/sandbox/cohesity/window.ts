import { backupEndOf } from './backup-run-v1.js';
import { isQueued } from './copy-run-v1.js';
import { longestMinutes, type Job } from './job.js';
import type { Copy, Run } from './run.js';
import { hour, minute } from './time.js';
import { isFinished } from './timeline.js';

/** A span of time, and the time that is compared with it: a run's start, its end, or the end of one of its copies. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly by: 'start' | 'end' | 'copyEnd';
  readonly onlySuccessful: boolean;
  readonly copyTypes: readonly string[] | undefined;
}

const typeWords: Readonly<Record<string, readonly string[]>> = {
  kLocal: ['local'],
  kRemote: ['remote', 'replication'],
  kArchival: ['archival'],
  kCloudDeploy: ['clouddeploy', 'cloudspin'],
  kCloudReplication: ['cloudreplication'],
};

/** "Replication", "kRemote" and "kReplication" mean the same; the values are not documented. */
const isOfType = ({ plan }: Copy, types: readonly string[]): boolean =>
  types.some((given) => typeWords[plan.target.type]?.includes(given.toLowerCase().replace(/^k/, '')) ?? false);

/** Whether a copy of the run has ended in the window. */
export const hasCopyEndedIn = ({ start, end, onlySuccessful, copyTypes }: Window, run: Run, now: number): boolean =>
  run.copies.some(
    (copy) =>
      isQueued(copy, now) &&
      isFinished(copy.timeline, now) &&
      copy.timeline.end > start &&
      copy.timeline.end <= end &&
      (!onlySuccessful || copy.timeline.outcome === 'kSuccess') &&
      (copyTypes === undefined || isOfType(copy, copyTypes)),
  );

/** Whether the run has ended in the window. A running one has no end. */
export const hasEndedIn = ({ start, end }: Window, run: Run, now: number): boolean => {
  const ended = backupEndOf(run, now);
  return ended !== undefined && ended > start && ended <= end;
};

/** For a window of ends, runs that started earlier count too, as far back as the slowest run takes. */
export const earliestStart = ({ start, by }: Window, jobs: readonly Job[]): number =>
  by === 'start' || start === -Infinity ? start : start - Math.max(0, ...jobs.map(longestMinutes)) * minute - hour;
