import { expect, it } from 'vitest';
import { createSingleFlight } from '../../../src/domain/single-flight.js';

const setUp = () => {
  const flights = createSingleFlight<number>();
  const ends: ((result: number) => void)[] = [];
  const work = () => new Promise<number>((resolve) => ends.push(resolve));
  return { flights, ends, work };
};

it('does equal work at once only once, under the mark of whoever started it', async () => {
  const { flights, ends, work } = setUp();
  const first = flights.join('a', work, 'first');
  const second = flights.join('a', work, 'second');
  expect(second).toBe(first);
  expect(second.mark).toBe('first');
  flights.join('b', work);
  expect(ends).toHaveLength(2);
  ends[0]?.(1);
  expect(await second.result).toBe(1);
  flights.join('a', work);
  expect(ends).toHaveLength(3);
});

it('starts again what failed', async () => {
  const { flights, work, ends } = setUp();
  await expect(flights.join('a', () => Promise.reject(new Error('no'))).result).rejects.toThrow('no');
  flights.join('a', work);
  expect(ends).toHaveLength(1);
});

it('lets nobody join what it was told to forget, and keeps what was started after it', async () => {
  const { flights, ends, work } = setUp();
  const old = flights.join('a', work);
  flights.forget('a');
  const young = flights.join('a', work);
  ends[0]?.(1);
  expect(await old.result).toBe(1);
  expect(flights.join('a', work)).toBe(young);
  expect(ends).toHaveLength(2);
});
