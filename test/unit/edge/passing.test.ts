import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPassing, createPassingByKey } from '../../../src/edge/passing.js';

describe('things that come and go', () => {
  it('are present from their coming to their going, in the order of their coming', () => {
    const steps = fc.array(fc.record({ comes: fc.boolean(), which: fc.nat(9) }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const passing = createPassing<{ readonly at: number }>();
        const present: { readonly item: { readonly at: number }; readonly leave: () => void }[] = [];
        all.forEach(({ comes, which }, at) => {
          if (comes) present.push({ item: { at }, leave: () => undefined });
          const newest = present.at(-1);
          if (comes && newest !== undefined) present.splice(-1, 1, { ...newest, leave: passing.enter(newest.item) });
          if (!comes)
            for (const { leave } of present.splice(which, 1)) {
              leave();
              leave(); // once more changes nothing
            }
          expect(passing.all()).toEqual(present.map(({ item }) => item));
          expect(passing.size()).toBe(present.length);
        });
      }),
    );
  });

  it('have one place for each key, which only the present one gives up', () => {
    const passing = createPassingByKey<object>();
    const [first, second] = [{}, {}];
    passing.set('a', first);
    passing.set('a', second);
    passing.delete('a', first);
    expect(passing.get('a')).toBe(second);
    passing.delete('a', second);
    expect(passing.get('a')).toBeNull();
  });
});
