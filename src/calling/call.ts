import type { Micros } from '../domain/micros.js';
import type { CallTrace } from '../domain/call-trace.js';
import type { IncompleteReason } from '../domain/incomplete-reason.js';
import { UpstreamError } from '../domain/upstream-error.js';

/** The options that an operation gives to each of its upstream calls. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined; // aborts when the caller goes away or the operation's deadline passes
  readonly budget?: CallBudget | undefined;
  // the same deadline by `performance.now()`: a call that must wait longer fails at once
  readonly deadlineAt?: number | undefined;
  readonly patienceMs?: number | undefined; // the longest time for one attempt
  // as `maxAgeMs`, but only for records that may still change; finished records keep the cache's own time
  readonly movingMaxAgeMs?: number | undefined;
  /** Receives the number of milliseconds for which an earlier read stays valid. */
  readonly stands?: ((ms: number) => void) | undefined;
  /** How long records must stay valid from now on, in milliseconds: those that expire earlier are read again. */
  readonly aheadMs?: number | undefined;
  readonly trace?: CallTrace | undefined; // follows the attempts; absent if no operation asks for the call
  readonly maxAgeMs?: number | undefined; // the oldest answer the caller accepts; 0 always asks the upstream
}

/** The upstream calls an operation may still make; `spend` throws an `UpstreamError` when none is left. */
export interface CallBudget {
  spend(upstream: string): void;
  left(): number;
}

/** The result of reading many records: those that could be read, the time, and the number left out. */
export interface Read<T> {
  readonly records: readonly T[];
  readonly observedAt: Micros;
  readonly unreadable: number; // malformed, or without a key
  readonly failure?: UpstreamError | undefined; // the upstream's failure that made us use older records
  readonly reasons?: readonly IncompleteReason[] | undefined; // why records may be missing, apart from unreadable ones
}

/** The error for an operation whose signal has aborted. */
export const canceled = (upstream: string): UpstreamError =>
  new UpstreamError(upstream, 'canceled', 'the caller went away, or the operation ran out of time');
