import { setTimeout as timer } from 'node:timers/promises';
import { type Micros, microsFromMillis } from '../domain/micros.js';
import type { Wait } from '../domain/wait.js';

/** The time of this machine. It may be changed, so durations are measured by `performance.now()`. */
export const clock = (): Micros => microsFromMillis(Date.now());

const waitBy =
  (ref: boolean): Wait =>
  (ms, signal) =>
    timer(ms, undefined, { signal, ref }).catch(() => undefined); // only an abort rejects it

export const wait = waitBy(true);

/** As `wait`, but it does not keep the process alive. */
export const idleWait = waitBy(false);
