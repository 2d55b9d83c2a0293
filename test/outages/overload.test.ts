import { afterEach, describe, expect, it } from 'vitest';
import { cohesityAt, startFake } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { openRaw } from '../support/http.js';
import { parseMetrics } from '../support/metrics.js';
import { closing } from '../support/products.js';
import { until } from '../support/until.js';

/** The strain on the gateways: the delay of their event loop and the heap in use. */
const strained = { delayMs: 0, heapUsed: 0 };
const vitals = { delayMs: () => strained.delayMs, heapUsed: () => strained.heapUsed };
afterEach(() => void Object.assign(strained, { delayMs: 0, heapUsed: 0 }));

const slow = '{ copyRuns { totalCount } }';

/** A gateway whose upstream answers when the test calls `answer`. */
const start = async (maxConcurrentOperations: number) => {
  const waiting: (() => void)[] = [];
  const fake = closing(
    await startFake(({ path }) =>
      path.endsWith('/cluster')
        ? { body: {} }
        : new Promise((resolve) => void waiting.push(() => resolve({ body: [] }))),
    ),
  );
  const upstreams = [{ ...cohesityAt(fake), maxConcurrent: 50 }];
  const gateway = closing(await startGateway({ upstreams, vitals, limits: { maxConcurrentOperations } }));
  const answer = (): void => waiting.splice(0).forEach((go) => go());
  return { gateway, fake, answer };
};

const post = ({ url }: Gateway, query: string, signal: AbortSignal | null = null) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    signal,
  });

const metricsOf = async ({ url }: Gateway) => parseMetrics(await (await fetch(new URL('/metrics', url))).text());

const expectRefused = async (response: Response) => {
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(response.headers.get('content-type')).toMatch(/^application\/json\b/);
  expect(await response.json()).toEqual({
    errors: [{ message: expect.any(String), extensions: { code: 'RATE_LIMITED', retryAfterMs: 1000 } }],
  });
};

describe('a gateway with as many operations as it may have', () => {
  it('turns the next one away at once, answers what is no operation, and takes one again when one has ended', async () => {
    const { gateway, fake, answer } = await start(3);
    const running = [1, 2, 3].map(() => gateway.execute(slow));
    await until(async () => expect((await metricsOf(gateway))('copygraph_operations_running')).toBe(3));
    await expectRefused(await post(gateway, '{ __typename }'));
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect([path, (await fetch(new URL(path, gateway.url))).status]).toEqual([path, 200]);
    }
    await until(() => expect(fake.seen.length).toBeGreaterThanOrEqual(2)); // the probe, and one read for all three
    answer();
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await post(gateway, '{ __typename }')).status).toBe(200);
    const read = await metricsOf(gateway);
    expect(read('copygraph_operations_running')).toBe(0);
    expect(read('copygraph_operations_rejected_total', { reason: 'concurrency' })).toBe(1);
  });

  it('has room again when a caller has gone away', async () => {
    const { gateway, fake } = await start(1);
    const caller = new AbortController();
    const asking = post(gateway, slow, caller.signal);
    await until(() => expect(fake.seen.length).toBe(1));
    await expectRefused(await post(gateway, '{ __typename }'));
    caller.abort();
    await expect(asking).rejects.toThrow();
    await until(async () => expect((await post(gateway, '{ __typename }')).status).toBe(200));
  });

  it('has room again when a caller has gone away who asked several times without waiting', async () => {
    const { gateway } = await start(3);
    const body = JSON.stringify({ query: slow });
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    const raw = openRaw(gateway, `${head}${body}`.repeat(3));
    const running = async () => (await metricsOf(gateway))('copygraph_operations_running');
    await until(async () => expect(await running()).toBe(3));
    raw.socket.destroy();
    await until(async () => expect(await running()).toBe(0), 10);
  });

  it('counts a request that is refused for another reason no longer than it lasts', async () => {
    const { gateway } = await start(1);
    for (const query of ['{ nothing }', '{', slow.replace('copyRuns', 'x')]) await post(gateway, query);
    expect((await post(gateway, '{ __typename }')).status).toBe(200);
  });
});

it.each([
  ['event_loop', { delayMs: 1500 }],
  ['heap', { heapUsed: 0.95 }],
] as const)('a gateway that is short of its %s turns operations away until it is not', async (reason, short) => {
  const { gateway } = await start(100);
  expect((await post(gateway, '{ __typename }')).status).toBe(200);
  Object.assign(strained, short);
  await expectRefused(await post(gateway, '{ __typename }'));
  expect((await fetch(new URL('/livez', gateway.url))).status).toBe(200);
  Object.assign(strained, { delayMs: 0, heapUsed: 0 });
  expect((await post(gateway, '{ __typename }')).status).toBe(200);
  const read = await metricsOf(gateway);
  expect(read('copygraph_operations_rejected_total', { reason })).toBe(1);
});
