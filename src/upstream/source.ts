import type { IncompleteReason } from '../domain/incomplete-reason.js';
import type { Micros } from '../domain/micros.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import type { Window } from '../domain/window.js';

/**
 * A part of a source's window. `reached` is how far the source has been read whole: paging forward, everything that
 * started at or after it has been handed over; paging back, everything before it. `null`: nothing new is whole yet.
 */
export interface Piece<T> {
  readonly records: readonly T[];
  readonly reached: number | null;
  readonly observedAt: Micros | null; // null: this piece comes from no read of its own
  readonly unreadable: number;
  readonly failure?: UpstreamError | undefined; // these are old, since the upstream has failed meanwhile
  readonly reasons?: readonly IncompleteReason[] | undefined; // why something of this part may be missing, beside `unreadable`
}

/** How a source is to be read. */
export interface Reading {
  readonly window: Window;
  readonly backward: boolean; // oldest first
  readonly whole: boolean; // all of it will be read, so pages need not be kept small
  readonly now: Micros;
}

/** One upstream's records of one kind, read piece by piece as far as they are asked for. */
export interface Source<T> {
  readonly upstream: string;
  read(reading: Reading): AsyncGenerator<Piece<T>, void, void>;
  /** When the oldest record began that may still get more parts, as far as that is known; `null` for none. */
  goesOnSince?(): Micros | null;
}
