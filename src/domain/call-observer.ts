import type { UpstreamFailure } from './upstream-error.js';
import type { CallTrace } from './call-trace.js';
import type { CircuitState } from './upstream.js';

/** How an attempt ended; `internal` is a bug of ours. */
export type CallOutcome = 'ok' | 'internal' | UpstreamFailure;

/** Observes the calls to one upstream as they happen, for metrics and the log. */
export interface CallObserver {
  /** An attempt has ended, `ms` milliseconds after it left. */
  attempted(outcome: CallOutcome, ms: number): void;
  /** A read is about to be repeated. */
  retried(): void;
  /** A call was not made: the circuit is open, the operation has used up its calls, or its turn would come too late. */
  refused(reason: UpstreamFailure): void;
  circuitChanged(state: CircuitState): void;
  /** Follows the attempts that no operation asked for. */
  readonly trace?: CallTrace | undefined;
}

/** The calls to one upstream at this moment. */
export interface CallLoad {
  readonly running: number;
  readonly waiting: number;
}
