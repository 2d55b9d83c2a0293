import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../support/fake.js';
import { type Outage, single, startOutage, vendors } from './vendors.js';
import { until } from '../support/until.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] }); // the breaker goes by the clock; timers stay real
  vi.spyOn(Math, 'random').mockReturnValue(0); // no wait between attempts
});
afterEach(() => void vi.useRealTimers());

const laterBy = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

const health = async ({ gateway }: Outage, id: string) => {
  const { data } = await gateway.execute(
    'query ($id: String!) { upstream(name: $id) { health { status circuit lastError lastSuccessAt } } }',
    { id },
  );
  return data.upstream.health;
};

describe.each(['cohesity', 'aws-backup'] as const)('the circuit of an upstream of the kind %s', (vendor) => {
  const { id } = vendors[vendor];
  const [query = ''] = single[vendor].match(/node\(.*?\) \{ id \}/) ?? [];
  const ask = ({ gateway }: Outage) => gateway.execute(`{ ${query} }`);

  /** An upstream that fails until the test calls `recover`. */
  const startFailing = async (reply: () => Reply = () => ({ status: 503, body: '' })) => {
    let recovered = false;
    const outage = await startOutage(vendor, (_request, _raw, usual) => (recovered ? usual() : reply()));
    return { ...outage, recover: () => void (recovered = true) };
  };

  /** Ten failures in a row: three attempts for each of three reads, and one more. */
  const open = async (outage: Outage) => {
    for (let read = 1; read <= 3; read += 1) {
      const { errors } = await ask(outage);
      expect(errors[0]?.extensions.code).toBe('UPSTREAM_UNAVAILABLE');
    }
    expect(await health(outage, id)).toMatchObject({ status: 'DOWN', circuit: 'CLOSED', lastError: 'unavailable' });
    await ask(outage);
    expect(outage.broken.seen.length).toBe(10);
  };

  it('opens after ten failures in a row, says for how long, and asks no more', async () => {
    const outage = await startFailing();
    await open(outage);
    laterBy(2000);
    const { data, errors } = await ask(outage);
    expect(data.node).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_CIRCUIT_OPEN', upstream: id } }]);
    expect(errors[0]?.extensions.retryAfterMs).toBeGreaterThan(2000);
    expect(errors[0]?.extensions.retryAfterMs).toBeLessThanOrEqual(3000);
    expect(outage.broken.seen.length).toBe(10);
    expect(await health(outage, id)).toMatchObject({ status: 'DOWN', circuit: 'OPEN' });
    const list = await outage.gateway.execute(
      '{ copyOperations { nodes { id } upstreamReports { upstream { name } error { code retryAfterMs } } } }',
    );
    expect(list.data.copyOperations.nodes).toEqual(vendors[vendor].others.map((one) => ({ id: one })));
    expect(list.data.copyOperations.upstreamReports).toContainEqual({
      upstream: { name: id },
      error: { code: 'UPSTREAM_CIRCUIT_OPEN', retryAfterMs: expect.any(Number) },
    });
  });

  it('lets one call try after five seconds, and closes when that is answered', async () => {
    const outage = await startFailing();
    await open(outage);
    outage.recover();
    laterBy(5001);
    const { data, errors } = await ask(outage);
    expect(errors).toEqual([]);
    expect(data.node).not.toBeNull();
    expect(await health(outage, id)).toMatchObject({ status: 'UP', circuit: 'CLOSED' });
  });

  it('opens again when that call fails too', async () => {
    const outage = await startFailing();
    await open(outage);
    laterBy(5001);
    expect((await ask(outage)).errors[0]?.extensions.code).toBe('UPSTREAM_CIRCUIT_OPEN');
    expect(outage.broken.seen.length).toBe(11);
    expect(await health(outage, id)).toMatchObject({ circuit: 'OPEN' });
  });

  it('stays closed while answers come in between, and for refusals', async () => {
    let calls = 0;
    const outage = await startOutage(vendor, (_request, _raw, usual) => {
      calls += 1;
      if (calls > 20) return { status: 401, body: {} };
      return calls % 3 === 0 ? usual() : { status: 503, body: '' };
    });
    for (let read = 1; read <= 20; read += 1) await ask(outage);
    expect(await health(outage, id)).toMatchObject({ circuit: 'CLOSED' });
  });
});

it('a circuit is not closed by a caller who leaves while it is being tried', async () => {
  let silent = false;
  let arrive = (): void => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const outage = await startOutage(
    'cohesity',
    () => {
      if (!silent) return { status: 503, body: '' };
      arrive();
      return null;
    },
    { timeoutMs: 2000 },
  );
  const query = `{ node(id: "${vendors.cohesity.own[0]}") { id } }`;
  for (let read = 1; read <= 4; read += 1) await outage.gateway.execute(query);
  silent = true;
  laterBy(5001);
  const caller = new AbortController();
  const asking = fetch(outage.gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    signal: caller.signal,
  });
  await arrived;
  expect(await health(outage, 'dc-east')).toMatchObject({ circuit: 'HALF_OPEN' });
  caller.abort();
  await expect(asking).rejects.toThrow();
  await until(async () => expect(await health(outage, 'dc-east')).toMatchObject({ circuit: 'OPEN' }), 50);
});
