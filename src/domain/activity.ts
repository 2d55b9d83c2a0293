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

/** Where an activity stands, in words common to all vendors. */
export type ActivityState = (typeof activityStates)[number];

const finishedStates: ReadonlySet<ActivityState> = new Set([
  'CANCELED',
  'SUCCEEDED',
  'WARNING',
  'PARTIAL',
  'FAILED',
  'MISSED',
]);

/** Whether nothing more will happen. A state we do not know is not finished: better to look once more than to miss it. */
export const isFinished = (state: ActivityState): boolean => finishedStates.has(state);

/** What everything that an upstream ran has in common. */
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

/** Over, and well: perhaps with warnings. */
export const isGood = (state: ActivityState): boolean => state === 'SUCCEEDED' || state === 'WARNING';
