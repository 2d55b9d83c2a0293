import { setTimeout as timer } from 'node:timers/promises';
import { type Micros, microsFromMillis } from '../domain/micros.js';
import type { Wait } from '../domain/wait.js';

/** The time of this machine. It may be set, so how long something takes is told by `performance.now()`. */
export const clock = (): Micros => microsFromMillis(Date.now());

const waitBy =
  (ref: boolean): Wait =>
  (ms, signal) =>
    timer(ms, undefined, { signal, ref }).catch(() => undefined); // which only an abort can be

export const wait = waitBy(true);

/** The same for work that shall not keep the process from ending. */
export const idleWait = waitBy(false);
