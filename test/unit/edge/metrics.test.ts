import { describe, expect, it } from 'vitest';
import type { UpstreamHealth } from '../../../src/domain/upstream.js';
import { createMetrics } from '../../../src/edge/metrics.js';
import { parseMetrics } from '../../support/metrics.js';

const health = (told: Partial<UpstreamHealth> = {}): UpstreamHealth => ({
  status: 'UP',
  latencyMs: null,
  lastSuccessAt: null,
  lastError: null,
  circuit: 'CLOSED',
  ...told,
});

const readOf = async (metrics: { text(): Promise<string> }) => parseMetrics(await metrics.text());

describe('the metrics of a server', () => {
  it('count the calls to an upstream by how they ended, and their seconds', async () => {
    const metrics = createMetrics({ version: '0.0.0', redis: false });
    const east = metrics.observe('dc-east');
    east.attempted('ok', 40);
    east.attempted('ok', 2400);
    east.attempted('timeout', 20_000);
    east.retried();
    east.refused('circuitOpen');
    metrics.observe('dc-west').attempted('throttled', 3);
    const read = await readOf(metrics);
    expect(read('copygraph_upstream_calls_total', { upstream: 'dc-east', outcome: 'ok' })).toBe(2);
    expect(read('copygraph_upstream_calls_total', { upstream: 'dc-east', outcome: 'timeout' })).toBe(1);
    expect(read('copygraph_upstream_calls_total', { upstream: 'dc-west', outcome: 'throttled' })).toBe(1);
    expect(read('copygraph_upstream_call_seconds_count', { upstream: 'dc-east' })).toBe(3);
    expect(read('copygraph_upstream_call_seconds_sum', { upstream: 'dc-east' })).toBeCloseTo(22.44);
    expect(read('copygraph_upstream_call_seconds_bucket', { upstream: 'dc-east', le: '0.05' })).toBe(1);
    expect(read('copygraph_upstream_retries_total', { upstream: 'dc-east' })).toBe(1);
    expect(read('copygraph_upstream_calls_refused_total', { upstream: 'dc-east', reason: 'circuitOpen' })).toBe(1);
  });

  it('tell the state of each upstream as it is when they are read', async () => {
    const metrics = createMetrics({ version: '0.0.0', redis: false });
    let east = health({ status: 'UNKNOWN' });
    let running = 3;
    const load = () => ({ running: 2, waiting: 7 });
    metrics.watch([{ name: 'dc-east', health: () => east, load }], () => running);
    const first = await readOf(metrics);
    expect(first('copygraph_upstream_up', { upstream: 'dc-east' })).toBeUndefined();
    expect(first('copygraph_upstream_circuit', { upstream: 'dc-east' })).toBe(0);
    expect(first('copygraph_upstream_calls_running', { upstream: 'dc-east' })).toBe(2);
    expect(first('copygraph_upstream_calls_waiting', { upstream: 'dc-east' })).toBe(7);
    expect(first('copygraph_operations_running')).toBe(3);
    expect(first('copygraph_cache_reads_total', { upstream: 'dc-east', result: 'stale' })).toBe(0);
    expect(first('copygraph_upstream_calls_total', { upstream: 'dc-east', outcome: 'ok' })).toBe(0);
    running = 0;
    for (const [status, circuit, up, state] of [
      ['UP', 'HALF_OPEN', 1, 1],
      ['DOWN', 'OPEN', 0, 2],
    ] as const) {
      east = health({ status, circuit });
      const read = await readOf(metrics);
      expect(read('copygraph_upstream_up', { upstream: 'dc-east' })).toBe(up);
      expect(read('copygraph_upstream_circuit', { upstream: 'dc-east' })).toBe(state);
      expect(read('copygraph_operations_running')).toBe(0);
    }
  });

  it('count the rest of what happens', async () => {
    const metrics = createMetrics({ version: '0.0.0', redis: false });
    metrics.cacheRead('dc-east', 'hit');
    metrics.cacheRead('dc-east', 'hit');
    metrics.operation('query', 'partial', 1500);
    metrics.operation('subscription', 'ok', null);
    metrics.rejected('heap');
    metrics.failover('ACCEPTED');
    const read = await readOf(metrics);
    expect(read('copygraph_cache_reads_total', { upstream: 'dc-east', result: 'hit' })).toBe(2);
    expect(read('copygraph_operations_total', { kind: 'query', outcome: 'partial' })).toBe(1);
    expect(read('copygraph_operation_seconds_sum', { kind: 'query' })).toBe(1.5);
    expect(read('copygraph_operations_total', { kind: 'subscription', outcome: 'ok' })).toBe(1);
    expect(read('copygraph_operation_seconds_count', { kind: 'subscription' })).toBeUndefined();
    expect(read('copygraph_operations_rejected_total', { reason: 'heap' })).toBe(1);
    expect(read('copygraph_operations_rejected_total', { reason: 'concurrency' })).toBe(0);
    expect(read('copygraph_failovers_total', { outcome: 'ACCEPTED' })).toBe(1);
    expect(read('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  it('speak of Redis where one is configured, and only there', async () => {
    const without = createMetrics({ version: '0.0.0', redis: false });
    without.redisChanged('lost');
    expect(await without.text()).not.toContain('redis');
    const metrics = createMetrics({ version: '0.0.0', redis: true });
    const told = async () => {
      const read = await readOf(metrics);
      return [read('copygraph_redis_up'), read('copygraph_redis_lost_total')];
    };
    expect(await told()).toEqual([1, 0]);
    metrics.redisChanged('lost');
    expect(await told()).toEqual([0, 1]);
    metrics.redisChanged('back');
    expect(await told()).toEqual([1, 1]);
  });

  it('have names and units as Prometheus wants them, and a text for each', async () => {
    const metrics = createMetrics({ version: '0.0.0', redis: true });
    metrics.watch([], () => 0);
    const text = await metrics.text();
    const types = [...text.matchAll(/^# TYPE (copygraph_\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [
      name,
      type,
    ]);
    expect(types.length).toBeGreaterThan(15);
    for (const [name = '', type] of types) {
      expect(name).toMatch(type === 'counter' ? /_total$/ : /^(?!.*_total$)(?!.*_ms)/);
      expect(name.endsWith('_seconds')).toBe(type === 'histogram' || name.endsWith('_timestamp_seconds'));
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S.*\\.$`, 'm'));
    }
  });
});
