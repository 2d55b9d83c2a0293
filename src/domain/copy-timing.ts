import { type Activity, isGood } from './activity.js';
import { type CopyOperation, progressOf } from './copy-operation.js';
import { type Micros, micros } from './micros.js';

type Timed = Pick<Activity, 'startedAt' | 'endedAt'>;

/** A duration in microseconds; `null` while it runs, and if the vendor's times put the end before the start. */
export const durationOf = ({ startedAt, endedAt }: Timed): number | null =>
  startedAt === null || endedAt === null || endedAt < startedAt ? null : endedAt - startedAt;

/** `durationOf` in seconds. */
export const durationSecondsOf = (copy: Timed): number | null => {
  const duration = durationOf(copy);
  return duration === null ? null : duration / 1_000_000;
};

const isUnderWay = ({ state, endedAt }: CopyOperation): boolean => state === 'RUNNING' && endedAt === null;

/** Microseconds from a copy's start to its read; `null` unless it is running. */
const timeSoFar = (copy: CopyOperation): number | null =>
  isUnderWay(copy) && copy.startedAt !== null && copy.observedAt > copy.startedAt
    ? copy.observedAt - copy.startedAt
    : null;

/**
 * The speed of a copy: its bytes over its duration, or while it runs over the time until it was read. For a copy that
 * ended well without reported transferred bytes, the size counts.
 */
export const bytesPerSecondOf = (copy: CopyOperation): number | null => {
  const bytes = copy.transferredBytes ?? (isGood(copy.state) ? copy.sizeBytes : null);
  const duration = durationOf(copy) ?? timeSoFar(copy);
  return bytes === null || duration === null || duration === 0 ? null : (Number(bytes) * 1_000_000) / duration;
};

/** The time at which a running copy will end at its present speed; `null` if no progress is known. */
export const estimatedEndOf = (copy: CopyOperation): Micros | null => {
  const [progress, soFar] = [progressOf(copy), timeSoFar(copy)];
  if (copy.startedAt === null || progress === null || progress === 0 || soFar === null) return null;
  const end = copy.startedAt + soFar / progress;
  return end < Number.MAX_SAFE_INTEGER ? micros(Math.round(end)) : null;
};
