import { describe, expect, it } from 'vitest';
import { type WithBytes, createAnswerStore } from '../../../src/edge/answer-store.js';
import { collectGarbage } from '../../support/garbage.js';

const start = () => {
  const clock = { ms: 0 };
  const store = createAnswerStore({ keepMs: 1000, now: () => clock.ms });
  const put = (key: string): WeakRef<WithBytes> => {
    const answer: WithBytes = { data: { key }, stringify: () => Buffer.from(key) };
    store.put(key, answer, clock.ms, 1000);
    return new WeakRef(answer);
  };
  /** Those that are still in memory. */
  const inMemory = async (refs: Readonly<Record<string, WeakRef<WithBytes>>>): Promise<readonly string[]> => {
    await new Promise(setImmediate); // within one turn of the loop nothing that was made in it is collected
    collectGarbage();
    return Object.entries(refs).flatMap(([key, ref]) => (ref.deref() === undefined ? [] : [key]));
  };
  return { clock, store, put, inMemory };
};

describe('cached answers', () => {
  it('are in memory no longer than they are valid, once another comes', async () => {
    const { clock, store, put, inMemory } = start();
    const refs = { first: put('first'), second: put('second') };
    clock.ms = 500;
    const all = { ...refs, third: put('third') };
    expect(await inMemory(all)).toEqual(['first', 'second', 'third']);
    clock.ms = 1000;
    put('fourth');
    expect(await inMemory(all)).toEqual(['third']);
    expect(store.get('third')?.madeAt).toBe(500);
  });

  it('are dropped up to the first that is valid, in the order of their last use', async () => {
    const { clock, store, put, inMemory } = start();
    const refs = { first: put('first'), second: put('second') };
    clock.ms = 999;
    expect(store.get('first')?.madeAt).toBe(0);
    const all = { ...refs, third: put('third') };
    clock.ms = 1500;
    put('fourth');
    expect(await inMemory(all)).toEqual(['third']);
  });

  it('are not valid before they were made: a clock may be set back', () => {
    const { clock, store, put } = start();
    clock.ms = 500;
    put('first');
    clock.ms = 499;
    expect(store.get('first')).toBe(null);
  });
});
