import { isGood } from './activity.js';
import type { CopyJob } from './copy-job.js';
import type { CopyRun } from './copy-run.js';
import type { CopySnapshotTask } from './copy-snapshot-task.js';
import type { Micros } from './micros.js';

type Copy = CopyRun | CopySnapshotTask | CopyJob;

/** Whether a legal hold keeps a copy. A run of which one source is held counts as held; AWS has no such hold. */
export const isOnHold = (copy: Copy): boolean => {
  if (copy.__typename === 'CopyJob') return false;
  if (copy.holdForLegalPurpose === true) return true;
  return copy.__typename === 'CopyRun' && copy.legalHoldings.some((one) => one.holdForLegalPurpose === true);
};

/** Whether the vendor says that nothing is left of a finished copy, whatever hold or expiry it has. */
const isGone = (copy: Copy): boolean =>
  copy.__typename !== 'CopyJob' && (copy.snapshotDeleted === true || copy.expiryCleared);

/** Whether a copy could be restored from now: it ended well, is still there, and has not expired or is on hold. */
export const isGoodCopy = (copy: Copy, now: Micros): boolean =>
  isGood(copy.state) && !isGone(copy) && (copy.expiresAt === null || copy.expiresAt > now || isOnHold(copy));
