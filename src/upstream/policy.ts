import {
  BrokenCircuitError,
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
import type { CallOptions } from './call.js';

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

const isWorthRepeating = (error: Error): boolean =>
  error instanceof UpstreamError && error.transient && (error.retryAfterMs ?? 0) <= LONGEST_WAIT_MS;

export interface PolicyOptions {
  readonly upstream: string;
  readonly timeoutMs: number; // one attempt
  readonly maxConcurrent: number;
  readonly now: () => Micros;
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
export const createPolicy = ({ upstream, timeoutMs, maxConcurrent, now }: PolicyOptions): Policy => {
  const again = retry(handleWhen(isWorthRepeating), {
    maxAttempts: MAX_RETRIES,
    backoff: new DelegateBackoff(({ attempt, result }) => {
      const asked = 'error' in result && result.error instanceof UpstreamError ? result.error.retryAfterMs : null;
      return (asked ?? 0) + Math.random() * BASE_WAIT_MS * 2 ** attempt;
    }),
  });
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
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
    const deadline = AbortSignal.timeout(timeoutMs);
    const started = performance.now();
    try {
      const result = await attempt(signal === undefined ? deadline : AbortSignal.any([signal, deadline]));
      latencyMs = Math.round(performance.now() - started);
      lastSuccessAt = now();
      down = false;
      return result;
    } catch (error) {
      if (signal?.aborted) throw canceled(upstream);
      const failure = deadline.aborted
        ? new UpstreamError(upstream, 'timeout', `no answer within ${timeoutMs} ms`)
        : error instanceof UpstreamError
          ? error
          : new UpstreamError(upstream, 'unavailable', error instanceof Error ? error.message : String(error));
      // An upstream that says "not there" or "not like this" is up.
      down = failure.reason !== 'notFound' && failure.reason !== 'rejected' && failure.reason !== 'tooLarge';
      if (down) lastFailure = failure;
      else lastSuccessAt = now();
      throw failure;
    } finally {
      lastCallEnded = performance.now();
    }
  };

  const run = async <T>(
    policy: typeof once | typeof repeated,
    options: CallOptions,
    attempt: Attempt<T>,
  ): Promise<T> => {
    try {
      return await policy.execute(() => timed(options, attempt));
    } catch (error) {
      if (error instanceof BrokenCircuitError) {
        throw new UpstreamError(upstream, 'circuitOpen', 'failed too often; not asked for the moment', {
          retryAfterMs: OPEN_MS,
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

const canceled = (upstream: string): UpstreamError =>
  new UpstreamError(upstream, 'canceled', 'the caller went away, or the operation ran out of time');
