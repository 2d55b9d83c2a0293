/**
 * The times of a backup, a copy or one object's part of it, in microseconds. It does not contain "now": the state is
 * computed from it and the clock, so reading twice changes nothing.
 */
export interface Timeline {
  readonly queued: number;
  /** null: no data ever move (missed, on hold, canceled while waiting). */
  readonly start: number | null;
  /** When it would end without a failure or cancel. */
  readonly planned: number;
  /** When data stop moving; until `end` it is finalizing or canceling. */
  readonly settle: number;
  readonly end: number;
  /** The last status word. */
  readonly outcome: string;
}

/** States from the first moment on: no data move, and there are no times. */
const parked: readonly string[] = ['kOnHold', 'kPaused', 'kMissed', 'kSkipped'];
const ended: readonly string[] = ['kMissed', 'kSkipped'];

export const isParked = (outcome: string): boolean => parked.includes(outcome);

export const isCanceled = (outcome: string): boolean => outcome === 'kCanceled' || outcome === 'kCancelled';

/** A timeline on which no data move. */
export const parkedTimeline = (queued: number, outcome: string): Timeline => ({
  queued,
  start: null,
  planned: queued,
  settle: queued,
  end: queued,
  outcome,
});

export const statusAt = (timeline: Timeline, now: number): string => {
  const { start, settle, end, outcome } = timeline;
  if (isParked(outcome)) return outcome;
  if (now < (start ?? settle)) return 'kAccepted';
  if (now < settle) return 'kRunning';
  if (now < end) return isCanceled(outcome) ? 'kCanceling' : 'kFinalizing';
  return outcome;
};

export const isFinished = (timeline: Timeline, now: number): boolean =>
  isParked(timeline.outcome) ? ended.includes(timeline.outcome) : now >= timeline.end;

/** How much of the work is done, 0 to 1. */
export const progressAt = ({ start, planned, settle }: Timeline, now: number): number => {
  if (start === null || now <= start) return 0;
  return planned <= start ? 1 : Math.min(1, (Math.min(now, settle) - start) / (planned - start));
};

/** The same timeline, canceled at `at`: an ended one stays as it is, any other takes `duration` to stop. */
export const canceledAt = (timeline: Timeline, at: number, duration: number): Timeline =>
  isFinished(timeline, at)
    ? timeline
    : {
        ...timeline,
        start: timeline.start !== null && timeline.start <= at ? timeline.start : null,
        settle: isParked(timeline.outcome) ? at : Math.min(timeline.settle, at),
        end: at + duration,
        outcome: 'kCanceled',
      };
