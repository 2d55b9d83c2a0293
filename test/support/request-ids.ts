// Each error has the id of its request, which is made for it, so that no expectation can name it. It is compared where a
// test does name it, and left out where only one side has it. test/web/request-ids.test.ts holds that it is there.
import { expect } from 'vitest';
import { isMapping } from '../../src/domain/mapping.js';

const isId = (id: unknown): boolean => typeof id === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(id);

expect.addEqualityTesters([
  function (left: unknown, right: unknown, testers) {
    if (!isMapping(left) || !isMapping(right) || 'requestId' in left === 'requestId' in right) return undefined;
    const { requestId: one, ...leftRest } = left;
    const { requestId: other, ...rightRest } = right;
    return isId(one ?? other) ? this.equals(leftRest, rightRest, testers) : undefined;
  },
]);
