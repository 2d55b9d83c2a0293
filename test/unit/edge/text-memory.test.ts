import { expect, it } from 'vitest';
import { JsonText } from '../../../src/edge/compiled/json-text.js';
import { createTextMemory } from '../../../src/edge/compiled/text-memory.js';

const MEGABYTE = 1024 * 1024;
const long = (): JsonText => new JsonText('x'.repeat(MEGABYTE / 8));

it('keeps the texts of all selections up to 16 MB, and forgets those first that were used least recently', () => {
  const memory = createTextMemory();
  const [texts, others] = [memory.create(), memory.create()];
  const [first, second] = [{}, {}];
  const text = long();
  texts.keep(first, text);
  texts.keep(second, long());
  const records = Array.from({ length: 16 * 8 - 2 }, () => ({}));
  for (const record of records) {
    expect(texts.of(first)).toBe(text); // used each time
    others.keep(record, long());
  }
  expect(texts.of(first)).toBe(text);
  expect(texts.of(second)).toBeUndefined();
  expect(others.of(first)).toBeUndefined(); // a selection has its own
  expect(records.filter((record) => others.of(record) !== undefined).length).toBeGreaterThan(100);
});

it('keeps no text of more than 256 KB', () => {
  const texts = createTextMemory().create();
  const record = {};
  texts.keep(record, new JsonText('x'.repeat(MEGABYTE / 2)));
  expect(texts.of(record)).toBeUndefined();
});
