import type { Micros } from './micros.js';

/** The span of start times that a list covers: `from` inclusive, `to` exclusive, open-ended if null. */
export interface Window {
  readonly from: Micros;
  readonly to: Micros | null;
}
