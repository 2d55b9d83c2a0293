import { createAbort } from './abort.js';

/** A signal that aborts when its parent does, or when the time is up. */
interface Deadline {
  readonly signal: AbortSignal;
  /** Whether it was the time, not the parent. */
  passed(): boolean;
  /** Releases the timer and the parent; to be called when the work is over. */
  end(): void;
}

/**
 * Uses a timer of its own. `AbortSignal.any` holds its sources weakly, and Node 20 collects an `AbortSignal.timeout`
 * among them before it fires, so that a deadline made of the two may never abort.
 */
export const startDeadline = (timeoutMs: number, parent?: AbortSignal): Deadline => {
  const controller = createAbort();
  let passed = false;
  const timer = setTimeout(() => {
    passed = true;
    controller.abort();
  }, timeoutMs);
  const stop = (): void => controller.abort();
  parent?.addEventListener('abort', stop, { once: true });
  if (parent?.aborted) stop();
  return {
    signal: controller.signal,
    passed: () => passed,
    end: () => {
      clearTimeout(timer);
      parent?.removeEventListener('abort', stop);
    },
  };
};

/**
 * The result of the work, or `reason()` thrown as soon as the signal aborts. For work that is shared or ignores the
 * signal. The work itself continues; its owner stops it.
 */
export const unlessAborted = async <T>(
  signal: AbortSignal | undefined,
  work: Promise<T>,
  reason: () => Error,
): Promise<T> => {
  if (signal === undefined) return work;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(reason());
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
