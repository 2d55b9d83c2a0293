import type { Activity } from './activity.js';
import type { CopyTarget } from './copy-target.js';
import type { Micros } from './micros.js';

/** What every movement of backup data to another place has in common. */
export interface CopyOperation extends Activity {
  readonly name: string;
  readonly target: CopyTarget | null;
  readonly sizeBytes: bigint | null;
  readonly transferredBytes: bigint | null;
  readonly expiresAt: Micros | null;
}

/** 0 to 1, and only where both figures are known; a vendor that counts past its own size is cut at 1. */
export const progressOf = ({ sizeBytes, transferredBytes }: CopyOperation): number | null => {
  if (sizeBytes === null || transferredBytes === null || sizeBytes <= 0n) return null;
  if (transferredBytes >= sizeBytes) return 1;
  return transferredBytes <= 0n ? 0 : Number((transferredBytes * 1_000_000n) / sizeBytes) / 1_000_000;
};
