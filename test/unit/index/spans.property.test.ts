import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MICROS, type Micros, micros } from '../../../src/domain/micros.js';
import { freshnessOf } from '../../../src/index/freshness.js';
import { type IndexMemory, createIndexMemory } from '../../../src/index/memory.js';
import type { RecordKind } from '../../../src/index/records.js';
import { type Span, isWithin, joined, overlap, without } from '../../../src/index/span.js';
import { createSpanIndex } from '../../../src/index/spans.js';
import { runs } from '../../support/runs.js';
import { tightMemory } from '../../support/tight-memory.js';

interface Thing {
  readonly id: string;
  readonly startedAt: Micros;
  readonly isOver: boolean;
  readonly changedAt: number;
  readonly observedAt: Micros;
}

const SECOND = 1_000_000;
const NOW = 1_715_137_200 * SECOND;
const times = { listMs: 5_000, finishedMs: 86_400_000, runningMs: 5_000, staleMs: 0 };

const kind: RecordKind<Thing> = {
  groupOf: () => '',
  keyOf: ({ id }) => id,
  observedAt: ({ observedAt }) => observedAt,
  isFinished: ({ isOver }) => isOver,
  isSettled: ({ isOver }) => isOver,
  unreadable: () => 0,
  weight: () => 1,
};

