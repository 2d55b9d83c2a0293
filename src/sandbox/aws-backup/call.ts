import type { Estate } from './estate.js';
import type { StartedJobs } from './started.js';

/** The state that every operation works on. */
export interface World {
  readonly estate: Estate;
  readonly started: StartedJobs;
  /** No copy takes longer than this. */
  readonly longestMs: number;
  /** Writes null for members that a copy job lacks, in about every second one. */
  readonly nulls: boolean;
}

/** One request, decoded. */
export interface Call {
  readonly world: World;
  /** The time of the answer, in milliseconds since the epoch. */
  readonly now: number;
  /** The decoded parameters in the path, in order. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: string;
}
