import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState as Circuit,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import type { CallLoad, CallObserver, CallOutcome } from '../domain/call-observer.js';
import type { TracedAttempt } from '../domain/call-trace.js';
import type { CallKind, CallRate } from '../domain/call-rate.js';
import type { Micros } from '../domain/micros.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { CircuitState, UpstreamHealth } from '../domain/upstream.js';
import type { Wait } from '../domain/wait.js';
import { duringAttempt } from './attempt.js';
import { type CallOptions, canceled } from './call.js';
import { wait } from './clock.js';
import { startDeadline, unlessAborted } from './deadline.js';
import { createRetryBudget } from './retry-budget.js';
import { createTurns } from './turns.js';

const MAX_RETRIES = 2;
const LONGEST_WAIT_MS = 5_000; // a longer wait is reported to the caller, who can wait better than we can
const BASE_WAIT_MS = 100;
const FAILURES_TO_OPEN = 10;
const OPEN_MS = 5_000;

const circuits: Readonly<Record<Circuit, CircuitState>> = {
  [Circuit.Closed]: 'CLOSED',
  [Circuit.Open]: 'OPEN',
  [Circuit.HalfOpen]: 'HALF_OPEN',
  [Circuit.Isolated]: 'OPEN',
};

const isOutage = (error: Error): boolean =>
  error instanceof UpstreamError && (error.reason === 'timeout' || (error.reason === 'unavailable' && error.transient));

/** Whether the call was not made. */
const wasNotMade = ({ reason, transient }: UpstreamError): boolean =>
  reason === 'circuitOpen' || reason === 'budgetExceeded' || (reason === 'throttled' && !transient);

/** Whether an error says nothing about the upstream: it was not called, or not for long enough. */
const isOurs = (error: Error): boolean =>
  error instanceof UpstreamError && (error.reason === 'canceled' || wasNotMade(error));

/** Whether the upstream is down. One that answers "not found", "bad request" or "too fast" in its own words is up. */
const isDown = ({ reason, transient, errorCode }: UpstreamError): boolean =>
  reason === 'timeout' ||
  reason === 'unauthorized' ||
  reason === 'malformed' ||
  (reason === 'unavailable' && (transient || errorCode === null));

const isWorthRepeating = (error: unknown): error is UpstreamError =>
  error instanceof UpstreamError && error.transient && (error.retryAfterMs ?? 0) <= LONGEST_WAIT_MS;

export interface PolicyOptions {
  readonly upstream: string;
  readonly timeoutMs: number; // for one attempt
  readonly maxConcurrent: number;
  readonly now: () => Micros;
  readonly wait?: Wait | undefined; // the system's, if absent
  /** The rate for calls that name their kind. Without it, they are not limited. */
  readonly rate?: CallRate | undefined;
  readonly observer?: CallObserver | undefined;
  /** Receives each failed attempt that is the upstream's fault. */
  readonly onFailure?: ((failure: UpstreamError) => void) | undefined;
}

type Attempt<T> = (signal: AbortSignal) => Promise<T>;

/** How calls to one upstream are made: a limited number at once, each with a timeout, and only reads repeated. */
export interface Policy {
  /**
   * Repeats a read at most twice, with full jitter. It repeats only a transient failure, if the retry budget allows it
   * and the wait ends before the operation's deadline.
   */
  read<T>(options: CallOptions, attempt: Attempt<T>, kind?: CallKind): Promise<T>;
  /** Never repeats. */
  write<T>(options: CallOptions, attempt: Attempt<T>): Promise<T>;
  health(): UpstreamHealth;
  load(): CallLoad;
  /** Milliseconds since the last call ended; `null` before the first. */
  sinceLastCallMs(): number | null;
}

