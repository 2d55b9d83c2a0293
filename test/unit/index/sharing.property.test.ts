import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Elsewhere } from '../../../src/cache/store.js';
import { HOUR_MICROS, micros } from '../../../src/domain/micros.js';
import { freshnessOf, including } from '../../../src/index/freshness.js';
import { createIndexMemory } from '../../../src/index/memory.js';
import { type RecentIndex, createRecentIndex } from '../../../src/index/recent.js';
import { type IndexSharing, createIndexSharing } from '../../../src/index/sharing.js';
import { runs } from '../../support/runs.js';
import {
  NOW,
  SECOND,
  type Thing,
  createThings,
  groups,
  thingKind,
  thingView,
  thingTimes as times,
} from '../../support/things.js';

const nth = fc.nat(1000);
const replica = fc.nat(2);
const hours = fc.constantFrom(1, 6, 24, 60);

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('begin' as const),
      group: fc.constantFrom(...groups),
      minutesAgo: fc.nat(50),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const), nth }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), nth }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 1, 6, 6, 600, 4000, 20_000, 90_000),
    }),
  },
  // A replica pauses in the middle of a read, and stores and shares its answer when it goes on.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pause' as const), replica, hours }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('resume' as const), nth }) },
  fc.record({ kind: fc.constant('restart' as const), replica }),
  fc.record({ kind: fc.constant('redis' as const), is: fc.constantFrom('up', 'up', 'down', 'losing', 'emptied') }),
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      replica,
      hours,
      anew: fc.constantFrom(false, false, false, true),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type RedisState = Extract<Step, { kind: 'redis' }>['is'];

/** A Redis that may be down, lose every second write, or be emptied. */
const createRedis = (now: () => number) => {
  const held = new Map<string, { readonly observedAt: number; readonly ttlMs: number; readonly value: unknown }>();
  let state: RedisState = 'up';
  let writes = 0;
  const elsewhere = {
    read: (keys: readonly string[]) =>
      Promise.resolve(
        keys.map((key) => {
          const kept = state === 'down' ? undefined : held.get(key);
          return kept === undefined || now() > kept.observedAt + kept.ttlMs * 1000 ? null : kept;
        }),
      ),
    write: (key: string, kept: { readonly observedAt: number; readonly ttlMs: number; readonly value: unknown }) => {
      writes += 1;
      if (state === 'down' || (state === 'losing' && writes % 2 === 0)) return;
      held.set(key, kept);
    },
  } as Elsewhere; // a value comes back as it was written
  return {
    elsewhere,
    become: (next: RedisState): void => {
      if (next === 'emptied') held.clear();
      state = next === 'emptied' ? 'up' : next;
    },
  };
};

interface Replica {
  readonly index: RecentIndex<Thing>;
  readonly sharing: IndexSharing<Thing>;
  readonly knownGone: Set<string>; // things that it has asked for and not found
}

/** Things of a vendor, and three replicas in front of it that share one Redis. */
const play = () => {
  let now = NOW;
  let calls = 0;
  const things = createThings(() => now);
  const redis = createRedis(() => now);
  const start = (): Replica => ({
    index: createRecentIndex({
      kind: thingKind,
      now: () => micros(now),
      memory: createIndexMemory(64),
      hours: 168,
    }),
    sharing: createIndexSharing({ upstream: 'u', scope: 's', elsewhere: redis.elsewhere, times, shape: z.unknown() }),
    knownGone: new Set(),
  });
  const replicas = [start(), start(), start()];
  const paused: (() => void)[] = [];

  const read = ({ index, sharing }: Replica, from: number): (() => void) => {
    const begun = index.moment();
    calls += 1;
    const answer = things.readOf(null, from);
    return () => {
      index.take(null, from, begun, answer);
      sharing.tell(index, null, from, answer);
    };
  };

  const ask = async (one: Replica, { hours: back, anew }: Extract<Step, { kind: 'ask' }>): Promise<void> => {
    const { index, sharing, knownGone } = one;
    const since = now - back * HOUR_MICROS;
    const fresh = freshnessOf(times, anew ? { maxAgeMs: 0 } : {}, { now, begun: index.moment(), openOnly: false });
    const wanted = { since, groups: null, fresh };
    let plan = index.plan(wanted);
    if (plan.kind !== 'known') {
      await sharing.follow(index);
      plan = index.plan(wanted);
    }
    if (plan.kind === 'all') read(one, plan.from)();
    expect(index.basis({ ...wanted, fresh: including(fresh, now) })).toMatchObject({ isKnown: true, reasons: [] });
    const shown = index.snapshot(thingView, { from: since, to: null, groups: null, openOnly: false }).hours.flat();
    things.judge(shown, { concerns: ({ startedAt }) => startedAt >= since, anew, knownGone });
  };

  return {
    calls: () => calls,
    go: async (one: Step): Promise<void> => {
      now += one.kind === 'wait' ? one.seconds * SECOND : 1000; // no two things happen at once
      if (one.kind === 'begin' || one.kind === 'end' || one.kind === 'delete') things.change(one);
      const of = 'replica' in one ? replicas[one.replica] : undefined;
      if (one.kind === 'redis') redis.become(one.is);
      if (one.kind === 'restart') replicas[one.replica] = start();
      if (one.kind === 'pause' && of !== undefined) paused.push(read(of, now - one.hours * HOUR_MICROS));
      if (one.kind === 'resume') paused.splice(one.nth % Math.max(1, paused.length), 1)[0]?.();
      if (one.kind === 'ask' && of !== undefined) await ask(of, one);
    },
  };
};

describe('the indexes of replicas', () => {
  it('are what the vendor has, whoever read it, starts late, pauses or loses what others have said', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const world = play();
        for (const one of steps) await world.go(one);
      }),
      { numRuns: runs(1500) },
    ));

  it('need one read among them while Redis is there', async () => {
    const world = play();
    await world.go({ kind: 'begin', group: 'a', minutesAgo: 10 });
    for (const one of [0, 1, 2]) await world.go({ kind: 'ask', replica: one, hours: 24, anew: false });
    await world.go({ kind: 'restart', replica: 1 });
    await world.go({ kind: 'ask', replica: 1, hours: 24, anew: false });
    expect(world.calls()).toBe(1);
  });
});
