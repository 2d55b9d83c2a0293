import { describe, expect, it, vi } from 'vitest';
import { parseMetrics } from '../support/metrics.js';
import { cohesityAt, startFake } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { closing } from '../support/products.js';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { leaks, single, startOutage, vendors } from './vendors.js';
import { until } from '../support/until.js';

const read = async ({ url }: { readonly url: string }, method = 'GET') => {
  const response = await fetch(new URL('/metrics', url), { method });
  const text = await response.text();
  return { response, text, value: parseMetrics(text) };
};

describe('/metrics', () => {
  it('counts what has been asked and of whom, once each, and tells nothing else', async () => {
    const outage = await startOutage('cohesity', () => ({ status: 503, body: { message: 'SECRET' } }));
    const { gateway } = outage;
    await gateway.execute(`{ copyRun(id: "${vendors.cohesity.own[0]}") { id } }`);
    await gateway.execute('{ copyJob(copyJobId: "J1", upstream: "aws-prod") { id } }');
    await gateway.execute('{ upstreams { name } }');
    await gateway.execute('{ upstreams { nonsense } }');
    await gateway.execute('mutation { nonsense }');
    const { response, text, value } = await read(gateway);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const east = { upstream: 'dc-east' };
    const aws = { upstream: 'aws-prod' };
    expect(value('copygraph_upstream_calls_total', { ...east, outcome: 'unavailable' })).toBe(3);
    expect(value('copygraph_upstream_calls_total', { ...east, outcome: 'ok' })).toBe(0);
    expect(value('copygraph_upstream_call_seconds_count', east)).toBe(3);
    expect(value('copygraph_upstream_retries_total', east)).toBe(2);
    expect(value('copygraph_upstream_up', east)).toBe(0);
    expect(value('copygraph_upstream_calls_total', { ...aws, outcome: 'ok' })).toBe(1);
    expect(value('copygraph_upstream_retries_total', aws)).toBe(0);
    expect(value('copygraph_upstream_up', aws)).toBe(1);
    expect(value('copygraph_upstream_circuit', aws)).toBe(0);
    expect(value('copygraph_upstream_calls_running', aws)).toBe(0);
    expect(value('copygraph_operations_total', { kind: 'query', outcome: 'ok' })).toBe(2);
    expect(value('copygraph_operations_total', { kind: 'query', outcome: 'failed' }) ?? 0).toBe(0);
    expect(value('copygraph_operations_total', { kind: 'query', outcome: 'partial' })).toBe(1);
    expect(value('copygraph_operations_total', { kind: 'unknown', outcome: 'failed' })).toBe(2);
    expect(value('copygraph_operation_seconds_count', { kind: 'query' })).toBe(3);
    expect(leaks(text, outage)).toEqual([]);
    expect(text).not.toMatch(/SECRET|J1|https?:|127\.0\.0\.1|VM Gold/);
  });

  it('needs no key, where requests do, and answers any method as the other endpoints do', async () => {
    const upstreams = [{ id: 'dc-east', kind: 'cohesity', url: 'http://127.0.0.1:9', auth: { apiKey: 'k' } }] as const;
    const sha256 = 'fe06137d01a104bd54937f3bbb60566ae4f2c2892f752bec9579f51030a04599';
    const auth = { apiKeys: [{ name: 'board', sha256, scopes: ['copy:read'] }] } as const;
    const gateway = closing(
      await startGateway({
        upstreams,
        auth: { apiKeys: auth.apiKeys.map((key) => ({ ...key, scopes: [...key.scopes] })) },
      }),
    );
    expect((await gateway.execute('{ __typename }')).status).toBe(401);
    for (const method of ['GET', 'POST', 'HEAD']) expect((await read(gateway, method)).response.status).toBe(200);
  });

  it('tells the circuit, and what was refused while it was open', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { gateway } = await startOutage('cohesity', () => ({ status: 503, body: '' }));
    for (let asked = 0; asked < 5; asked += 1) await gateway.execute(single.cohesity);
    const { value } = await read(gateway);
    expect(value('copygraph_upstream_circuit', { upstream: 'dc-east' })).toBe(2);
    expect(value('copygraph_upstream_calls_total', { upstream: 'dc-east', outcome: 'unavailable' })).toBe(10);
    const refused = { upstream: 'dc-east', reason: 'circuitOpen' };
    expect(value('copygraph_upstream_calls_refused_total', refused)).toBeGreaterThan(0);
    expect(gateway.logs.map((line): unknown => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level: 40, upstream: 'dc-east', circuit: 'OPEN', msg: 'circuit changed' }),
    );
  });

  it('is of one server: another in the same process begins with nothing', async () => {
    const { gateway } = await startOutage('cohesity', (_request, _raw, usual) => usual());
    await gateway.execute(single.cohesity);
    const other = await startOutage('cohesity', (_request, _raw, usual) => usual());
    const { value } = await read(other.gateway);
    expect(value('copygraph_upstream_calls_total', { upstream: 'dc-east', outcome: 'ok' })).toBe(0);
  });
});

describeWithRedis('/metrics of a gateway with a Redis', () => {
  it('says when it is lost and when it is back', async () => {
    const redis = await startRedis('s3cret');
    const fake = closing(await startFake(() => ({ body: [] })));
    const gateway = closing(await startGateway({ upstreams: [cohesityAt(fake)], redis: { url: redis.url } }));
    const told = async () => {
      const { text, value } = await read(gateway);
      expect(text).not.toMatch(/s3cret|redis:\/\//);
      return [value('copygraph_redis_up'), value('copygraph_redis_lost_total')];
    };
    expect(await told()).toEqual([1, 0]);
    await redis.kill();
    await until(async () => expect(await told()).toEqual([0, 1]));
    await redis.start();
    await until(async () => expect(await told()).toEqual([1, 1]));
  });
});
