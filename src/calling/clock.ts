import { type Micros, microsFromMillis } from '../domain/micros.js';

/** The time of this machine. It may be set, so how long something takes is told by `performance.now()`. */
export const clock = (): Micros => microsFromMillis(Date.now());
