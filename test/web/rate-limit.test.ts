import { describe, expect, it } from 'vitest';
import { createRequestRate } from '../../src/replicas/request-rate.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { awsBackupAt } from '../support/fake.js';
import { type Gateway, type GatewayOptions, startGateway } from '../support/gateway.js';
import { openRaw, send } from '../support/http.js';
import { apiKey, bearer } from '../support/keys.js';
import { parseMetrics } from '../support/metrics.js';
import { closing } from '../support/products.js';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { openSocket } from '../support/websocket.js';

const board = 'board-key-0815';
const wall = 'wall-key-4711';
const body = JSON.stringify({ query: '{ __typename }' });

const start = async (requestsPerMinute: number, options: Partial<GatewayOptions> = {}): Promise<Gateway> => {
  const aws = closing(await startAwsBackup());
  const auth = { apiKeys: [board, wall].map((key) => apiKey(key, ['copy:read'])) };
  const limits = { requestsPerMinute };
  return closing(await startGateway({ upstreams: [awsBackupAt(aws)], auth, limits, ...options }));
};

const ask = (gateway: Gateway, key: string) => send(gateway, { body, headers: bearer(key) });

/** The statuses of so many at once, counted. */
const burst = async (gateway: Gateway, key: string, count: number): Promise<Record<number, number>> => {
  const answers = await Promise.all(Array.from({ length: count }, () => ask(gateway, key)));
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

describe('a caller who asks too often', () => {
  it('is told when to ask again, and nobody else has to wait', async () => {
    const gateway = await start(1200, { limits: { requestsPerMinute: 1200, maxConcurrentOperations: 1000 } });
    expect(await burst(gateway, board, 400)).toEqual({ 200: 300, 429: 100 });
    const { status, headers, text } = await ask(gateway, board);
    expect([status, headers['retry-after']]).toEqual([429, expect.stringMatching(/^(?:[1-9]|1[0-5])$/)]);
    const { errors, ...rest } = JSON.parse(text);
    expect(rest).toEqual({});
    expect(errors).toEqual([
      { message: expect.any(String), extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) } },
    ]);
    const { retryAfterMs } = errors[0].extensions;
    expect(Math.ceil(retryAfterMs / 1000)).toBe(Number(headers['retry-after']));
    expect((await ask(gateway, wall)).status).toBe(200);
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect((await send(gateway, { method: 'GET', path, headers: bearer(board) })).status).toBe(200);
    }
    const metrics = parseMetrics((await send(gateway, { method: 'GET', path: '/metrics' })).text);
    expect(metrics('copygraph_operations_rejected_total', { reason: 'rate' })).toBe(101);
  });

  it('is refused before anything of the body comes', async () => {
    const gateway = await start(1);
    expect((await ask(gateway, board)).status).toBe(200);
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${board}\r\ncontent-type: application/json\r\n`;
    const raw = openRaw(gateway, `${head}content-length: 500\r\n\r\n`);
    await expect.poll(raw.text).toMatch(/^HTTP\/1\.1 429 /);
    raw.socket.destroy();
  });

  it('is counted over HTTP and WebSockets alike', async () => {
    const gateway = await start(3);
    const socket = await openSocket(gateway, { headers: bearer(board) });
    await socket.init();
    socket.start('1', '{ __typename }');
    expect((await socket.answer('1')).at(0)?.payload).toEqual({ data: { __typename: 'Query' } });
    expect(await burst(gateway, board, 2)).toEqual({ 200: 2 });
    for (const id of ['2', '3']) {
      socket.start(id, '{ __typename }');
      expect(await socket.answer(id)).toEqual([
        {
          type: 'error',
          id,
          payload: [
            { message: expect.any(String), extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) } },
          ],
        },
      ]);
    }
    expect((await ask(gateway, board)).status).toBe(429);
    expect((await ask(gateway, wall)).status).toBe(200);
    const metrics = parseMetrics((await send(gateway, { method: 'GET', path: '/metrics' })).text);
    expect(metrics('copygraph_operations_rejected_total', { reason: 'rate' })).toBe(3);
    expect(metrics('copygraph_operations_running')).toBe(0);
  });

  it('is not counted where nobody knows who it is', async () => {
    const gateway = await start(1);
    for (let asked = 0; asked < 5; asked += 1) expect((await send(gateway, { body })).status).toBe(401);
    expect((await ask(gateway, board)).status).toBe(200);
  });
});

describe('how often a principal may ask', () => {
  it.each([
    [1, 1, 60_000],
    [239, 239, 60_000],
    [240, 60, 15_000],
    [1200, 300, 15_000],
  ])('%s times a minute is %s times in %s ms', async (perMinute, points, windowMs) => {
    const take = createRequestRate({ perMinute, redis: null });
    const waits = await Promise.all(Array.from({ length: points + 1 }, () => take('board')));
    expect(waits.slice(0, points).every((wait) => wait === 0)).toBe(true);
    expect(waits[points]).toBeGreaterThan(windowMs - 1000);
    expect(waits[points]).toBeLessThanOrEqual(windowMs);
    expect(await take('wall')).toBe(0);
  });
});

describeWithRedis('replicas', () => {
  it('count together, and each for itself while Redis is lost', async () => {
    const redis = await startRedis();
    const shared = { redis: { url: redis.url } };
    const [one, other] = [await start(240, shared), await start(240, shared)];
    const counts = await Promise.all([burst(one, board, 40), burst(other, board, 40)]);
    expect(counts.map((count) => count[200] ?? 0).reduce((sum, count) => sum + count)).toBe(60);
    expect((await ask(one, wall)).status).toBe(200);
    expect(await redis.client.keys('copygraph:requests:*')).toHaveLength(2);
    expect(await redis.client.pttl((await redis.client.keys('copygraph:requests:*'))[0] ?? '')).toBeLessThanOrEqual(
      15_000,
    );
    await redis.kill();
    expect(await burst(one, board, 70)).toEqual({ 200: 60, 429: 10 });
    expect(await burst(other, board, 70)).toEqual({ 200: 60, 429: 10 });
    await expect(send(one, { body, headers: bearer(wall) })).resolves.toMatchObject({ status: 200 });
  });
});
