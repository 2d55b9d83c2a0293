import type { Copy } from './run.js';
import { minute, second } from './time.js';

/** A copy after another attempt: queued when it was asked for, and done two minutes later. */
export const resynced = (copy: Copy, at: number): Copy => {
  const start = at + 10 * second;
  const settle = start + 2 * minute;
  return {
    ...copy,
    timeline: { queued: at, start, planned: settle, settle, end: settle + 5 * second, outcome: 'kSuccess' },
  };
};
