import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTurns, nextTurn } from '../../../src/calling/event-loop.js';

const FEW = 8; // turns of one piece of work that go before others

/** The names of those that had a turn, in order. */
let order: string[] = [];

let time = 0; // milliseconds

/** A piece of work that notes each of its turns. */
const work = async (name: string, turns: number, ms = 0): Promise<void> => {
  const turn = createTurns();
  for (let count = 0; count < turns; count += 1) {
    await turn();
    order.push(name);
    time += ms;
  }
};

/** Operations that wait, each for one turn. */
const operations = (count: number, ms = 0): readonly Promise<void>[] =>
  Array.from({ length: count }, async () => {
    await nextTurn();
    order.push('operation');
    time += ms;
  });

/** How many turns of others come between two turns of one. */
const gapsOf = (name: string): readonly number[] => {
  const places = order.flatMap((one, place) => (one === name ? [place] : []));
  return places.slice(1).map((place, index) => place - (places[index] ?? 0) - 1);
};

beforeEach(async () => {
  // All files of a process share its turns: others may have left off anywhere.
  await nextTurn();
  await new Promise((resolve) => setImmediate(resolve));
  order = [];
  vi.spyOn(performance, 'now').mockImplementation(() => time); // it passes only where a test wants it
});
afterEach(() => void vi.restoreAllMocks());

describe('the turns of the event loop', () => {
  it('go to work in its first turns, with one for others after four', async () => {
    await Promise.all([work('read', FEW), ...operations(3)]);
    const [first, second, third] = [order.slice(0, 5), order.slice(5, 10), order.slice(10)];
    expect(first).toEqual([...Array<string>(4).fill('read'), 'operation']);
    expect(second).toEqual(first);
    expect(third).toEqual(['operation']);
  });

  it('alternate between long work and operations, however many wait', async () => {
    await Promise.all([work('read', 40), ...operations(100)]);
    const gaps = gapsOf('read').slice(FEW);
    expect(gaps).toHaveLength(40 - FEW - 1);
    expect(Math.max(...gaps)).toBe(1);
  });

  it('give long work as much time as operations, which take longer for a turn', async () => {
    await Promise.all([work('read', 400, 0.5), ...operations(50, 3)]);
    const [first, last] = [order.indexOf('operation'), order.lastIndexOf('operation')];
    const reads = order.slice(first, last).filter((name) => name === 'read').length;
    expect(reads * 0.5).toBeGreaterThan(0.9 * 50 * 3);
    expect(reads * 0.5).toBeLessThan(1.1 * 50 * 3);
  });

  it('make up for at most 20 ms at once, however long an operation took', async () => {
    await Promise.all([work('read', 400, 0.5), ...operations(6, 500)]);
    expect(Math.max(...gapsOf('operation')) * 0.5).toBe(20);
  });

  it('let a short read end long before a longer one that began earlier', async () => {
    const long = work('long', 200);
    while (order.filter((name) => name === 'long').length < 100) await nextTurn();
    const short = work('short', 30);
    await short;
    const left = 200 - order.filter((name) => name === 'long').length;
    expect(left).toBeGreaterThan(60);
    await long;
  });

  it('reach a long read while short ones come without end', async () => {
    let isOver = false;
    const long = work('long', 60).then(() => (isOver = true));
    const others = async (): Promise<void> => {
      while (!isOver) await work('short', 2 * FEW);
    };
    await Promise.all([long, others(), others(), others()]);
    expect(Math.max(...gapsOf('long'))).toBeLessThan(40);
  });
});
