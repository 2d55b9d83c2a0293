import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { statesV2 } from '../../../src/upstream/cohesity/words.js';

it('every status of the v2 contract has a state of ours, and a hold is no end', () => {
  const contract = readFileSync('test/contract/cohesity.openapi.yaml', 'utf8');
  const lists = [...contract.matchAll(/enum:\s*\[([^\]]*\bLegalHold\b[^\]]*)\]/g)].map(([, list = '']) => list);
  const words = new Set(lists.flatMap((list) => list.split(',').map((word) => word.trim())));
  expect(words.size).toBeGreaterThan(10);
  expect([...words].filter((word) => statesV2[word] === undefined)).toEqual([]);
  expect(statesV2['LegalHold']).toBe('ON_HOLD');
});
