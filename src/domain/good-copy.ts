import { isGood } from './activity.js';
import type { CopyRun } from './copy-run.js';
import type { CopySnapshotTask } from './copy-snapshot-task.js';
import { isDataLocked, isOnHold } from './kept-copy.js';
import { type Micros, micros } from './micros.js';

/** What one copy is worth to its object. */
export interface CopyWorth {
  readonly good: boolean; // it could be restored from now
  readonly sound: boolean; // it ended well and is still there, so that it was good until it expired
  readonly goodUntil: Micros | null; // null: for good, as far as is known
  readonly dataAt: Micros | null; // since when its data are as they are; not when the copying began
  readonly locked: boolean; // a lock is in force
  readonly immutable: boolean; // and nobody can lift it
}

type Snapshot = CopyRun | CopySnapshotTask;

/** Whether the vendor says that nothing is left of a finished copy, whatever hold or expiry it has. */
const isGone = (copy: Snapshot): boolean => copy.snapshotDeleted === true || copy.expiryCleared;

/** Whether a Cohesity copy could be restored from now: it ended well, is still there, and has not expired or is on hold. */
export const isGoodSnapshot = (copy: Snapshot, now: Micros): boolean =>
  isGood(copy.state) && !isGone(copy) && (copy.expiresAt === null || copy.expiresAt > now || isOnHold(copy));

const lockOf = (copy: Snapshot, now: Micros): Pick<CopyWorth, 'locked' | 'immutable'> => {
  const locked = isDataLocked(copy, now);
  return { locked, immutable: locked && copy.dataLockConstraints?.wormRetentionType === 'COMPLIANCE' };
};

/** What a Cohesity copy is worth. Its data are of when its run started. */
export const worthOfSnapshot = (copy: Snapshot, now: Micros): CopyWorth => {
  const startedAt = Number(copy.run.startTimeUsecs); // not a number for a run whose start is not known
  const isKnown = Number.isSafeInteger(startedAt) && startedAt > 0;
  return {
    good: isGoodSnapshot(copy, now),
    sound: isGood(copy.state) && !isGone(copy),
    goodUntil: isOnHold(copy) ? null : copy.expiresAt,
    dataAt: isKnown ? micros(startedAt) : copy.startedAt,
    ...lockOf(copy, now),
  };
};
