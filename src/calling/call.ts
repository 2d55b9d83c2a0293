import type { Micros } from '../domain/micros.js';
import type { CallTrace } from '../domain/call-trace.js';
import type { IncompleteReason } from '../domain/incomplete-reason.js';
import { UpstreamError } from '../domain/upstream-error.js';

/** What one upstream call is given by the operation that makes it. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined; // aborts when the caller goes away or the operation's deadline passes
  readonly budget?: CallBudget | undefined;
  readonly deadlineAt?: number | undefined; // the same deadline by `performance.now()`: what must wait longer fails at once
  readonly patienceMs?: number | undefined; // the longest that an attempt may take
  readonly movingMaxAgeMs?: number | undefined; // the same of what may still change; what is settled stands its own time
  /** Is told for how many milliseconds more something stands that was read before. */
  readonly stands?: ((ms: number) => void) | undefined;
  readonly trace?: CallTrace | undefined; // follows the attempts; absent for what no operation asks for
  readonly maxAgeMs?: number | undefined; // how old an answer may be, where the caller says; 0 asks the upstream anyway
}

/** How many upstream calls an operation may still make; `spend` throws an `UpstreamError` when none is left. */
export interface CallBudget {
  spend(upstream: string): void;
  left(): number;
}

/** What a read of many yields: whatever could be read, when, and how many records had to be left out. */
export interface Read<T> {
  readonly records: readonly T[];
  readonly observedAt: Micros;
  readonly unreadable: number; // malformed, or without the key that would address them
  readonly failure?: UpstreamError | undefined; // why these are old: the upstream has failed meanwhile
  readonly reasons?: readonly IncompleteReason[] | undefined; // why some may be missing, beside those that are unreadable
}

/** What is thrown to an operation whose signal has aborted. */
export const canceled = (upstream: string): UpstreamError =>
  new UpstreamError(upstream, 'canceled', 'the caller went away, or the operation ran out of time');
