import type { Micros } from './micros.js';

/** The span of start times a list looks at; `from` inclusive, `to` exclusive and open where it is null. */
export interface Window {
  readonly from: Micros;
  readonly to: Micros | null;
}
