import { isGood } from './activity.js';
import type { CopyRun } from './copy-run.js';
import type { CopySnapshotTask } from './copy-snapshot-task.js';
import { isDataLocked, isOnHold } from './kept-copy.js';
import { type Micros, micros } from './micros.js';

/** The value of one copy to its object. */
export interface CopyWorth {
  readonly good: boolean; // it could be restored now
  readonly sound: boolean; // it ended well and still exists, so it was good until it expired
  readonly goodUntil: Micros | null; // null: without end, as far as is known
  readonly dataAt: Micros | null; // the time of its data, not of the start of copying
  readonly locked: boolean; // a lock is in force
  readonly immutable: boolean; // and no user can lift it
}

type Snapshot = CopyRun | CopySnapshotTask;

/** Whether the vendor says that nothing remains of a finished copy, whatever its hold or expiry. */
const isGone = (copy: Snapshot): boolean => copy.snapshotDeleted === true || copy.expiryCleared;

/** Whether a Cohesity copy could be restored now: it ended well, still exists, and has not expired or is on hold. */
export const isGoodSnapshot = (copy: Snapshot, now: Micros): boolean =>
  isGood(copy.state) && !isGone(copy) && (copy.expiresAt === null || copy.expiresAt > now || isOnHold(copy));

const lockOf = (copy: Snapshot, now: Micros): Pick<CopyWorth, 'locked' | 'immutable'> => {
  const locked = isDataLocked(copy, now);
  return { locked, immutable: locked && copy.dataLockConstraints?.wormRetentionType === 'COMPLIANCE' };
};

/** The value of a Cohesity copy. The time of its data is the start of its run. */
export const worthOfSnapshot = (copy: Snapshot, now: Micros): CopyWorth => {
  const startedAt = Number(copy.run.startTimeUsecs); // NaN for a run of unknown start
  const isKnown = Number.isSafeInteger(startedAt) && startedAt > 0;
  return {
    good: isGoodSnapshot(copy, now),
    sound: isGood(copy.state) && !isGone(copy),
    goodUntil: isOnHold(copy) ? null : copy.expiresAt,
    dataAt: isKnown ? micros(startedAt) : copy.startedAt,
    ...lockOf(copy, now),
  };
};
