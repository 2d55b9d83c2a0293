import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState as Circuit,
  ConsecutiveBreaker,
  DelegateBackoff,
  bulkhead,
  circuitBreaker,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import type { Micros } from '../domain/micros.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { CircuitState, UpstreamHealth } from '../domain/upstream.js';
import { type CallOptions, canceled } from './call.js';
import { startDeadline, unlessAborted } from './deadline.js';

const MAX_RETRIES = 2;
const LONGEST_WAIT_MS = 5_000; // an upstream that asks for more is told to the caller, who can wait better than we can
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

/** Says nothing about the upstream: it was not asked, or not long enough. */
const isOurs = (error: Error): boolean =>
  error instanceof UpstreamError && (error.reason === 'canceled' || error.reason === 'budgetExceeded');

/** An upstream that says "not there", "not like this" or "not so fast", in its own words, is up. */
const isDown = ({ reason, transient, errorCode }: UpstreamError): boolean =>
  reason === 'timeout' ||
  reason === 'unauthorized' ||
  reason === 'malformed' ||
  (reason === 'unavailable' && (transient || errorCode === null));

const isWorthRepeating = (error: Error): boolean =>
  error instanceof UpstreamError && error.transient && (error.retryAfterMs ?? 0) <= LONGEST_WAIT_MS;

export interface PolicyOptions {
  readonly upstream: string;
  readonly timeoutMs: number; // one attempt
  readonly maxConcurrent: number;
  readonly now: () => Micros;
  /** Told of each failed attempt that the upstream is to blame for. */
  readonly onFailure?: ((failure: UpstreamError) => void) | undefined;
}

type Attempt<T> = (signal: AbortSignal) => Promise<T>;

/** How calls to one upstream are made: at most so many at once, each with a time-out, and only reads twice. */
export interface Policy {
  /** Repeated at most twice, with full jitter, where the failure is one that passes. */
  read<T>(options: CallOptions, attempt: Attempt<T>): Promise<T>;
  /** Never repeated. */
  write<T>(options: CallOptions, attempt: Attempt<T>): Promise<T>;
  health(): UpstreamHealth;
  /** Milliseconds since the last call was answered or failed; `null` before the first. */
  sinceLastCallMs(): number | null;
}

/** One policy for each upstream; it outlives requests, since the breaker and the limit are about the upstream. */
export const createPolicy = ({ upstream, timeoutMs, maxConcurrent, now, onFailure }: PolicyOptions): Policy => {
  const again = retry(handleWhen(isWorthRepeating), {
    maxAttempts: MAX_RETRIES,
    backoff: new DelegateBackoff(({ attempt, result }) => {
      const asked = 'error' in result && result.error instanceof UpstreamError ? result.error.retryAfterMs : null;
      return (asked ?? 0) + Math.random() * BASE_WAIT_MS * 2 ** attempt;
    }),
  });
  const breaker: CircuitBreakerPolicy = circuitBreaker(
    // The one call that tries a half-open circuit must have been answered to close it.
    handleWhen((error) => isOutage(error) || (breaker.state === Circuit.HalfOpen && isOurs(error))),
    { halfOpenAfter: OPEN_MS, breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN) },
  );
  let openedAt = 0;
  breaker.onBreak(() => (openedAt = Date.now())); // the breaker's own clock
  const limit = bulkhead(maxConcurrent, Number.POSITIVE_INFINITY);
  const once = wrap(breaker, limit);
  const repeated = wrap(again, breaker, limit);

  let latencyMs: number | null = null;
  let lastSuccessAt: Micros | null = null;
  let lastFailure: UpstreamError | null = null;
  let down = false;
  let lastCallEnded: number | null = null;

  const timed = async <T>({ signal, budget }: CallOptions, attempt: Attempt<T>): Promise<T> => {
    if (signal?.aborted) throw canceled(upstream);
    budget?.spend(upstream);
    const deadline = startDeadline(timeoutMs, signal);
    const started = performance.now();
    try {
      // Not all that an attempt does heeds its signal: the SDK's search for credentials does not.
      const result = await unlessAborted(deadline.signal, attempt(deadline.signal), () => canceled(upstream));
      latencyMs = Math.round(performance.now() - started);
      lastSuccessAt = now();
      down = false;
      lastCallEnded = performance.now();
      return result;
    } catch (error) {
      if (signal?.aborted && !deadline.passed()) throw canceled(upstream);
      lastCallEnded = performance.now();
      const failure = deadline.passed()
        ? new UpstreamError(upstream, 'timeout', `no answer in ${timeoutMs} ms`)
        : error;
      if (failure instanceof UpstreamError) judge(failure); // anything else is a bug of ours, and stays what it is
      throw failure;
    } finally {
      deadline.end();
    }
  };

  /** Keeps what a failure says of the upstream's health. */
  const judge = (failure: UpstreamError): void => {
    down = isDown(failure);
    if (down) lastFailure = failure;
    else lastSuccessAt = now();
    if (failure.reason !== 'notFound') onFailure?.(failure);
  };

  const run = async <T>(
    policy: typeof once | typeof repeated,
    options: CallOptions,
    attempt: Attempt<T>,
  ): Promise<T> => {
    try {
      // The wait for a turn, and between attempts, ends with the operation too.
      const work = policy.execute(() => timed(options, attempt));
      return await unlessAborted(options.signal, work, () => canceled(upstream));
    } catch (error) {
      if (error instanceof BrokenCircuitError) {
        throw new UpstreamError(upstream, 'circuitOpen', 'failed too often; not asked for the moment', {
          retryAfterMs: Math.max(0, openedAt + OPEN_MS - Date.now()),
        });
      }
      throw error;
    }
  };

  return {
    read: (options, attempt) => run(repeated, options, attempt),
    write: (options, attempt) => run(once, options, attempt),
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
