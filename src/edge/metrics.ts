import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallLoad, CallObserver } from '../domain/call-observer.js';
import { type CacheResult, cacheResults } from '../domain/cache-result.js';
import { attemptOutcomes } from '../domain/failover-attempt.js';
import type { CircuitState, HealthStatus, UpstreamHealth } from '../domain/upstream.js';
import { type CopyMetrics, type CopyMetricsOptions, createCopyMetrics } from './copy-metrics.js';
import { createNotifyMetrics } from './notify-metrics.js';
import { processMetrics } from './process-metrics.js';
import { createReloadMetrics } from './reload-metrics.js';
import { type RefusalReason, refusalReasons } from './token-refusal.js';

/** An upstream whose state is read at each scrape. */
export interface WatchedUpstream {
  readonly name: string; // its id in the config
  health(): UpstreamHealth;
  load(): CallLoad;
}

/** The reasons for refusing an operation. */
const rejections = ['concurrency', 'event_loop', 'heap', 'rate'] as const;
export type Rejection = (typeof rejections)[number];

/** The ways a query got its answer. */
const answerResults = ['executed', 'joined', 'kept'] as const;
type AnswerResult = (typeof answerResults)[number];

export type OperationKind = 'query' | 'mutation' | 'subscription' | 'unknown';
export type OperationOutcome = 'ok' | 'partial' | 'failed';

interface MetricsOptions {
  /** Whether a Redis is configured; without one, its metrics are absent. */
  readonly redis: boolean;
  readonly version: string;
}

/** The counts of one server. Labels are ids of the config and words of ours, never text from a vendor or a caller. */
export interface Metrics {
  readonly contentType: string;
  /** The Prometheus text format. */
  text(): Promise<string>;
  /** The observer of an upstream's calls. */
  observe(upstream: string): Omit<CallObserver, 'circuitChanged'>;
  /** Tokens are accepted from now on; before that, their metrics are absent. */
  takeTokens(): void;
  /**
   * From now on, each scrape reads these upstreams instead of the earlier ones; `operations` counts the running ones.
   */
  watch(upstreams: readonly WatchedUpstream[], operations: () => number): void;
  /** From now on, each scrape reads the figures of the copies. */
  watchCopies(options: Omit<CopyMetricsOptions, 'registry'>): CopyMetrics;
  cacheRead(upstream: string, result: CacheResult): void;
  redisChanged(state: 'lost' | 'back'): void;
  redisIsSlow(slow: boolean): void;
  operation(kind: OperationKind, outcome: OperationOutcome, ms: number | null): void;
  rejected(reason: Rejection): void;
  tokenRefused(reason: RefusalReason): void;
  failover(outcome: string): void;
  /** Counts a rule's notifications by result. */
  notified(name: string, result: string, count: number): void;
  /** Counts a reload of the config. */
  reloaded(success: boolean): void;
  answer(result: AnswerResult): void;
}

const callSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60];
const operationSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const circuits: Readonly<Record<CircuitState, number>> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 };
const statuses: Readonly<Record<HealthStatus, number | null>> = { UP: 1, DOWN: 0, UNKNOWN: null };

