import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTurns, nextTurn } from '../../../src/calling/event-loop.js';

const FEW = 8; // turns of one piece of work that go before others

/** The names of those that had a turn, in order. */
let order: string[] = [];

/** A piece of work that notes each of its turns. */
const work = async (name: string, turns: number): Promise<void> => {
  const turn = createTurns();
  for (let count = 0; count < turns; count += 1) {
    await turn();
    order.push(name);
  }
};

/** Operations that wait, each for one turn. */
const operations = (count: number): readonly Promise<unknown>[] =>
  Array.from({ length: count }, () => nextTurn().then(() => order.push('operation')));

/** How many turns of others come between two turns of one. */
const gapsOf = (name: string): readonly number[] => {
  const places = order.flatMap((one, place) => (one === name ? [place] : []));
  return places.slice(1).map((place, index) => place - (places[index] ?? 0) - 1);
};

beforeEach(() => {
  order = [];
  vi.spyOn(performance, 'now').mockReturnValue(0); // a turn's time is never used up, so that the order is that of the lines
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
