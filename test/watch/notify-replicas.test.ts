import { expect, it } from 'vitest';
import { type Gateway } from '../support/gateway.js';
import { MINUTE, afterLook, afterLooks, fail, goingOn, pass, play, scrape, setTime } from '../support/notify.js';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';

setTime();

/** Copies that go on stall after an hour, which is not what these tests are about. */
const rules = [{ on: ['COPY_FAILED'] }];

const counted = async (gateways: readonly Pick<Gateway, 'url'>[], result: string): Promise<number> => {
  const values = await Promise.all(
    gateways.map(async (one) => (await scrape(one))('copygraph_notifications_total', { name: 'ops', result })),
  );
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
};

const looksOfBoth = async (gateways: readonly Pick<Gateway, 'url'>[], times = 3): Promise<void> => {
  for (let n = 0; n < times; n += 1) {
    pass(10_000_000);
    for (const one of gateways) await afterLook(one);
  }
};

const playTwo = async (count: number) => {
  const redis = await startRedis();
  const runs = goingOn(count);
  const { webhook, served } = await play(runs, { redis: { url: redis.url }, rules });
  const other = await served.restart();
  const both = [served, other];
  await looksOfBoth(both);
  return { redis, runs, webhook, served, other, both };
};

describeWithRedis('notifications of replicas', () => {
  it('come once, from the one whose turn it is', async () => {
    const { runs, webhook, both } = await playTwo(3);
    fail(runs, 1);
    pass(MINUTE);
    await until(() => expect(webhook.told).toHaveLength(1));
    fail(runs, 2);
    await looksOfBoth(both);
    await until(() => expect(webhook.told).toHaveLength(2));
    await looksOfBoth(both);
    expect(webhook.told).toHaveLength(2);
    expect(await counted(both, 'delivered')).toBe(2);
  });

  it('are delivered by another when the one whose turn it was has gone, each once', async () => {
    const { runs, webhook, served, other } = await playTwo(3);
    webhook.answer = () => ({ status: 500 });
    fail(runs, 1);
    pass(MINUTE);
    await until(() => expect(webhook.told.length).toBeGreaterThan(0));
    await served.close();
    webhook.answer = () => ({ status: 204 });
    const before = webhook.told.length;
    fail(runs, 2);
    await until(async () => {
      pass(MINUTE / 6);
      await afterLook(other);
      expect(await counted([other], 'delivered')).toBe(2);
    });
    await looksOfBoth([other]);
    expect(webhook.told).toHaveLength(before + 2);
    const ids = webhook.told.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it('come neither twice nor never when Redis is lost in the middle of a delivery, and comes back empty', async () => {
    const { redis, runs, webhook, both } = await playTwo(3);
    let answer: (() => void) | null = null;
    webhook.answer = () => new Promise((resolve) => (answer = () => resolve({ status: 204 })));
    fail(runs, 1);
    pass(MINUTE);
    await until(() => expect(webhook.told).toHaveLength(1));
    await redis.kill();
    webhook.answer = () => ({ status: 204 });
    (answer as (() => void) | null)?.();
    await until(async () => expect(await counted(both, 'delivered')).toBe(1));
    fail(runs, 2); // seen while nobody can know whose turn it is
    await looksOfBoth(both);
    expect(webhook.told).toHaveLength(1);
    await redis.start();
    // Time goes on when the one that has delivered has written it down again, as it does in a few seconds.
    await until(async () => expect(await redis.client.keys('*settled:*')).toHaveLength(1));
    await until(async () => {
      await looksOfBoth(both, 1);
      expect(webhook.told).toHaveLength(2);
    });
    await looksOfBoth(both);
    expect(webhook.told).toHaveLength(2);
    expect(new Set(webhook.told.map(({ id }) => id)).size).toBe(2);
    expect(await counted(both, 'dropped')).toBe(0);
  });

  it('of the time in which nothing ran come as one digest after a restart, and none of the old ones', async () => {
    const redis = await startRedis();
    const runs = goingOn(6);
    const { webhook, served } = await play(runs, { redis: { url: redis.url }, rules });
    await afterLook(served);
    for (const n of [1, 2]) fail(runs, n);
    pass(MINUTE);
    await until(() => expect(webhook.told).toHaveLength(2));
    await afterLooks(served);
    await served.close();
    pass(60 * MINUTE);
    for (const n of [3, 4]) fail(runs, n);
    pass(60 * MINUTE);
    const again = await served.restart();
    await until(() => expect(webhook.told).toHaveLength(3));
    await looksOfBoth([again]);
    expect(webhook.told).toHaveLength(3);
    expect(webhook.told[2]?.body).toMatchObject({ type: 'DIGEST', data: { missed: true, count: 2 } });
    fail(runs, 5);
    pass(MINUTE);
    await until(() => expect(webhook.told[3]?.body.type).toBe('COPY_FAILED'));
  });

  it('say nothing of the past after a day in which nothing ran', async () => {
    const redis = await startRedis();
    const runs = goingOn(3);
    const { webhook, served } = await play(runs, { redis: { url: redis.url }, rules });
    await afterLook(served);
    await served.close();
    pass(24 * 60 * MINUTE);
    fail(runs, 1);
    pass(60 * MINUTE);
    const again = await served.restart();
    await looksOfBoth([again], 5);
    expect(webhook.told.filter(({ body }) => body.type === 'DIGEST')).toEqual([]);
    expect(webhook.told.filter(({ body }) => body.type === 'COPY_FAILED')).toEqual([]);
  });
});
