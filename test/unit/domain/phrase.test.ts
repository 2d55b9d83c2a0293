import { expect, it } from 'vitest';
import { listed, span } from '../../../src/domain/phrase.js';

it.each([
  [[], ''],
  [[7n], '7'],
  [[1n, 2n, 3n, 4n, 5n], '1, 2, 3, 4, 5'],
  [['a', 'b', 'c', 'd', 'e', 'f'], 'a, b, c, d, e and 1 more'],
])('a few of many are listed: %#', (items, text) => {
  expect(listed(items)).toBe(text);
});

const minute = 60_000_000;

it.each([
  [0, '0 min'],
  [minute - 1, '0 min'],
  [59 * minute, '59 min'],
  [60 * minute, '1 h 0 min'],
  [(3 * 60 + 12) * minute, '3 h 12 min'],
  [24 * 60 * minute, '1 d 0 h'],
  [(50 * 60 + 59) * minute, '2 d 2 h'],
])('a span of %d microseconds is %s', (micros, text) => {
  expect(span(micros)).toBe(text);
});
