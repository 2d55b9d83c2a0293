import { expect, it } from 'vitest';
import { deadPort, describeWithRedis, startRedis } from '../support/redis.js';
import { gistOf, notOk, retry, startRetryCluster, startRetryGateway } from '../support/retry.js';

const startReplicas = async (limits: { readonly requestTimeoutMs?: number } = {}) => {
  const redis = await startRedis();
  const double = await startRetryCluster();
  const start = () => startRetryGateway([double.upstream], { redis: { url: redis.url }, limits });
  return { redis, double, east: await start(), west: await start(), input: { id: double.copyId } };
};

describeWithRedis('retries at two replicas', () => {
  it('go by a plan of either', async () => {
    const { double, east, west, input } = await startReplicas();
    const { result } = await retry(east, { ...input, dryRun: true });
    expect(gistOf(await retry(west, { ...input, planToken: result.planToken }))).toBe('CopyRetryAccepted REQUESTED');
    expect(gistOf(await retry(east, input))).toBe('CopyRetryAccepted REQUESTED');
    expect(double.retries()).toHaveLength(1);
  });

  it.each([
    ['one key', 'one', 'one'],
    ['two keys', 'one', 'two'],
  ])('send one request under %s, pressed at once', async (_what, first, second) => {
    const { double, east, west, input } = await startReplicas();
    const press = async (gateway: typeof east, idempotencyKey: string) => {
      const { result } = await retry(gateway, { ...input, idempotencyKey, dryRun: true });
      return () => retry(gateway, { ...input, idempotencyKey, planToken: result.planToken });
    };
    const presses = [await press(east, first), await press(west, second)];
    const gists = (await Promise.all(presses.map((one) => one()))).map(gistOf);
    expect(gists).toContain('CopyRetryAccepted REQUESTED');
    expect(double.retries()).toHaveLength(1);
  });

  it('are blocked at the other by one that is unconfirmed', async () => {
    const { double, east, west, input } = await startReplicas({ requestTimeoutMs: 3000 });
    double.plays.retry = ({ drop }) => drop();
    const { result } = await retry(east, { ...input, dryRun: true });
    const other = { ...input, idempotencyKey: 'other' };
    const planned = await retry(west, { ...other, dryRun: true });
    expect(gistOf(await retry(east, { ...input, planToken: result.planToken }))).toBe('CopyRetryAccepted UNCONFIRMED');
    const pressed = await retry(west, { ...other, planToken: planned.result.planToken });
    expect(gistOf(pressed)).toBe('RetryRejected UNCONFIRMED');
    expect(double.retries()).toHaveLength(1);
  });

  it('are neither planned nor sent without Redis', async () => {
    const { double, redis, east, input } = await startReplicas();
    const { result } = await retry(east, { ...input, dryRun: true });
    await redis.kill();
    expect(notOk(await retry(east, { ...input, dryRun: true }))).toContain('SAFEGUARDS');
    expect(gistOf(await retry(east, { ...input, planToken: result.planToken }))).toBe('RetryRejected LOCK_UNAVAILABLE');
    expect(double.retries()).toEqual([]);
  });

  it('are refused by a replica that never reached Redis', async () => {
    const double = await startRetryCluster();
    const url = `redis://127.0.0.1:${await deadPort()}`;
    const gateway = await startRetryGateway([double.upstream], { redis: { url } });
    expect(gistOf(await retry(gateway, { id: double.copyId }))).toBe('RetryRejected LOCK_UNAVAILABLE');
    expect(double.retries()).toEqual([]);
  });
});
