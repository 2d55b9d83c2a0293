import { isGood } from './activity.js';
import type { CopyJob } from './copy-job.js';
import type { CopyRun } from './copy-run.js';
import type { CopySnapshotTask } from './copy-snapshot-task.js';
import type { Micros } from './micros.js';
import { type JobPoints, isRestorable, noPoints } from './recovery-point.js';

type Copy = CopyRun | CopySnapshotTask | CopyJob;

/** Whether a legal hold keeps a copy. A run of which one source is held counts as held; AWS has no such hold. */
export const isOnHold = (copy: Copy): boolean => {
  if (copy.__typename === 'CopyJob') return false;
  if (copy.holdForLegalPurpose === true) return true;
  return copy.__typename === 'CopyRun' && copy.legalHoldings.some((one) => one.holdForLegalPurpose === true);
};

/** Whether the vendor says that nothing is left of a finished copy, whatever hold or expiry it has. */
const isGone = (copy: CopyRun | CopySnapshotTask): boolean => copy.snapshotDeleted === true || copy.expiryCleared;

/**
 * Whether a copy could be restored from now: it ended well, is still there, and has not expired or is on hold. AWS tells
 * that by the recovery points of a job, as far as they were read.
 */
export const isGoodCopy = (copy: Copy, now: Micros, points: JobPoints = noPoints): boolean => {
  if (!isGood(copy.state)) return false;
  if (copy.__typename === 'CopyJob') return isRestorable(copy, points, now);
  return !isGone(copy) && (copy.expiresAt === null || copy.expiresAt > now || isOnHold(copy));
};
