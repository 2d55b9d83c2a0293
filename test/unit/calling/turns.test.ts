import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CallKind, CallRate } from '../../../src/domain/call-rate.js';
import { UpstreamError } from '../../../src/domain/upstream-error.js';
import type { CallOptions } from '../../../src/calling/call.js';
import { createTurns } from '../../../src/calling/turns.js';

/** A rate that answers what the test says: for each call of a kind the next wait, and 0 when there is none left. */
const createRate = (waits: Partial<Record<CallKind, number[]>>, perSecond = 2) => {
  const asked: CallKind[] = [];
  const under = { describe: 0, list: 0 };
  let most = 0;
  const rate: CallRate = {
    perSecond: { describe: perSecond, list: perSecond },
    take: async (kind, count) => {
      asked.push(kind);
      under[kind] += 1;
      most = Math.max(most, under[kind]);
      await new Promise(setImmediate);
      under[kind] -= 1;
      for (let taken = 0; taken < count; taken += 1) {
        const waitMs = waits[kind]?.shift() ?? 0;
        if (waitMs > 0) return { taken, waitMs };
      }
      return { taken: count, waitMs: 0 };
    },
  };
  return { rate, asked, mostAtOnce: () => most };
};

/** Work that begins, says so, and ends when the test says. */
const createWork = () => {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      begun.push(name);
      ends.set(name, () => resolve(name));
    });
  return { begun, work, end: (name: string) => ends.get(name)?.() };
};

/** Time stops until `pass`. Work that needs no time goes on. */
const stopTime = (): void => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
afterEach(() => void vi.useRealTimers());

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

const pass = async (ms: number): Promise<void> => {
  vi.advanceTimersByTime(ms);
  await settled();
};

const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof UpstreamError ? error.reason : error),
  );

