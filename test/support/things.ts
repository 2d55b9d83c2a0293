import { expect } from 'vitest';
import type { Read } from '../../src/calling/call.js';
import { HOUR_MICROS, type Micros, micros } from '../../src/domain/micros.js';
import type { RecordKind } from '../../src/index/records.js';

/** A record of an index, of no product. */
export interface Thing {
  readonly id: string;
  readonly group: string;
  readonly startedAt: Micros;
  readonly endedAt: number | null;
  readonly changedAt: number;
  readonly observedAt: Micros;
}

export const SECOND = 1_000_000;
export const NOW = 1_715_137_200 * SECOND;
export const groups = ['a', 'b', 'c'] as const;
export const thingTimes = { listMs: 5_000, finishedMs: 86_400_000, runningMs: 5_000, staleMs: 0 };

export const thingKind: RecordKind<Thing> = {
  groupOf: ({ group }) => group,
  keyOf: ({ id }) => id,
  observedAt: ({ observedAt }) => observedAt,
  isFinished: ({ endedAt }) => endedAt !== null,
  isSettled: ({ endedAt, observedAt }) => endedAt !== null && endedAt <= observedAt - HOUR_MICROS,
  unreadable: () => 0,
  weight: () => 1,
};

export const thingView = { of: (thing: Thing): readonly Thing[] => [thing] };

/** A change among things; other steps of a test are none. */
export type Change =
  | { readonly kind: 'begin'; readonly group: string; readonly minutesAgo: number }
  | { readonly kind: 'end' | 'delete'; readonly nth: number };

interface Asked {
  readonly concerns: (thing: Thing) => boolean; // whether the answer is about it
  readonly anew: boolean; // whether nothing old is taken
  readonly knownGone: Set<string>; // things that the asker has asked for and not found; grows
}

/** The things that a vendor has. */
export const createThings = (now: () => number) => {
  let count = 0;
  const all = new Map<string, Thing>();
  const deletedAt = new Map<string, number>();
  const everyone: Thing[] = [];
  const pick = (among: readonly Thing[], at: number): Thing | undefined => among[at % Math.max(1, among.length)];
  return {
    all,
    pick: (at: number): Thing | undefined => pick([...all.values()], at),
    change: (one: Change): void => {
      if (one.kind === 'begin') {
        const id = `${one.group}${(count += 1)}`;
        const startedAt = micros(now() - one.minutesAgo * 60 * SECOND);
        const thing = { id, group: one.group, startedAt, endedAt: null, changedAt: now(), observedAt: micros(now()) };
        all.set(id, thing);
        everyone.push(thing);
        return;
      }
      const open = [...all.values()].filter(({ endedAt }) => endedAt === null);
      const picked = pick(one.kind === 'end' ? open : [...all.values()], one.nth);
      if (picked === undefined) return;
      if (one.kind === 'end') all.set(picked.id, { ...picked, endedAt: now(), changedAt: now() });
      else {
        all.delete(picked.id);
        deletedAt.set(picked.id, now());
      }
    },
    /** An answer of the vendor: the things of a group, or of all, that began since then. */
    readOf: (group: string | null, from: number): Read<Thing> => ({
      records: [...all.values()]
        .filter((one) => (group === null || one.group === group) && one.startedAt >= from)
        .map((one) => ({ ...one, observedAt: micros(now()) })),
      observedAt: micros(now()),
      unreadable: 0,
    }),
    /** Compares what an index shows with what there is. */
    judge: (shown: readonly Thing[], { concerns, anew, knownGone }: Asked): void => {
      const here = new Map(shown.filter(concerns).map((one) => [one.id, one.endedAt]));
      const there = [...all.values()].filter(concerns);
      const seenAfter = ({ startedAt }: Thing): number =>
        Math.max(6 * SECOND, Math.min(60 * SECOND, (now() - startedAt) / 60) + SECOND);
      const settledFor = (one: Thing): boolean => anew || one.changedAt <= now() - seenAfter(one);
      for (const one of there.filter(settledFor)) expect([one.id, here.get(one.id)]).toEqual([one.id, one.endedAt]);
      const goneBefore = now() - thingTimes.finishedMs * 1000;
      const ghosts = [...here.keys()].filter((id) => knownGone.has(id) || (deletedAt.get(id) ?? now()) <= goneBefore);
      expect(ghosts).toEqual([]);
      if (!anew) return;
      for (const one of everyone.filter(concerns)) if (!all.has(one.id)) knownGone.add(one.id);
      expect([...here.keys()].sort()).toEqual(there.map(({ id }) => id).sort());
    },
    /** The groups that ever had a thing. */
    groups: (): readonly string[] => everyone.map(({ group }) => group),
  };
};