const nth = fc.nat(1000);
const span = fc.record({ hours: fc.integer({ min: 1, max: 60 }), width: fc.constantFrom(null, null, 1, 3, 20) });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('begin' as const), minutesAgo: fc.nat(50) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('end' as const), nth }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), nth }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 6, 600, 4000, 20_000, 90_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('send' as const), span, pages: fc.nat(3) }) }, // its answer comes later
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('arrive' as const), nth }) },
  fc.record({ kind: fc.constant('describe' as const), nth }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      span,
      anew: fc.constantFrom(false, false, true),
      again: fc.boolean(), // whether what goes on is read by itself
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The things that the vendor has, and the reads that an index in front of it receives. */
const play = (memory: Pick<IndexMemory, 'join'>) => {
  let now = NOW;
  let count = 0;
  const things = new Map<string, Thing>();
  const deletedAt = new Map<string, number>();
  const knownGone = new Set<string>();
  const index = createSpanIndex({ kind, memory, now: () => micros(now) });
  const sent: (() => void)[] = [];
  const seen = (one: Thing): Thing => ({ ...one, observedAt: micros(now) });
  const spanOf = ({ hours, width }: Extract<Step, { kind: 'ask' }>['span']): Span => ({
    from: now - hours * HOUR_MICROS,
    to: width === null ? Number.POSITIVE_INFINITY : now - hours * HOUR_MICROS + width * HOUR_MICROS,
  });

  /** The pages of a read, taken when it ends; some never come. */
  const read = (of: Span, missing = 0): { readonly records: readonly Thing[]; readonly take: () => void } => {
    const begun = index.moment();
    const readAt = micros(now);
    const records = [...things.values()].filter(({ startedAt }) => isWithin(of, startedAt)).map(seen);
    return {
      records,
      take: () => {
        index.note(records.slice(missing));
        if (missing === 0) index.end(of, begun, readAt);
      },
    };
  };

  const within = (of: Span): readonly Thing[] =>
    index.snapshot(of).hours.flatMap((hour) => hour.filter(({ startedAt }) => isWithin(of, startedAt)));

  const answer = ({ span: asked, anew, again }: Extract<Step, { kind: 'ask' }>): readonly Thing[] => {
    const fresh = freshnessOf(times, anew ? { maxAgeMs: 0 } : {}, { now, begun: 0, openOnly: false });
    if (again)
      for (const one of index.plan(spanOf(asked), fresh).moving) {
        const there = things.get(one.id);
        if (there === undefined) index.gone(one);
        else index.note([seen(there)]);
      }
    const { parts, moving } = index.plan(spanOf(asked), fresh);
    if (again) expect(moving).toEqual([]);
    expect(joined(parts)).toEqual([spanOf(asked)]);
    const known = parts.flatMap((part) => (part.kind === 'known' ? within(part) : []));
    const news = parts.flatMap((part) => {
      if (part.kind === 'known') return [];
      const { records, take } = read(part);
      take();
      return records;
    });
    return [...known, ...news];
  };

  const ask = (one: Extract<Step, { kind: 'ask' }>): void => {
    const isAsked = ({ startedAt }: Thing): boolean => isWithin(spanOf(one.span), startedAt);
    const shown = answer(one);
    const here = new Map(shown.map((thing) => [thing.id, thing.isOver]));
    expect(here.size).toBe(shown.length);
    const there = [...things.values()].filter(isAsked);
    for (const { id, isOver, changedAt } of there)
      if (one.anew || changedAt <= now - 6 * SECOND) expect([id, here.get(id)]).toEqual([id, isOver]);
    const goneBefore = now - times.finishedMs * 1000;
    const ghosts = [...here.keys()].filter((id) => knownGone.has(id) || (deletedAt.get(id) ?? now) <= goneBefore);
    expect(ghosts).toEqual([]);
    if (!one.anew) return;
    expect([...here.keys()].sort()).toEqual(there.map(({ id }) => id).sort());
    for (const [id] of deletedAt) if (isAsked(startOf(id))) knownGone.add(id);
  };

  const everyone: Thing[] = [];
  const startOf = (id: string): Thing => everyone.find((one) => one.id === id) ?? expect.fail(id);
  const pick = (among: readonly Thing[], at: number): Thing | undefined => among[at % Math.max(1, among.length)];
  return (one: Step): void => {
    now += one.kind === 'wait' ? one.seconds * SECOND : 1000; // no two things happen at once
    if (one.kind === 'begin') {
      const startedAt = micros(now - one.minutesAgo * 60 * SECOND);
      const thing = { id: `t${(count += 1)}`, startedAt, isOver: false, changedAt: now, observedAt: micros(now) };
      things.set(thing.id, thing);
      everyone.push(thing);
    }
    const open = [...things.values()].filter(({ isOver }) => !isOver);
    const ended = one.kind === 'end' ? pick(open, one.nth) : undefined;
    if (ended !== undefined) things.set(ended.id, { ...ended, isOver: true, changedAt: now });
    const deleted = one.kind === 'delete' ? pick([...things.values()], one.nth) : undefined;
    if (deleted !== undefined) {
      things.delete(deleted.id);
      deletedAt.set(deleted.id, now);
    }
    const described = one.kind === 'describe' ? pick([...things.values()], one.nth) : undefined;
    if (described !== undefined) index.note([seen(described)]);
    if (one.kind === 'send') sent.push(read(spanOf(one.span), one.pages).take);
    if (one.kind === 'arrive') sent.splice(one.nth % Math.max(1, sent.length), 1)[0]?.();
    if (one.kind === 'ask') ask(one);
  };
};

describe('the index of spans', () => {
  it.each([
    ['all of it is kept', () => createIndexMemory(64)],
    ['most of it is let go', () => tightMemory(4)],
  ])('is what the vendor has, whatever was read before, in whatever order it came, where %s', (_how, memory) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 100 }), (steps) => steps.forEach(play(memory()))),
      { numRuns: runs(1500) },
    );
  });
});

describe('spans', () => {
  const spans = fc
    .tuple(fc.nat(20), fc.integer({ min: 1, max: 9 }))
    .map(([from, length]) => ({ from, to: from + length }));
  const moments = Array.from({ length: 40 }, (_, at) => at);

  it('hold the moments that they should when they are cut and joined', () =>
    fc.assert(
      fc.property(spans, spans, fc.array(spans), (a, b, all) => {
        const isIn = (some: readonly Span[], at: number): boolean =>
          some.filter((one) => isWithin(one, at)).length === 1;
        for (const at of moments) {
          const [inA, inB] = [isWithin(a, at), isWithin(b, at)];
          expect([at, isIn(overlap(a, b), at)]).toEqual([at, inA && inB]);
          expect([at, isIn(without(a, b), at)]).toEqual([at, inA && !inB]);
          expect([at, isIn(joined(all), at)]).toEqual([at, all.some((one) => isWithin(one, at))]);
        }
      }),
    ));
});
