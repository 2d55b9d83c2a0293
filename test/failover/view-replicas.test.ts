import { expect, it } from 'vitest';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { gistOf, notOk, startViewCluster, startViewGateway, step } from '../support/view-failover.js';

const startReplicas = async (limits: { readonly requestTimeoutMs?: number } = {}) => {
  const redis = await startRedis();
  const cluster = await startViewCluster();
  const start = () => startViewGateway([cluster.upstream], { redis: { url: redis.url }, limits });
  return { redis, cluster, east: await start(), west: await start() };
};

const running = 'ViewFailoverAccepted RUNNING';

describeWithRedis('steps of a view at two replicas', () => {
  it('go by a plan of either, and are known at both', async () => {
    const { cluster, east, west } = await startReplicas();
    const { result } = await step(east, { dryRun: true });
    expect(gistOf(await step(west, { planToken: result.planToken }))).toBe(running);
    expect(gistOf(await step(east))).toBe(running);
    expect(cluster.posts()).toHaveLength(1);
  });

  it.each([
    ['one key', 'one', 'one'],
    ['two keys', 'one', 'two'],
  ])('send one request under %s, pressed at once', async (_what, first, second) => {
    const { cluster, east, west } = await startReplicas();
    const press = async (gateway: typeof east, idempotencyKey: string) => {
      const { result } = await step(gateway, { idempotencyKey, dryRun: true });
      return () => step(gateway, { idempotencyKey, planToken: result.planToken });
    };
    const presses = [await press(east, first), await press(west, second)];
    const gists = (await Promise.all(presses.map((one) => one()))).map(gistOf);
    expect(gists).toContain(running);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('are blocked at the other by one that is unconfirmed', async () => {
    const { cluster, east, west } = await startReplicas({ requestTimeoutMs: 3000 });
    cluster.plays.post = ({ drop }) => drop();
    const { result } = await step(east, { dryRun: true });
    const planned = await step(west, { idempotencyKey: 'other', dryRun: true });
    expect(gistOf(await step(east, { planToken: result.planToken }))).toBe('ViewFailoverAccepted UNCONFIRMED');
    const pressed = await step(west, { idempotencyKey: 'other', planToken: planned.result.planToken });
    expect(gistOf(pressed)).toBe('FailoverRejected UNCONFIRMED');
    expect(cluster.posts()).toHaveLength(1);
  });

  it('are neither planned nor sent without Redis', async () => {
    const { cluster, redis, east } = await startReplicas();
    const { result } = await step(east, { dryRun: true });
    await redis.kill();
    expect(notOk(await step(east, { dryRun: true }))).toContain('SAFEGUARDS');
    const pressed = await step(east, { planToken: result.planToken });
    expect(gistOf(pressed)).toBe('FailoverRejected LOCK_UNAVAILABLE');
    expect(cluster.posts()).toEqual([]);
  });
});