/** A registry for each server: a process may have several, one after another or side by side. */
export const createMetrics = ({ redis, version }: MetricsOptions): Metrics => {
  const registry = Registry.merge([processMetrics()]);
  const registers = [registry];

  const labelNames = ['upstream'] as const;
  const counter = <L extends string>(name: string, help: string, ...labels: readonly L[]): Counter<L> =>
    new Counter({ name, help, labelNames: labels, registers });

  const calls = counter(
    'copygraph_upstream_calls_total',
    'Attempts of calls to an upstream, by result: ok, or the reason of the failure.',
    'upstream',
    'outcome',
  );
  const seconds = new Histogram({
    name: 'copygraph_upstream_call_seconds',
    help: 'How long an attempt took, in seconds.',
    labelNames,
    buckets: callSeconds,
    registers,
  });
  const retries = counter(
    'copygraph_upstream_retries_total',
    'Reads that were repeated; they are counted as calls too.',
    'upstream',
  );
  const refused = counter(
    'copygraph_upstream_calls_refused_total',
    'Calls that were not made: circuitOpen, budgetExceeded, or throttled by callsPerSecond.',
    'upstream',
    'reason',
  );
  const cacheReads = counter(
    'copygraph_cache_reads_total',
    'Reads of the record cache: found here or in Redis (hit), read from the upstream (miss), joined to a running read (joined), or old because the upstream failed (stale).',
    'upstream',
    'result',
  );
  const operations = counter(
    'copygraph_operations_total',
    'Operations answered: without an error (ok), with data and errors (partial), or without data (failed). The kind is unknown if the query was refused; a subscription counts when it begins.',
    'kind',
    'outcome',
  );
  const operationTook = new Histogram({
    name: 'copygraph_operation_seconds',
    help: 'How long a query or mutation took, in seconds.',
    labelNames: ['kind'],
    buckets: operationSeconds,
    registers,
  });
  const rejected = counter(
    'copygraph_operations_rejected_total',
    'Operations refused: too many at once (concurrency), a late event loop (event_loop), little memory left (heap), or too many by one caller in a minute (rate).',
    'reason',
  );
  const failovers = counter('copygraph_failovers_total', 'Requested failovers, by outcome.', 'outcome');
  const answers = counter(
    'copygraph_answers_total',
    'Queries by the way they were answered: executed, joined to an equal running one, or from the cache of answers (kept).',
    'result',
  );
  for (const result of answerResults) answers.inc({ result }, 0);
  for (const reason of rejections) rejected.inc({ reason }, 0);
  for (const outcome of attemptOutcomes) failovers.inc({ outcome }, 0);
  let tokensRefused: Counter<'reason'> | null = null;
  let watched: readonly WatchedUpstream[] | null = null;

  const redisUp = redis
    ? new Gauge({
        name: 'copygraph_redis_up',
        help: 'Whether Redis is reachable and accepts writes: 1 or 0.',
        registers,
      })
    : null;
  const redisSlow = redis
    ? new Gauge({
        name: 'copygraph_redis_slow',
        help: 'Whether Redis is too slow to wait for: 1 or 0.',
        registers,
      })
    : null;
  const redisLost = redis ? counter('copygraph_redis_lost_total', 'How often Redis was lost, or refused.') : null;
  redisUp?.set(1);
  new Gauge({
    name: 'copygraph_build_info',
    help: '1, with the version of this gateway.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observe: (upstream) => ({
      attempted: (outcome, ms) => {
        calls.inc({ upstream, outcome });
        seconds.observe({ upstream }, ms / 1000);
      },
      retried: () => retries.inc({ upstream }),
      refused: (reason) => refused.inc({ upstream, reason }),
    }),
    takeTokens: () => {
      if (tokensRefused !== null) return;
      tokensRefused = counter('copygraph_tokens_refused_total', 'JWTs that were refused, by the reason.', 'reason');
      for (const reason of refusalReasons) tokensRefused.inc({ reason }, 0);
    },
    watch: (upstreams, running) => {
      // Starts at 0 rather than absent, because a rate needs a first value.
      for (const { name: upstream } of upstreams) {
        calls.inc({ upstream, outcome: 'ok' }, 0);
        retries.inc({ upstream }, 0);
        for (const result of cacheResults) cacheReads.inc({ upstream, result }, 0);
      }
      const isFirst = watched === null;
      watched = upstreams;
      if (!isFirst) return;
      const gauge = (name: string, help: string, value: (upstream: WatchedUpstream) => number | null): void => {
        new Gauge({
          name,
          help,
          labelNames,
          registers,
          collect() {
            this.reset(); // removed upstreams disappear
            for (const upstream of watched ?? []) {
              const now = value(upstream);
              if (now !== null) this.set({ upstream: upstream.name }, now);
            }
          },
        });
      };
      gauge(
        'copygraph_upstream_up',
        'Whether the last call was answered: 1 or 0; absent before the first.',
        (upstream) => statuses[upstream.health().status],
      );
      gauge(
        'copygraph_upstream_circuit',
        'Whether calls are made: 0 closed, all are; 1 half open, one is; 2 open, none is.',
        (upstream) => circuits[upstream.health().circuit],
      );
      gauge('copygraph_upstream_calls_running', 'Running calls.', (upstream) => upstream.load().running);
      gauge('copygraph_upstream_calls_waiting', 'Calls waiting for their turn.', (upstream) => upstream.load().waiting);
      new Gauge({
        name: 'copygraph_operations_running',
        help: 'Running operations, without subscriptions.',
        registers,
        collect() {
          this.set(running());
        },
      });
    },
    watchCopies: (options) => createCopyMetrics({ registry, ...options }),
    cacheRead: (upstream, result) => cacheReads.inc({ upstream, result }),
    redisChanged: (state) => {
      redisUp?.set(state === 'lost' ? 0 : 1);
      if (state === 'lost') redisLost?.inc();
    },
    redisIsSlow: (slow) => redisSlow?.set(slow ? 1 : 0),
    operation: (kind, outcome, ms) => {
      operations.inc({ kind, outcome });
      if (ms !== null) operationTook.observe({ kind }, ms / 1000);
    },
    rejected: (reason) => rejected.inc({ reason }),
    tokenRefused: (reason) => tokensRefused?.inc({ reason }),
    notified: createNotifyMetrics(registry),
    failover: (outcome) => failovers.inc({ outcome }),
    reloaded: createReloadMetrics(registry),
    answer: (result) => answers.inc({ result }),
  };
};
