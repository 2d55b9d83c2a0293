import { vi } from 'vitest';

/**
 * Resolves when a check passes, which is made again and again. The time is there to end a test that hangs, below the
 * test's own, so that the check's message is what is shown; it bounds nothing that a test is about.
 */
export const until = <T>(check: () => T | Promise<T>, interval = 2): Promise<T> =>
  vi.waitFor(check, { interval, timeout: 100_000 });
