import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRecordStore } from '../../../src/cache/store.js';
import { micros } from '../../../src/domain/micros.js';
import { jobOf } from '../../support/estate.js';
import { HOUR, NOW, play } from '../../support/estates.js';
import { createIndexMemory } from '../../../src/index/memory.js';
import { keep, keptIn, requestOf } from '../../support/kept.js';
import { listCopyJobs } from '../../../src/schema/aws-backup/copy-job-list.js';

const kept = (value: string) => ({ value, observedAt: micros(NOW), ttlMs: 60_000 });
const always = (): boolean => true;
const now = () => micros(NOW);
const version = '1.0.0';

const storeOf = (maxEntries: number) => {
  const store = createRecordStore({ maxEntries, staleMs: 0, shared: null, now, version });
  const has = async (...keys: readonly string[]) =>
    (await store.read<string>(keys, always, z.string())).map((one) => one?.value ?? null);
  return { ...store, has };
};

describe('the store', () => {
  it('lets go of what was used least lately, by weight', async () => {
    const store = storeOf(10);
    store.write('a', kept('A'), 4);
    store.write('b', kept('B'), 4);
    await store.has('a');
    store.write('c', kept('C'), 4);
    expect(await store.has('a', 'b', 'c')).toEqual(['A', null, 'C']);
    for (const letter of 'defgh') store.write(letter, kept(letter), 1);
    expect(await store.has('a', 'c')).toEqual([null, 'C']);
  });

  it('counts what holds no record as one', async () => {
    const store = storeOf(10);
    for (let n = 0; n < 50; n += 1) store.write(`hour ${n}`, kept(''), 0);
    const all = await store.has(...Array.from({ length: 50 }, (_, n) => `hour ${n}`));
    expect(all.filter((value) => value !== null)).toHaveLength(10);
  });

  it('does not keep what is heavier than half of it, and keeps the rest for that', async () => {
    const store = storeOf(10);
    store.write('a', kept('A'), 5);
    store.write('b', kept('B'), 6);
    expect(await store.has('a', 'b')).toEqual(['A', null]);
  });

  it('keeps nothing with maxEntries 0, nor what would be gone at once', async () => {
    const none = storeOf(0);
    none.write('a', kept('A'), 1);
    const some = storeOf(10);
    some.write('a', { ...kept('A'), ttlMs: 0 }, 1);
    expect([await none.has('a'), await some.has('a')]).toEqual([[null], [null]]);
  });

  it('asks nobody else with maxEntries 0', async () => {
    const asked: string[] = [];
    const shared = {
      read: (keys: readonly string[]) => Promise.resolve(keys.map((key) => (asked.push(key), null))),
      write: (key: string) => Promise.resolve(void asked.push(key)),
      drop: (key: string) => Promise.resolve(void asked.push(key)),
    };
    const store = createRecordStore({ maxEntries: 0, staleMs: 1000, shared, now, version });
    store.write('a', kept('A'), 1);
    await store.read(['a'], always, z.string());
    await store.drop('a');
    expect(asked).toEqual([]);
  });

  it.each<[string, unknown, string | null]>([
    ['of this version', [3, version, kept('A')], 'A'],
    ['of another version', [3, '1.0.1', kept('A')], null],
    ['of the form before', [2, kept('A')], null],
    ['of another shape', [3, version, { ...kept('A'), value: 7 }], null],
    ['whose time is text', [3, version, { ...kept('A'), observedAt: 'now' }], null],
    ['whose time is no number', [3, version, { ...kept('A'), observedAt: Number.NaN }], null],
    ['with a member more', [3, version, { ...kept('A'), forever: true }], null],
    ['of a clock that is a second ahead', [3, version, { ...kept('A'), observedAt: NOW + 1_000_000 }], 'A'],
    ['of a clock that is three seconds ahead', [3, version, { ...kept('A'), observedAt: NOW + 3_000_000 }], null],
  ])('takes of what is shared, for one %s, that or nothing', async (_what, written, expected) => {
    const shared = {
      read: (keys: readonly string[]) => Promise.resolve(keys.map(() => serialize(written))),
      write: () => Promise.resolve(),
      drop: () => Promise.resolve(),
    };
    const store = createRecordStore({ maxEntries: 10, staleMs: 1000, shared, now, version });
    const [one] = await store.read<string>(['a'], always, z.string());
    expect(one?.value ?? null).toBe(expected);
  });

  it('does not know what it kept before its clock was set back', async () => {
    let at = NOW;
    const store = createRecordStore({ maxEntries: 10, staleMs: 1000, shared: null, now: () => micros(at), version });
    store.write('a', kept('A'), 1);
    at = NOW - HOUR;
    expect(await store.read(['a'], always, z.string())).toEqual([null]);
    store.write('a', { ...kept('B'), observedAt: micros(at) }, 1);
    expect(await store.read(['a'], always, z.string())).toMatchObject([{ value: 'B' }]);
  });

  it('forgets by the beginning of a key', async () => {
    const store = storeOf(10);
    for (const key of ['run east 7 1', 'run east 77 1', 'run west 7 1']) store.write(key, kept(key), 1);
    const edition = store.edition();
    await store.drop('run east 7 ');
    expect(await store.has('run east 7 1', 'run east 77 1', 'run west 7 1')).toEqual([
      null,
      'run east 77 1',
      'run west 7 1',
    ]);
    expect(store.edition()).not.toBe(edition);
  });
});

describe('a list', () => {
  const jobs = Array.from({ length: 400 }, (_, n) =>
    jobOf(`j${n}`, NOW - (n % 24) * HOUR - HOUR, { state: 'COMPLETED' }),
  );

  /** The calls of the same list three times over, each five minutes later. */
  const callsWith = async (megabytes: number): Promise<readonly number[]> => {
    const clock = { at: NOW + HOUR / 3 };
    const world = keep(
      play({ runs: [], jobs: [jobs], manners: {} }),
      keptIn(clock, { times: { staleMs: 0, listMs: 60_000 } }),
      createIndexMemory(megabytes),
    );
    const calls: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const page = await listCopyJobs(
        requestOf(world, clock.at),
        { first: 500 },
        { page: true, totalCount: false, tasks: false, posture: false },
      );
      expect(page.records.length).toBeGreaterThan(300);
      calls.push(world.endpoints[0]?.calls.length ?? 0);
      clock.at += 1_000_000;
    }
    return calls;
  };

  it('is right whatever there is room for, and costs a call only where there is too little', async () => {
    expect(await callsWith(1)).toEqual([1, 0, 0]);
    expect(await callsWith(0.1)).toEqual([1, 1, 1]);
    expect(await callsWith(0.001)).toEqual([1, 1, 1]);
    expect(await callsWith(0)).toEqual([1, 1, 1]);
  });
});
