import { describe, expect, it } from 'vitest';
import { createOwnTurns } from '../../../src/failover/own-turns.js';

const waiting = { leaseMs: 1, waitMs: 10_000 };
const impatient = { leaseMs: 1, waitMs: 1 };

describe('turns within a process', () => {
  it('come one after another under one name, and at once under others', async () => {
    const turns = createOwnTurns();
    const order: string[] = [];
    const take = async (who: string, name: string): Promise<() => Promise<void>> => {
      const turn = await turns.acquire(name, waiting);
      order.push(who);
      if (turn.kind !== 'held') throw new Error('busy');
      return () => turn.release();
    };
    const first = await take('first', 'a');
    const second = take('second', 'a');
    const third = take('third', 'a');
    await take('other', 'b');
    expect(order).toEqual(['first', 'other']);
    await first();
    await (
      await second
    )();
    await (
      await third
    )();
    expect(order).toEqual(['first', 'other', 'second', 'third']);
  });

  it('are not had by who cannot wait, and whoever waits longer has the next', async () => {
    const turns = createOwnTurns();
    const held = await turns.acquire('a', waiting);
    const [none, next] = [await turns.acquire('a', impatient), turns.acquire('a', waiting)];
    expect(none.kind).toBe('busy');
    if (held.kind === 'held') await held.release();
    expect((await next).kind).toBe('held');
  });
});
