import { expect, it } from 'vitest';
import { indexMegabytesFor } from '../src/assembly/index-megabytes.js';

const MEGABYTE = 1024 * 1024;

it.each([
  ['that fit the heap are used', 256, 4096, 256],
  ['that are half of it too', 2048, 4096, 2048],
  ['that are more are cut to half', 3000, 4096, 2048],
  ['of 0 keep nothing', 0, 4096, 0],
])('megabytes of the index %s', (_what, maxMegabytes, heapMegabytes, used) => {
  const warnings: unknown[] = [];
  const logger = { warn: (members: object) => void warnings.push(members) };
  expect(indexMegabytesFor({ maxMegabytes }, logger, heapMegabytes * MEGABYTE)).toBe(used);
  expect(warnings).toEqual(used === maxMegabytes ? [] : [{ maxMegabytes, used, heapMegabytes }]);
});
