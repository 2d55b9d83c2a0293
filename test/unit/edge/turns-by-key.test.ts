import { afterEach, describe, expect, it, vi } from 'vitest';
import { nextTurn, turnToBegin } from '../../../src/calling/event-loop.js';
import { createTurnsByKey } from '../../../src/edge/turns-by-key.js';

afterEach(() => void vi.restoreAllMocks());

describe('turns by key', () => {
  it('come at once while nothing else waits', async () => {
    vi.spyOn(performance, 'now').mockReturnValue(0); // no turn's time is ever used up
    await nextTurn();
    const turnFor = createTurnsByKey(turnToBegin);
    expect(turnFor('a')).toBeUndefined();
    expect(turnFor('a')).toBeUndefined();
  });

  it('are one for all that wait under a key, in the order of their first', async () => {
    const turnFor = createTurnsByKey(turnToBegin);
    const order: string[] = [];
    const ahead = nextTurn().then(() => order.push('ahead'));
    const enter = async (key: string): Promise<void> => {
      await turnFor(key);
      order.push(key);
    };
    const all = ['a', 'b', 'a', 'c', 'b', 'a'].map(enter);
    await Promise.all([ahead, ...all]);
    expect(order).toEqual(['ahead', 'a', 'a', 'a', 'b', 'b', 'c']);
  });

  it('are forgotten when they have come', async () => {
    const turnFor = createTurnsByKey(turnToBegin);
    const first = nextTurn();
    const waiting = turnFor('a');
    await Promise.all([first, waiting]);
    const next = nextTurn();
    expect(turnFor('a')).not.toBe(waiting);
    await next;
  });
});
