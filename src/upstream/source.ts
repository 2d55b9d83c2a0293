import type { IncompleteReason } from '../domain/incomplete-reason.js';
import type { Micros } from '../domain/micros.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import type { Window } from '../domain/window.js';

/**
 * A part of a source's window. `reached` is the time to which the source was read completely: paging forward, every
 * record that started at or after it was returned; paging back, every record before it. `null`: no progress yet.
 */
export interface Piece<T> {
  readonly records: readonly T[];
  readonly reached: number | null;
  readonly observedAt: Micros | null; // null: this piece needed no read
  readonly unreadable: number;
  readonly failure?: UpstreamError | undefined; // why these older records are used
  readonly reasons?: readonly IncompleteReason[] | undefined; // other reasons why records of this part may be missing
}

/** The order and extent of reading a source. */
export interface Reading {
  readonly window: Window;
  readonly backward: boolean; // oldest first
  readonly whole: boolean; // all of it will be read, so pages need not be small
  readonly now: Micros;
}

/** One upstream's records of one kind, read piece by piece on demand. */
export interface Source<T> {
  readonly upstream: string;
  read(reading: Reading): AsyncGenerator<Piece<T>, void, void>;
  /** The oldest start of a record that may still get more parts, as far as that is known; `null` for none. */
  goesOnSince?(): Micros | null;
}