describe('the turns of calls to an upstream', () => {
  it('come in order, as many at once as there are places, and a place is free after a failure too', async () => {
    const turns = createTurns({ upstream: 'u', maxConcurrent: 2 });
    const { begun, work, end } = createWork();
    const failing = turns.run({}, undefined, () => Promise.reject(new Error('bad')));
    const [a, b, c] = ['a', 'b', 'c'].map((name) => turns.run({}, undefined, work(name)));
    await expect(failing).rejects.toThrow('bad');
    await settled();
    expect(begun).toEqual(['a', 'b']);
    expect(turns.load()).toEqual({ running: 2, waiting: 1 });
    end('b');
    expect(await b).toBe('b');
    await settled();
    expect(begun).toEqual(['a', 'b', 'c']);
    end('a');
    end('c');
    await Promise.all([a, c]);
    expect(turns.load()).toEqual({ running: 0, waiting: 0 });
  });

  it('are asked for by all in the line together, and come in order as far as they were given', async () => {
    stopTime();
    const { rate, asked, mostAtOnce } = createRate({ describe: [0, 60, 30] });
    const turns = createTurns({ upstream: 'u', maxConcurrent: 10, rate });
    const begun: string[] = [];
    const all = ['a', 'b', 'c'].map((name) => turns.run({}, 'describe', async () => void begun.push(name)));
    await settled();
    expect(begun).toEqual(['a']);
    expect(asked.length).toBe(2); // for the first at once, and for those who came meanwhile
    await pass(59);
    expect(begun).toEqual(['a']);
    await pass(1);
    await pass(30);
    await Promise.all(all);
    expect(begun).toEqual(['a', 'b', 'c']);
    expect(asked.length).toBe(4);
    expect(mostAtOnce()).toBe(1);
  });

  it('are not taken from the rate while there is no place for the call', async () => {
    const { rate, asked } = createRate({});
    const turns = createTurns({ upstream: 'u', maxConcurrent: 1, rate });
    const { begun, work, end } = createWork();
    const all = ['a', 'b', 'c'].map((name) => turns.run({}, 'describe', work(name)));
    await settled();
    expect([begun.length, asked.length]).toEqual([1, 1]);
    for (const name of ['a', 'b', 'c']) {
      end(name);
      await settled();
    }
    await Promise.all(all);
  });

  it('of one kind do not wait for the rate of another', async () => {
    const { rate } = createRate({ describe: [5000] });
    const turns = createTurns({ upstream: 'u', maxConcurrent: 1, rate });
    const caller = new AbortController();
    const held = reasonOf(turns.run({ signal: caller.signal }, 'describe', () => Promise.resolve()));
    expect(await turns.run({}, 'list', () => Promise.resolve('listed'))).toBe('listed');
    expect(await turns.run({}, undefined, () => Promise.resolve('written'))).toBe('written');
    caller.abort();
    expect(await held).toBe('canceled');
  });

  it('of each kind get the free place by turns', async () => {
    const { rate } = createRate({});
    const turns = createTurns({ upstream: 'u', maxConcurrent: 1, rate });
    const begun: string[] = [];
    const run = (kind: CallKind, name: string) => turns.run({}, kind, async () => void begun.push(name));
    const describes = ['d1', 'd2', 'd3'].map((name) => run('describe', name));
    await Promise.all([...describes, run('list', 'l1'), run('list', 'l2')]);
    expect(begun).toEqual(['d1', 'l1', 'd2', 'l2', 'd3']);
  });

  it('are given up when the operation ends, which lets the next one forward', async () => {
    stopTime();
    const { rate } = createRate({ describe: [50] });
    const turns = createTurns({ upstream: 'u', maxConcurrent: 1, rate });
    const caller = new AbortController();
    const begun: string[] = [];
    const run = (name: string, call: CallOptions) =>
      reasonOf(turns.run(call, 'describe', async () => begun.push(name)));
    const gone = run('gone', { signal: caller.signal });
    const next = run('next', {});
    await settled();
    caller.abort();
    expect(await gone).toBe('canceled');
    expect(turns.load().waiting).toBe(1);
    await pass(50);
    expect(await next).toBe('done');
    expect(begun).toEqual(['next']);
    expect(await run('late', { signal: caller.signal })).toBe('canceled');
  });

  it('are refused at once where they would come after the deadline, by the place in the line', async () => {
    stopTime();
    const { rate } = createRate({ describe: [400] }, 2);
    const turns = createTurns({ upstream: 'u', maxConcurrent: 10, rate });
    const begun: string[] = [];
    const from = performance.now();
    const run = (name: string, ms: number) =>
      turns.run({ deadlineAt: from + ms }, 'describe', async () => void begun.push(name));
    const patient = [run('a', 5000), run('b', 5000)];
    const third = run('c', 900).catch((error: unknown) => error); // two go when the second is over, so it would be 1.4 s
    await settled();
    const fourth = await run('d', 300).catch((error: unknown) => error);
    expect(await third).toMatchObject({ reason: 'throttled', transient: false, sent: false });
    expect(await third).toHaveProperty('retryAfterMs', 1400);
    expect(fourth).toMatchObject({ reason: 'throttled' });
    expect(begun).toEqual([]);
    await pass(400);
    await Promise.all(patient);
    expect(begun).toEqual(['a', 'b']);
    expect(turns.load()).toEqual({ running: 0, waiting: 0 });
  });

  it('come to everyone who stays, in the order of its kind, and never too many at once', async () => {
    const call = fc.record({
      kind: fc.constantFrom<CallKind | undefined>('describe', 'list', undefined),
      workMs: fc.integer({ min: 0, max: 2 }),
      leaves: fc.boolean(),
    });
    const waits = fc.array(fc.constantFrom(0, 0, 1, 2), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 25 }),
        waits,
        waits,
        fc.integer({ min: 1, max: 4 }),
        async (calls, describe_, list, maxConcurrent) => {
          const { rate, mostAtOnce } = createRate({ describe: [...describe_], list: [...list] });
          const turns = createTurns({ upstream: 'u', maxConcurrent, rate });
          const begun: number[] = [];
          const ended = calls.map(({ kind, workMs, leaves }, index) => {
            const caller = new AbortController();
            if (leaves) setTimeout(() => caller.abort(), index % 4);
            return reasonOf(
              turns.run({ signal: caller.signal }, kind, async () => {
                begun.push(index);
                expect(turns.load().running).toBeLessThanOrEqual(maxConcurrent);
                await sleep(workMs);
              }),
            );
          });
          const reasons = await Promise.all(ended);
          expect(reasons.filter((_, index) => calls[index]?.leaves === false)).toEqual(
            calls.filter(({ leaves }) => !leaves).map(() => 'done'),
          );
          for (const kind of ['describe', 'list', undefined]) {
            const order = begun.filter((index) => calls[index]?.kind === kind);
            expect(order).toEqual([...order].sort((a, b) => a - b));
          }
          expect(mostAtOnce()).toBeLessThanOrEqual(1);
          expect(turns.load()).toEqual({ running: 0, waiting: 0 });
        },
      ),
      { numRuns: 60 },
    );
  });
});
