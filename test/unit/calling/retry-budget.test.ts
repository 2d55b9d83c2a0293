import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRetryBudget } from '../../../src/calling/retry-budget.js';

type Step = 'call' | 'repeat';

/** How many of the repeats that are asked for are granted. */
const grantedOf = (steps: readonly Step[]): number => {
  const budget = createRetryBudget();
  let granted = 0;
  for (const step of steps) {
    if (step === 'call') budget.earn();
    else if (budget.spend()) granted += 1;
  }
  return granted;
};

const many = (count: number, ...steps: readonly Step[]): readonly Step[] =>
  Array.from({ length: count }, () => steps).flat();

describe('the budget of repeats', () => {
  it.each([
    ['begins with ten', many(50, 'repeat'), 10],
    ['grants none for fewer than five calls more', [...many(10, 'repeat'), ...many(4, 'call'), 'repeat'], 10],
    ['grants one for each five calls', [...many(10, 'repeat'), ...many(5, 'call'), ...many(2, 'repeat')], 11],
    ['never holds more than ten', [...many(1000, 'call'), ...many(50, 'repeat')], 10],
    ['lets every call of a quiet gateway be repeated twice', many(5, 'call', 'repeat', 'repeat'), 10],
    ['repeats a fifth of what always fails', many(1000, 'call', 'repeat', 'repeat'), 209], // it had ten when the first came
  ] as const)('%s', (_name, steps, granted) => {
    expect(grantedOf(steps)).toBe(granted);
  });

  it('grants at most ten and a fifth of the calls, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Step>('call', 'repeat'), { maxLength: 400 }), (steps) => {
        const calls = steps.filter((step) => step === 'call').length;
        const asked = steps.length - calls;
        const granted = grantedOf(steps);
        expect(granted).toBeLessThanOrEqual(10 + calls / 5);
        expect(granted).toBeGreaterThanOrEqual(Math.min(asked, 10));
      }),
    );
  });
});
