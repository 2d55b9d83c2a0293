import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTextCache } from '../../../src/edge/text-cache.js';

it('has the texts that were set last, as many as fit together', () => {
  const text = fc.tuple(fc.nat(1_000_000), fc.nat(60)).map(([number, length]) => String(number).padEnd(length, '.'));
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 50 }), fc.integer({ min: 70, max: 300 }), (texts, most) => {
      const cache = createTextCache<string>(most);
      for (const one of texts) cache.set(one, `value of ${one}`);
      let characters = 0;
      const fitting = texts.toReversed().filter(({ length }) => (characters += length) <= most);
      expect([...cache.keys()].sort()).toEqual(fitting.sort());
    }),
  );
});

it('takes an empty text, and none that is too long by itself', () => {
  const cache = createTextCache<boolean>(10);
  cache.set('', true);
  cache.set('x'.repeat(11), true);
  expect([...cache.keys()]).toEqual(['']);
});

it('has two thousand texts at most, however short they are', () => {
  const cache = createTextCache<boolean>(1_000_000);
  for (let number = 0; number < 2500; number += 1) cache.set(`${number}`, true);
  expect([...cache.keys()].sort()).toEqual(Array.from({ length: 2000 }, (_, place) => `${500 + place}`).sort());
});
