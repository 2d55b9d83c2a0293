import { between, hash } from '../random.js';
import type { Run } from './run.js';
import type { Source } from './source.js';
import { second } from './time.js';
import { canceledAt, isCanceled, isFinished, isParked, progressAt, statusAt, type Timeline } from './timeline.js';
import { objectKey, type World } from './world.js';

/** One object's part of a backup or of a copy, in its present state. */
export interface Task {
  readonly source: Source;
  readonly status: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly sizeBytes: bigint;
  readonly doneBytes: bigint;
  readonly error?: string;
}

const millionths = 1_000_000n;
const largestDouble = BigInt(Number.MAX_SAFE_INTEGER);

/** The bytes of a source in a run: all of it in a full run, otherwise the changed ones. */
const sizeOf = (run: Run, source: Source): bigint =>
  run.runType === 'kFull' || source.sizeBytes > largestDouble
    ? source.sizeBytes
    : (source.sizeBytes * BigInt(between(10_000, 80_000, source.originId, run.index))) / millionths;

/**
 * The objects of a copy are processed one after another with some overlap: the first starts with the copy, the last
 * ends with it. If the copy stops, unfinished objects share its outcome.
 */
const taskTimeline = (whole: Timeline, position: number, count: number, unlucky: string | undefined): Timeline => {
  const { start, planned, settle, end, outcome } = whole;
  if (isParked(outcome) || start === null) return whole;
  const length = planned - start;
  const begin = count === 1 ? start : start + Math.floor((length * 0.6 * position) / (count - 1));
  const done = count === 1 ? planned : Math.min(planned, begin + Math.ceil(length * 0.4));
  if (done <= settle)
    return { ...whole, start: begin, planned: done, settle: done, end: done, outcome: unlucky ?? 'kSuccess' };
  if (begin < settle) return { ...whole, start: begin, planned: done };
  return {
    queued: whole.queued,
    start: null,
    planned: done,
    settle,
    end,
    outcome: isCanceled(outcome) ? outcome : 'kCanceled',
  };
};

/** The objects of a run on one timeline: its backup's or that of a copy. */
export const tasksOf = (world: World, run: Run, whole: Timeline, failure: string): readonly Task[] => {
  const { sources } = run;
  const chosen = whole.outcome === 'kWarning' ? hash(run.originRunId, whole.settle) % sources.length : -1;
  return sources.map((source, position) => {
    const unlucky = position === chosen ? (run.index % 2 === 0 ? 'kWarning' : 'kFailure') : undefined;
    const planned = taskTimeline(whole, position, sources.length, unlucky);
    const cancel = world.overlay.cancels.get(objectKey(run.originRunId, source.originId));
    const timeline = cancel === undefined ? planned : canceledAt(planned, cancel, 15 * second);
    const status = statusAt(timeline, world.now);
    const started = timeline.start !== null && timeline.start <= world.now;
    const sizeBytes = sizeOf(run, source);
    const progress = progressAt(timeline, world.now);
    return {
      source,
      status,
      ...(started && timeline.start !== null ? { startedAt: timeline.start } : {}),
      ...(started && isFinished(timeline, world.now) ? { endedAt: timeline.end } : {}),
      sizeBytes,
      doneBytes: progress === 1 ? sizeBytes : (sizeBytes * BigInt(Math.floor(progress * 1e6))) / millionths,
      ...(status === 'kFailure' ? { error: failure } : {}),
    };
  });
};

export const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
