import type { IndexMemory } from '../../src/index/memory.js';

/** Has the oldest half dropped as soon as there are more than so few records, needed or not. */
export const tightMemory = (most: number): Pick<IndexMemory, 'keeps' | 'join'> => ({
  keeps: true,
  join: (member) => ({
    changed: () => (member.weight() > most ? member.shrink(Math.floor(most / 2), Number.POSITIVE_INFINITY) : undefined),
    leave: () => undefined,
  }),
});
