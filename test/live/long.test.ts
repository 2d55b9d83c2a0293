import { describe, expect, it } from 'vitest';
import type { Feed } from '../../src/live/feed.js';
import type { FeedEvent } from '../../src/live/look.js';
import { streamChanges } from '../../src/live/stream.js';
import type { CopyOperation } from '../../src/domain/copy-operation.js';
import { inTurns, isTurnSpent, nextTurn, turnToBegin } from '../../src/calling/event-loop.js';
import { jobOf, toJob } from '../support/estate.js';
import { countTurns } from '../support/turns.js';

const copyAt = (id: number, moved = 0): CopyOperation => ({
  ...toJob('aws-prod', jobOf(`J${id}`, Date.UTC(2024, 4, 8) * 1000)),
  state: 'RUNNING',
  transferredBytes: BigInt(moved),
});

/** A feed that has so many unfinished copies, of which the test changes some. */
const startFeed = (count: number) => {
  let unfinished: readonly CopyOperation[] = Array.from({ length: count }, (_, index) => copyAt(index));
  const listeners = new Set<(event: FeedEvent) => void>();
  const feed: Feed = {
    unfinished: () => unfinished,
    report: () => null,
    knows: () => true,
    join: (listener) => {
      listeners.add(listener);
      return { leave: () => void listeners.delete(listener) };
    },
  };
  const move = (id: number, moved: number): void => {
    const [before, copy] = [unfinished[id], copyAt(id, moved)];
    unfinished = unfinished.with(id, copy);
    for (const listener of listeners)
      listener({ changes: [{ change: 'PROGRESSED', previousState: 'RUNNING', copy, before }] });
  };
  return { feed, move };
};

const spin = (ms: number): void => {
  const began = performance.now();
  while (performance.now() - began < ms);
};

describe('a stream that begins with very many copies', () => {
  it('leaves turns of the event loop for others, also where its filter lets none through', async () => {
    const { feed } = startFeed(60);
    const stream = streamChanges([feed], () => {
      spin(2);
      return false;
    });
    const { turns } = await countTurns(async () => {
      const first = stream.next();
      for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await stream.return();
      await first;
    });
    expect(turns).toBeGreaterThanOrEqual(8);
  });

  it('tells a copy that moved before its turn once, as it is by then, and one that moved behind it again', async () => {
    const { feed, move } = startFeed(3);
    const stream = streamChanges([feed], () => true);
    const next = async () => {
      const { value } = await stream.next();
      return value === undefined
        ? null
        : [value.change, value.operation?.id.slice(-2), value.operation?.transferredBytes];
    };
    expect(await next()).toEqual(['SNAPSHOT', 'J0', 0n]);
    move(2, 7);
    move(0, 5);
    expect([await next(), await next(), await next()]).toEqual([
      ['SNAPSHOT', 'J1', 0n],
      ['SNAPSHOT', 'J2', 7n],
      ['PROGRESSED', 'J0', 5n],
    ]);
    await stream.return();
  });

  it('gives what is equal to all who begin at the same time as one object', async () => {
    const { feed } = startFeed(5);
    const [one, two] = [streamChanges([feed], () => true), streamChanges([feed], () => true)];
    for (let index = 0; index < 5; index += 1) {
      const [first, second] = [await one.next(), await two.next()];
      expect(first.value).toBe(second.value);
    }
    await Promise.all([one.return(), two.return()]);
  });
});

describe('long work', () => {
  it('goes on in the order of asking, and shares the time of a turn', async () => {
    const done: number[] = [];
    const work = async (worker: number): Promise<void> => {
      for (let step = 0; step < 3; step += 1) {
        await nextTurn();
        spin(6);
        done.push(worker);
      }
    };
    const { turns } = await countTurns(() => Promise.all([work(1), work(2), work(3), work(4)]));
    expect(done).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
    expect(turns).toBeGreaterThanOrEqual(3); // a handful in each, however busy the machine is
  });

  it('goes before work that has not begun, but not for ever', async () => {
    const done: string[] = [];
    const items = Array.from({ length: 20 }, (_, item) => item);
    const work = async (name: string): Promise<void> => {
      await inTurns(items.slice(0, 2), () => spin(1));
      done.push(name);
    };
    const long = inTurns(items, (item) => {
      spin(1);
      done.push(String(item));
    });
    const begin = async (name: string): Promise<void> => {
      await turnToBegin();
      done.push(`${name} begins`);
      await work(name);
    };
    await Promise.all([long, begin('a'), begin('b')]);
    const place = (what: string): number => done.indexOf(what);
    // The others begin after a few turns of the long work, and each ends before the next one begins.
    expect(place('a begins')).toBeGreaterThan(place('2'));
    expect(place('a')).toBeGreaterThan(place('a begins'));
    expect(place('b begins')).toBeGreaterThan(place('a'));
    expect(place('b')).toBeLessThan(place('19'));
  });

  it('begins at once where nothing else is to be done', async () => {
    await nextTurn();
    await nextTurn();
    expect(turnToBegin()).toBeUndefined();
  });

  it('is told that its turn is spent, and not in the next', async () => {
    await nextTurn();
    spin(12);
    expect(isTurnSpent()).toBe(true);
    await nextTurn();
    expect(isTurnSpent()).toBe(false);
  });
});
