import { type Activity, isGood } from './activity.js';
import { type CopyOperation, progressOf } from './copy-operation.js';
import { type Micros, micros } from './micros.js';

type Timed = Pick<Activity, 'startedAt' | 'endedAt'>;

/** Microseconds; `null` while it goes on, and where by the vendor's clock it ended before it began. */
export const durationOf = ({ startedAt, endedAt }: Timed): number | null =>
  startedAt === null || endedAt === null || endedAt < startedAt ? null : endedAt - startedAt;

/** `durationOf` in seconds. */
export const durationSecondsOf = (copy: Timed): number | null => {
  const duration = durationOf(copy);
  return duration === null ? null : duration / 1_000_000;
};

const isUnderWay = ({ state, endedAt }: CopyOperation): boolean => state === 'RUNNING' && endedAt === null;

/** Microseconds that a copy has been copying until it was read; `null` unless it is copying. */
const timeSoFar = (copy: CopyOperation): number | null =>
  isUnderWay(copy) && copy.startedAt !== null && copy.observedAt > copy.startedAt
    ? copy.observedAt - copy.startedAt
    : null;

/**
 * How fast a copy was, or is: its bytes over its duration, and while it runs over the time until it was read. One that
 * ended well and does not tell what it transferred has copied its size.
 */
export const bytesPerSecondOf = (copy: CopyOperation): number | null => {
  const bytes = copy.transferredBytes ?? (isGood(copy.state) ? copy.sizeBytes : null);
  const duration = durationOf(copy) ?? timeSoFar(copy);
  return bytes === null || duration === null || duration === 0 ? null : (Number(bytes) * 1_000_000) / duration;
};

/** When a running copy will end if it goes on as fast as until now; `null` where no progress is known. */
export const estimatedEndOf = (copy: CopyOperation): Micros | null => {
  const [progress, soFar] = [progressOf(copy), timeSoFar(copy)];
  if (copy.startedAt === null || progress === null || progress === 0 || soFar === null) return null;
  const end = copy.startedAt + soFar / progress;
  return end < Number.MAX_SAFE_INTEGER ? micros(Math.round(end)) : null;
};
