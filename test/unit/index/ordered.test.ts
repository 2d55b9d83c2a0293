import { expect, it } from 'vitest';
import { HOUR_MICROS, micros } from '../../../src/domain/micros.js';
import { createOrdered } from '../../../src/index/ordered.js';

const HOURS = 3;

/** Records of three hours, ten each. */
const records = Array.from({ length: 10 * HOURS }, (_, index) => ({
  id: `record-${index}`,
  startedAt: micros(Math.floor(index / 10) * HOUR_MICROS + (index % 10)),
}));

it('a snapshot is the same whether it was prepared or not', async () => {
  const [prepared, other] = [createOrdered<(typeof records)[0]>(), createOrdered<(typeof records)[0]>()];
  for (const ordered of [prepared, other]) {
    records.forEach(ordered.add);
    ordered.snapshot(0, null);
    records.slice(12, 15).forEach(ordered.remove);
  }
  await prepared.prepare(0, null);
  expect(prepared.snapshot(0, null)).toEqual(other.snapshot(0, null));
  expect(prepared.snapshot(0, null).hours.map((hour) => hour.length)).toEqual([10, 7, 10]);
});

it('an hour whose records are all removed is given up, whether it was ever asked for or not', () => {
  const ordered = createOrdered<(typeof records)[0]>();
  records.forEach(ordered.add);
  ordered.snapshot(0, HOUR_MICROS);
  records.slice(0, 20).forEach(ordered.remove);
  expect(ordered.snapshot(0, null).hours.map((hour) => hour.length)).toEqual([10]);
});
