import type { Micros } from '../../domain/micros.js';
import type { CallOptions } from '../../calling/call.js';

/** How long a cluster is not asked for the runs of all its jobs at once, after that took too long. */
const REMEMBERED = 600_000_000; // ten minutes, in microseconds

/**
 * Whether one cluster can answer for all its jobs at once. It outlives requests, so that the next one need not wait.
 */
export interface WideReads {
  areTooSlow(): boolean;
  wereTooSlow(): void;
}

export const createWideReads = (now: () => Micros): WideReads => {
  let until = 0;
  return {
    areTooSlow: () => now() < until,
    wereTooSlow: () => void (until = now() + REMEMBERED),
  };
};

/** The call options for a read of all jobs: it leaves half of the operation's time for reading them one by one. */
export const patient = (call: CallOptions): CallOptions =>
  call.deadlineAt === undefined
    ? call
    : { ...call, patienceMs: Math.max(1, (call.deadlineAt - performance.now()) / 2) };
