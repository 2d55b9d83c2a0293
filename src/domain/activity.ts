import type { FailureCategory } from './failure-category.js';
import type { Micros } from './micros.js';

export const activityStates = [
  'QUEUED',
  'RUNNING',
  'CANCELING',
  'CANCELED',
  'SUCCEEDED',
  'WARNING',
  'PARTIAL',
  'FAILED',
  'ON_HOLD',
  'MISSED',
  'UNKNOWN',
] as const;

/** The state of an activity, in words common to all vendors. */
export type ActivityState = (typeof activityStates)[number];

const finishedStates: ReadonlySet<ActivityState> = new Set([
  'CANCELED',
  'SUCCEEDED',
  'WARNING',
  'PARTIAL',
  'FAILED',
  'MISSED',
]);

/** Whether nothing more will happen. An unknown state counts as unfinished: one poll too many beats a missed change. */
export const isFinished = (state: ActivityState): boolean => finishedStates.has(state);

/** The members common to everything an upstream runs. */
export interface Activity {
  readonly id: string; // the global id, see global-id.ts
  readonly upstream: string; // the upstream's id in the config
  readonly state: ActivityState;
  readonly upstreamState: string | null;
  readonly error: string | null;
  readonly failureCategory: FailureCategory | null;
  readonly startedAt: Micros | null;
  readonly endedAt: Micros | null;
  readonly observedAt: Micros;
}

/** Whether it ended well, with or without warnings. */
export const isGood = (state: ActivityState): boolean => state === 'SUCCEEDED' || state === 'WARNING';
