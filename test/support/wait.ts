import type { Wait } from '../../src/domain/wait.js';

/** Waits by the timers that fake timers replace. */
export const waitByTimers: Wait = (ms, signal) =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
