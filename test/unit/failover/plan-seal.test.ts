import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Micros, micros } from '../../../src/domain/micros.js';
import { createPlanSeal } from '../../../src/failover/plan-seal.js';

const NOON = micros(1_772_366_400_000_123);
const MINUTE = 60_000_000;
const secretOf = (fill: number) => () => Promise.resolve(Buffer.alloc(32, fill));
const sealAt = (at: number, fill = 1) => createPlanSeal(secretOf(fill), (): Micros => micros(at));

describe('the token of a plan', () => {
  const planned = ['retryCopy', 'dc-east', 'key', 'digest', 'cluster 1'];

  it.each([
    [0, true],
    [10 * MINUTE, true],
    [10 * MINUTE + 1, false],
    [-MINUTE, true], // another replica's clock is ahead
    [-MINUTE - 1, false],
  ])('%i microseconds later stands: %s', async (later, stands) => {
    const token = await sealAt(NOON).seal(planned);
    const problem = await sealAt(NOON + later).problemOf(token, planned);
    expect(problem === null).toBe(stands);
  });

  it('holds at every replica that has the secret, and at no other', async () => {
    const token = await sealAt(NOON).seal(planned);
    expect(await sealAt(NOON).problemOf(token, planned)).toBeNull();
    expect(await sealAt(NOON, 2).problemOf(token, planned)).toMatch(/another plan/);
  });

  it('stands for its own plan alone, whatever that is made of', async () => {
    const plan = fc.array(fc.string(), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(plan, plan, async (one, other) => {
        const seal = sealAt(NOON);
        const problem = await seal.problemOf(await seal.seal(one), other);
        expect(problem === null).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  it('is no other text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect(await sealAt(NOON).problemOf(text, planned)).not.toBeNull();
      }),
    );
    expect(await sealAt(NOON).problemOf(null, planned)).toMatch(/dry run comes first/);
  });
});
