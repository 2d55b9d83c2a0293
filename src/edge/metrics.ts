import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { CallLoad, CallObserver } from '../domain/call-observer.js';
import { type CacheResult, cacheResults } from '../domain/cache-result.js';
import { attemptOutcomes } from '../domain/failover-attempt.js';
import type { CircuitState, HealthStatus, UpstreamHealth } from '../domain/upstream.js';
import { type CopyMetrics, type CopyMetricsOptions, createCopyMetrics } from './copy-metrics.js';
import { createNotifyMetrics } from './notify-metrics.js';
import { createReloadMetrics } from './reload-metrics.js';
import { type RefusalReason, refusalReasons } from './token-refusal.js';

/** An upstream whose state is read when the metrics are. */
export interface WatchedUpstream {
  readonly name: string; // its id in the config
  health(): UpstreamHealth;
  load(): CallLoad;
}

/** Why an operation was turned away. */
const rejections = ['concurrency', 'event_loop', 'heap', 'rate'] as const;
export type Rejection = (typeof rejections)[number];

/** How a query came by its answer. */
const answerResults = ['executed', 'joined', 'kept'] as const;
type AnswerResult = (typeof answerResults)[number];

export type OperationKind = 'query' | 'mutation' | 'subscription' | 'unknown';
export type OperationOutcome = 'ok' | 'partial' | 'failed';

interface MetricsOptions {
  /** Whether a Redis is configured; without one, nothing is said of it. */
  readonly redis: boolean;
  readonly version: string;
}

/** What one server counts. Its labels are ids of the config and words of ours, never anything that a vendor or a caller sent. */
export interface Metrics {
  readonly contentType: string;
  /** The Prometheus text format. */
  text(): Promise<string>;
  /** What the calls to an upstream tell. */
  observe(upstream: string): Omit<CallObserver, 'circuitChanged'>;
  /** Tokens are taken from now on; until then nothing is said of them. */
  takeTokens(): void;
  /** Reads these from now on, in place of those before, whenever somebody asks; `operations` are those that run. */
  watch(upstreams: readonly WatchedUpstream[], operations: () => number): void;
  /** Reads what the copies come to from now on, whenever somebody asks. */
  watchCopies(options: Omit<CopyMetricsOptions, 'registry'>): CopyMetrics;
  cacheRead(upstream: string, result: CacheResult): void;
  redisChanged(state: 'lost' | 'back'): void;
  redisIsSlow(slow: boolean): void;
  operation(kind: OperationKind, outcome: OperationOutcome, ms: number | null): void;
  rejected(reason: Rejection): void;
  tokenRefused(reason: RefusalReason): void;
  failover(outcome: string): void;
  /** What became of notifications of a rule. */
  notified(name: string, result: string, count: number): void;
  /** How a reload of the config went. */
  reloaded(success: boolean): void;
  answer(result: AnswerResult): void;
}

const callSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60];
const operationSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const circuits: Readonly<Record<CircuitState, number>> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 };
const statuses: Readonly<Record<HealthStatus, number | null>> = { UP: 1, DOWN: 0, UNKNOWN: null };

/** A registry for each server: a test starts many in one process. */
export const createMetrics = ({ redis, version }: MetricsOptions): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const labelNames = ['upstream'] as const;
  const counter = <L extends string>(name: string, help: string, ...labels: readonly L[]): Counter<L> =>
    new Counter({ name, help, labelNames: labels, registers });

  const calls = counter(
    'copygraph_upstream_calls_total',
    'Attempts of calls to an upstream, by how they ended: ok, or the reason of the failure.',
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
    'Reads that were tried again; they are among the calls too.',
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
    'Reads of the record cache: found, here or in Redis (hit), asked for (miss), asked for with another (joined), or old since the upstream failed (stale).',
    'upstream',
    'result',
  );
  const operations = counter(
    'copygraph_operations_total',
    'Operations answered: without an error (ok), with data and errors (partial), or without data (failed). Their kind is unknown where the query was refused; a subscription counts when it begins.',
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
    'Operations turned away: too many at once (concurrency), a late event loop (event_loop), little memory left (heap), or too many of one caller in a minute (rate).',
    'reason',
  );
  const failovers = counter(
    'copygraph_failovers_total',
    'Failovers that were asked for, by what became of them.',
    'outcome',
  );
  const answers = counter(
    'copygraph_answers_total',
    'Queries by how they came by their answer: executed, joined to an equal one under way, or answered by one that was kept.',
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
        help: 'Whether Redis is there and takes what is written: 1 or 0.',
        registers,
      })
    : null;
  const redisSlow = redis
    ? new Gauge({
        name: 'copygraph_redis_slow',
        help: 'Whether Redis is too slow to be waited for: 1 or 0.',
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
      // What has not happened yet is 0, and no gap: a rate needs something to begin with.
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
            this.reset(); // one that is gone is told no more
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
        'Whether calls are let through: 0 closed, so they are; 1 half open, so one is; 2 open.',
        (upstream) => circuits[upstream.health().circuit],
      );
      gauge('copygraph_upstream_calls_running', 'Calls under way.', (upstream) => upstream.load().running);
      gauge(
        'copygraph_upstream_calls_waiting',
        'Calls that wait for their turn.',
        (upstream) => upstream.load().waiting,
      );
      new Gauge({
        name: 'copygraph_operations_running',
        help: 'Operations under way; those that stream are not among them.',
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
