import { isGood } from './activity.js';
import type { CopyOperation } from './copy-operation.js';
import { durationOf } from './copy-timing.js';
import { type DurationSpread, createDurations } from './durations.js';

/** The number of copies, their bytes and their times; `null` if no copy reports it. */
export interface CopySum {
  readonly count: number;
  readonly sizeBytes: bigint | null;
  readonly transferredBytes: bigint | null;
  readonly copiedBytes: bigint | null; // of copies that ended well: transferred bytes if reported, otherwise the size
  readonly durationSeconds: DurationSpread | null; // of those that have ended
  readonly bytesPerSecond: number | null; // of those in `copiedBytes` that have a duration
}

/** The running sums of copies. Changed in place, because there may be a million copies. */
export interface CopyTally {
  count: number;
  sizeBytes: bigint | null;
  transferredBytes: bigint | null;
  copiedBytes: bigint | null;
  timedBytes: bigint; // the part of `copiedBytes` whose copies have a duration
  timedMicros: number;
  readonly durations: ReturnType<typeof createDurations>;
}

export const createTally = (): CopyTally => ({
  count: 0,
  sizeBytes: null,
  transferredBytes: null,
  copiedBytes: null,
  timedBytes: 0n,
  timedMicros: 0,
  durations: createDurations(),
});

const plus = (a: bigint | null, b: bigint | null): bigint | null => (a === null ? b : b === null ? a : a + b);

export const addCopy = (tally: CopyTally, copy: CopyOperation): void => {
  const copied = isGood(copy.state) ? (copy.transferredBytes ?? copy.sizeBytes) : null;
  const duration = durationOf(copy);
  tally.count += 1;
  tally.sizeBytes = plus(tally.sizeBytes, copy.sizeBytes);
  tally.transferredBytes = plus(tally.transferredBytes, copy.transferredBytes);
  tally.copiedBytes = plus(tally.copiedBytes, copied);
  if (duration !== null) tally.durations.add(duration);
  if (duration === null || copied === null) return;
  tally.timedBytes += copied;
  tally.timedMicros += duration;
};

export const joinTally = (tally: CopyTally, other: CopyTally): void => {
  tally.count += other.count;
  tally.sizeBytes = plus(tally.sizeBytes, other.sizeBytes);
  tally.transferredBytes = plus(tally.transferredBytes, other.transferredBytes);
  tally.copiedBytes = plus(tally.copiedBytes, other.copiedBytes);
  tally.timedBytes += other.timedBytes;
  tally.timedMicros += other.timedMicros;
  tally.durations.join(other.durations.all());
};

export const sumOf = ({ durations, timedBytes, timedMicros, ...told }: CopyTally): CopySum => ({
  ...told,
  durationSeconds: durations.spread(),
  bytesPerSecond: timedMicros === 0 ? null : (Number(timedBytes) * 1_000_000) / timedMicros,
});
