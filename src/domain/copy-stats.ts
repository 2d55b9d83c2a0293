import type { Micros } from './micros.js';

/** Cohesity's figures of one copy task, or of all tasks of a copy run together. */
export interface CopyStats {
  readonly startedAt: Micros | null;
  readonly endedAt: Micros | null;
  readonly isIncremental: boolean | null;
  readonly logicalSizeBytes: bigint | null;
  readonly logicalBytesTransferred: bigint | null;
  readonly logicalTransferRateBps: bigint | null;
  readonly physicalBytesTransferred: bigint | null;
}
