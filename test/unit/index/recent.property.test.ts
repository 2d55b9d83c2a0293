import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MICROS, micros } from '../../../src/domain/micros.js';
import { freshnessOf, including } from '../../../src/index/freshness.js';
import { type IndexMemory, createIndexMemory } from '../../../src/index/memory.js';
import { type RecentIndex, createRecentIndex } from '../../../src/index/recent.js';
import { runs } from '../../support/runs.js';
import {
  NOW,
  SECOND,
  type Thing,
  createThings,
  groups,
  thingKind as kind,
  thingTimes as times,
  thingView as view,
} from '../../support/things.js';
import { tightMemory } from '../../support/tight-memory.js';

const nth = fc.nat(1000);
const hours = fc.integer({ min: 1, max: 60 });
const scope = fc.constantFrom(null, ...groups);
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
  fc.record({ kind: fc.constant('delete' as const), nth }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 6, 600, 4000, 20_000, 90_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('send' as const), scope, hours }) }, // a read whose answer comes later
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('arrive' as const), nth }) },
  fc.record({ kind: fc.constant('amend' as const), nth }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      hours,
      only: fc.constantFrom(null, ['a'], ['b', 'c']),
      anew: fc.constantFrom(false, false, false, true),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The things that the vendor has, and the reads that an index in front of it receives. */
const play = (forbidsAll: boolean, memory: Pick<IndexMemory, 'join'>) => {
  let now = NOW;
  const things = createThings(() => now);
  const knownGone = new Set<string>();
  const index: RecentIndex<Thing> = createRecentIndex({ kind, now: () => micros(now), memory, hours: 168 });
  const sent: (() => void)[] = [];

  const read = (group: string | null, from: number): (() => void) => {
    const begun = index.moment();
    const answer = things.readOf(group, from);
    return () => index.take(group, from, begun, answer);
  };

  const ask = ({ hours: back, only, anew }: Extract<Step, { kind: 'ask' }>): void => {
    const since = now - back * HOUR_MICROS;
    const fresh = freshnessOf(times, anew ? { maxAgeMs: 0 } : {}, { now, begun: index.moment(), openOnly: false });
    const wanted = { since, groups: only, fresh };
    if (forbidsAll) index.tooMany(now);
    const plan = index.plan(wanted);
    if (plan.kind === 'beyond') return;
    if (plan.kind === 'all') read(null, plan.from)();
    else if (plan.kind === 'groups') {
      const head = index.headFrom(wanted);
      if (head !== null && head > since && !forbidsAll) read(null, head)();
      if (!index.knowsGroups() || index.headFrom(wanted) !== null) index.listed(things.groups());
      for (const { group, from } of index.groupsToRead(wanted) ?? []) read(group, from)();
    }
    if (index.plan(wanted).kind === 'beyond') return; // the memory had no room for it
    expect(index.basis({ ...wanted, fresh: including(fresh, now) })).toMatchObject({ isKnown: true, reasons: [] });
    const part = { from: since, to: null, groups: only, openOnly: false };
    const shown = index.snapshot(view, part).hours.flat();
    expect(shown).toEqual([...shown].sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1)));
    const concerns = (one: Thing): boolean =>
      one.startedAt >= since && (only === null || only.some((group) => group === one.group));
    things.judge(shown, { concerns, anew, knownGone });
    const open = index.snapshot(view, { ...part, openOnly: true }).hours.flat();
    expect(open.filter(concerns)).toEqual(shown.filter((one) => concerns(one) && !kind.isSettled(one)));
  };

  return (one: Step): void => {
    now += one.kind === 'wait' ? one.seconds * SECOND : 1000; // no two things happen at once
    if (one.kind === 'begin' || one.kind === 'end' || one.kind === 'delete') things.change(one);
    if (one.kind === 'send') sent.push(read(one.scope, now - one.hours * HOUR_MICROS));
    if (one.kind === 'arrive') sent.splice(one.nth % Math.max(1, sent.length), 1)[0]?.();
    // The thing that a mutation of ours has changed, long after it was over.
    const amended = one.kind === 'amend' ? things.pick(one.nth) : undefined;
    if (amended !== undefined) {
      things.all.set(amended.id, { ...amended, endedAt: now });
      index.drop(amended.group);
    }
    if (one.kind === 'ask') ask(one);
  };
};

/** A group comes after the list of groups was read, and begins a thing before the span of a later read of all. */
const lateGroup: Step[] = [
  { kind: 'ask', hours: 1, only: null, anew: false },
  { kind: 'begin', group: 'a', minutesAgo: 0 },
  { kind: 'wait', seconds: 20_000 },
  { kind: 'send', scope: null, hours: 1 },
  { kind: 'arrive', nth: 0 },
  { kind: 'ask', hours: 6, only: null, anew: false },
];

describe('the index', () => {
  it.each([
    ['all is read in one answer', false, () => createIndexMemory(64)],
    ['single groups alone are read', true, () => createIndexMemory(64)],
    ['the memory holds a few alone', false, () => tightMemory(8)],
    ['the memory holds a few of single groups', true, () => tightMemory(8)],
  ])(
    'is what the vendor has, whatever was read before, in whatever order it came, where %s',
    (_how, forbidsAll, memory) => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) =>
          steps.forEach(play(forbidsAll, memory())),
        ),
        { numRuns: runs(1500), examples: [[lateGroup]] },
      );
    },
  );
});
