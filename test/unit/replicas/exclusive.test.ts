import { expect, it, vi } from 'vitest';
import { wait } from '../../../src/calling/clock.js';
import type { Exclusive, Turn } from '../../../src/domain/exclusive.js';
import type { Wait } from '../../../src/domain/wait.js';
import { createExclusive } from '../../../src/replicas/exclusive.js';
import { createRedis } from '../../../src/replicas/redis.js';
import { closing } from '../../support/products.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';

/** The lock as one replica has it, over a connection of its own. */
const replicaOf = async ({ url }: { url: string }, pause: Wait = wait) =>
  createExclusive(closing(await createRedis(url, () => undefined)), pause);

const NAME = 'failover:dc-east:drill';
const KEY = 'copygraph:lock:failover:dc-east:drill';

const held = (turn: Turn) => {
  if (turn.kind !== 'held') throw new Error(`the turn is ${turn.kind}`);
  return turn;
};

describeWithRedis('a lock over replicas', () => {
  it('is held by one of two, and by the other as soon as it is released', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server), await replicaOf(server)];
    const first = held(await east.acquire(NAME, { leaseMs: 10_000, waitMs: 0 }));
    expect(await west.acquire(NAME, { leaseMs: 10_000, waitMs: 0 })).toEqual({ kind: 'busy' });
    const waiting = west.acquire(NAME, { leaseMs: 60_000, waitMs: 50_000 });
    await first.release();
    expect((await waiting).kind).toBe('held');
    expect(await east.acquire(NAME, { leaseMs: 10_000, waitMs: 0 })).toEqual({ kind: 'busy' });
  });

  it('is waited for as long as asked, and no longer', async () => {
    const server = await startRedis();
    const pauses: number[] = [];
    const pass: Wait = async (ms) => {
      pauses.push(ms);
      vi.advanceTimersByTime(Math.ceil(ms)); // a part of a nanosecond would be no time at all
    };
    const [east, west] = [await replicaOf(server), await replicaOf(server, pass)];
    held(await east.acquire(NAME, { leaseMs: 60_000, waitMs: 0 }));
    vi.useFakeTimers({ toFake: ['performance'] });
    expect(await west.acquire(NAME, { leaseMs: 60_000, waitMs: 400 })).toEqual({ kind: 'busy' });
    vi.useRealTimers();
    const waited = pauses.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeLessThanOrEqual(400);
    expect(waited).toBeGreaterThan(400 - pauses.length); // each was counted as a whole number of milliseconds
    expect(Math.max(...pauses)).toBeLessThanOrEqual(200);
  });

  it('never has two holders, however many ask at once', async () => {
    const server = await startRedis();
    const replicas = await Promise.all([replicaOf(server), replicaOf(server), replicaOf(server)]);
    let holders = 0;
    let most = 0;
    let turns = 0;
    const work = async (replica: Exclusive) => {
      const turn = held(await replica.acquire(NAME, { leaseMs: 10_000, waitMs: 50_000 }));
      most = Math.max(most, ++holders);
      turns += 1;
      await new Promise((resolve) => setTimeout(resolve, 3));
      holders -= 1;
      await turn.release();
    };
    await Promise.all([...replicas, ...replicas, ...replicas].map(work));
    expect({ most, turns }).toEqual({ most: 1, turns: 9 });
  });

  it('stands apart from another name', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server), await replicaOf(server)];
    held(await east.acquire(NAME, { leaseMs: 10_000, waitMs: 0 }));
    expect((await west.acquire('failover:dc-west:drill', { leaseMs: 10_000, waitMs: 0 })).kind).toBe('held');
  });

  it('is lost after its lease by a holder that has died', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server), await replicaOf(server)];
    held(await east.acquire(NAME, { leaseMs: 60_000, waitMs: 0 })); // and nobody releases it
    expect(await west.acquire(NAME, { leaseMs: 60_000, waitMs: 0 })).toEqual({ kind: 'busy' });
    await server.client.pexpire(KEY, 100); // which is what is left of it
    expect((await west.acquire(NAME, { leaseMs: 60_000, waitMs: 50_000 })).kind).toBe('held');
    expect(await server.client.pttl(KEY)).toBeGreaterThan(5000);
  });

  it('is not freed by a holder whose lease has ended, nor by a stranger', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server), await replicaOf(server)];
    const late = held(await east.acquire(NAME, { leaseMs: 50, waitMs: 0 }));
    held(await west.acquire(NAME, { leaseMs: 60_000, waitMs: 50_000 }));
    const token = await server.client.get(KEY);
    await late.release();
    expect(await server.client.get(KEY)).toBe(token);
    expect(token).not.toBeNull();
  });

  it('cannot be asked for when Redis has ended, which nobody waits for, and can again when it is back', async () => {
    const server = await startRedis();
    const pauses: number[] = [];
    const east = await replicaOf(server, async (ms) => void pauses.push(ms));
    const turn = held(await east.acquire(NAME, { leaseMs: 10_000, waitMs: 0 }));
    await server.kill();
    expect(await east.acquire(NAME, { leaseMs: 10_000, waitMs: 10_000 })).toEqual({ kind: 'unreachable' });
    await turn.release(); // throws nothing
    expect(pauses).toEqual([]);
    await server.start();
    const again = async () => expect((await east.acquire(NAME, { leaseMs: 10_000, waitMs: 0 })).kind).toBe('held');
    await until(again, 50);
  });

  it('is unreachable to one who waits for it when Redis ends', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server), await replicaOf(server)];
    held(await east.acquire(NAME, { leaseMs: 10_000, waitMs: 0 }));
    const waiting = west.acquire(NAME, { leaseMs: 10_000, waitMs: 10_000 });
    await server.kill();
    expect(await waiting).toEqual({ kind: 'unreachable' });
  });

  it('is taken back where Redis takes it too late for the one who asked', async () => {
    const server = await startRedis();
    const east = await replicaOf(server);
    server.pause();
    expect(await east.acquire(NAME, { leaseMs: 60_000, waitMs: 0 })).toEqual({ kind: 'unreachable' });
    server.resume();
    const asked = async () => expect(await server.client.info('commandstats')).toContain('cmdstat_set');
    await until(asked); // so it did arrive
    await until(async () => expect(await server.client.exists(KEY)).toBe(0));
  });
});