/** One policy for each upstream. It outlives requests, because the breaker and the limits belong to the upstream. */
export const createPolicy = (options: PolicyOptions): Policy => {
  const { upstream, timeoutMs, maxConcurrent, now, rate, observer, onFailure, wait: pauseFor = wait } = options;
  const breaker: CircuitBreakerPolicy = circuitBreaker(
    // The one call that tests a half-open circuit must have been answered to close it.
    handleWhen((error) => isOutage(error) || (breaker.state === Circuit.HalfOpen && isOurs(error))),
    { halfOpenAfter: OPEN_MS, breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN) },
  );
  let openedAt = 0;
  breaker.onBreak(() => (openedAt = Date.now())); // the breaker's own clock
  breaker.onStateChange((state) => observer?.circuitChanged(circuits[state]));
  const turns = createTurns({ upstream, maxConcurrent, rate });
  const repeats = createRetryBudget();

  let latencyMs: number | null = null;
  let lastSuccessAt: Micros | null = null;
  let lastFailure: UpstreamError | null = null;
  let down = false;
  let lastCallEnded: number | null = null;

  const tell = (outcome: CallOutcome, ms: number, traced: TracedAttempt | null): void => {
    observer?.attempted(outcome, ms);
    traced?.ended(outcome);
  };

  const timed = async <T>(
    { signal, budget, patienceMs, trace = observer?.trace }: CallOptions,
    attempt: Attempt<T>,
    isFirst: boolean,
  ): Promise<T> => {
    if (signal?.aborted) throw canceled(upstream);
    if (breaker.state === Circuit.Open) throw new BrokenCircuitError(); // it opened while this call waited for its turn
    budget?.spend(upstream);
    if (isFirst) repeats.earn();
    const longestMs = Math.min(timeoutMs, patienceMs ?? timeoutMs);
    const deadline = startDeadline(longestMs, signal);
    const started = performance.now();
    const traced = trace?.attempt(upstream) ?? null;
    const ended = (outcome: CallOutcome): void => tell(outcome, performance.now() - started, traced);
    try {
      // Some work ignores its signal, such as the SDK's search for credentials.
      const work = duringAttempt(traced, () => attempt(deadline.signal));
      const result = await unlessAborted(deadline.signal, work, () => canceled(upstream));
      ended('ok');
      latencyMs = Math.round(performance.now() - started);
      lastSuccessAt = now();
      down = false;
      lastCallEnded = performance.now();
      return result;
    } catch (error) {
      if (signal?.aborted && !deadline.passed()) {
        ended('canceled');
        throw canceled(upstream);
      }
      lastCallEnded = performance.now();
      const failure = deadline.passed()
        ? new UpstreamError(upstream, 'timeout', `no answer in ${Math.round(longestMs)} ms`)
        : error;
      ended(failure instanceof UpstreamError ? failure.reason : 'internal');
      if (failure instanceof UpstreamError) judge(failure); // any other error is a bug of ours, and stays as it is
      throw failure;
    } finally {
      deadline.end();
    }
  };

  /** Records the effect of a failure on the upstream's health. */
  const judge = (failure: UpstreamError): void => {
    down = isDown(failure);
    if (down) lastFailure = failure;
    else lastSuccessAt = now();
    if (failure.reason !== 'notFound') onFailure?.(failure);
  };

  const once = async <T>(
    call: CallOptions,
    attempt: Attempt<T>,
    kind: CallKind | undefined,
    isFirst: boolean,
  ): Promise<T> => {
    try {
      const work = breaker.execute(() => turns.run(call, kind, () => timed(call, attempt, isFirst)));
      // The operation's end also ends the wait for the call that tests a half-open circuit.
      return await unlessAborted(call.signal, work, () => canceled(upstream));
    } catch (error) {
      const failure =
        error instanceof BrokenCircuitError
          ? new UpstreamError(upstream, 'circuitOpen', 'failed too often; no calls are made to it for the moment', {
              retryAfterMs: Math.max(0, openedAt + OPEN_MS - Date.now()),
            })
          : error;
      if (failure instanceof UpstreamError && wasNotMade(failure)) observer?.refused(failure.reason);
      throw failure;
    }
  };

  /** How long to wait before the next attempt, in milliseconds; `null` if there must be none. */
  const pauseAfter = (error: unknown, attempts: number, { deadlineAt }: CallOptions): number | null => {
    if (attempts > MAX_RETRIES || !isWorthRepeating(error)) return null;
    const pauseMs = (error.retryAfterMs ?? 0) + Math.random() * BASE_WAIT_MS * 2 ** attempts;
    if (deadlineAt !== undefined && performance.now() + pauseMs >= deadlineAt) return null;
    return repeats.spend() ? pauseMs : null;
  };

  const read = async <T>(call: CallOptions, attempt: Attempt<T>, kind?: CallKind): Promise<T> => {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await once(call, attempt, kind, attempts === 1);
      } catch (error) {
        const pauseMs = pauseAfter(error, attempts, call);
        if (pauseMs === null) throw error;
        observer?.retried();
        await pauseFor(pauseMs, call.signal);
        if (call.signal?.aborted) throw canceled(upstream);
      }
    }
  };

  return {
    read,
    write: (call, attempt) => once(call, attempt, undefined, true),
    load: turns.load,
    health: () => ({
      status: down ? 'DOWN' : lastSuccessAt === null ? 'UNKNOWN' : 'UP',
      latencyMs,
      lastSuccessAt,
      lastError: lastFailure?.reason ?? null,
      circuit: circuits[breaker.state],
    }),
    sinceLastCallMs: () => (lastCallEnded === null ? null : performance.now() - lastCallEnded),
  };
};
