import { HOUR_MICROS } from '../domain/micros.js';
import type { Ease } from './records.js';
import type { IncompleteReason } from '../domain/incomplete-reason.js';

/** A record may be listed under its start for the first time so long after it. */
export const LATE_MICROS = HOUR_MICROS;

const MOST_STRETCHES = 200; // of one group: reads of the newest hours come down to one an hour

/** One read of everything that started at or after a time: of all groups, or of one. */
export interface Stretch {
  readonly from: number;
  readonly begun: number; // its moment among drops: what was dropped after that does not count as read
  readonly readAt: number;
  readonly unreadable: number; // records that were left out
  readonly reasons: readonly IncompleteReason[]; // why else it may be less than everything
}

/** What an operation takes for known: only reads that are newer than these times count. */
export interface Freshness {
  readonly begun: number; // its moment among drops: what is dropped later does not concern it
  readonly movingSince: number; // of what may still change
  readonly settledSince: number;
  readonly flawedSince: number; // of reads that left something out
  readonly openOnly: boolean; // what is settled is not wanted, so it may have been evicted
  readonly ease: Ease | null; // what has gone on for long may be older
}

export const isFlawed = ({ unreadable, reasons }: Pick<Stretch, 'unreadable' | 'reasons'>): boolean =>
  unreadable > 0 || reasons.length > 0;

/** How far back everything is known, and by which reads. */
interface Reach {
  readonly from: number; // Infinity: nothing is known well enough
  readonly used: readonly Stretch[];
}

const nowhere: Reach = { from: Number.POSITIVE_INFINITY, used: [] };

/** Which spans of time were read whole, and when. A group is what the vendor can list by itself, such as one job's runs. */
interface Coverage {
  add(group: string | null, stretch: Stretch): void;
  /**
   * From when on everything is known, looked at no further back than `since`: of one group, or, by reads of all of them
   * alone, where it is `null`.
   */
  reach(group: string | null, since: number, fresh: Freshness): Reach;
  /** From when on to read now, so that with what is known it reaches back to `since`. */
  resumeFrom(group: string | null, since: number, fresh: Freshness): number;
  /** What started since then and is not known is gone: reads that are newer than that time have not shown it. */
  shownSince(group: string, readAt: number): number;
  /** The newest read of all groups, whatever was dropped of single ones. */
  newestOfAll(): Stretch | null;
  /** These are all groups there are: one that comes later has nothing older. */
  listed(groups: Iterable<string>, at: number): void;
  /** There are these, perhaps among others. */
  seen(groups: Iterable<string>): void;
  /** All groups that were ever listed, seen or read; `null` until they were listed. */
  groups(): ReadonlySet<string> | null;
  /** Everything that started before is not kept. */
  floor(): number;
  /** All reads that are known. */
  stretches(): Iterable<readonly [group: string | null, Stretch]>;
  /** What was asked for until now counts no more: of this group, or of all. */
  drop(group: string | null): void;
  /** A moment among drops: for what begins now. */
  moment(): number;
  /** What started before is not kept any more. */
  evict(before: number): void;
}

/** Of two reads at the same time the one that reaches further back. */
const comesFirst = (a: Stretch, b: Stretch): boolean =>
  a.readAt > b.readAt || (a.readAt === b.readAt && a.from <= b.from);

/** Two lists as one, newest read first, as both are. */
function* merged(a: readonly Stretch[], b: readonly Stretch[]): Generator<Stretch, void, void> {
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    const [left, right] = [a[i], b[j]];
    const isLeft = right === undefined || (left !== undefined && comesFirst(left, right));
    const next = isLeft ? left : right;
    if (isLeft) i += 1;
    else j += 1;
    if (next !== undefined) yield next;
  }
}

const latest = (...times: readonly (number | undefined)[]): number =>
  times.reduce<number>((last, time) => Math.max(last, time ?? last), Number.NEGATIVE_INFINITY);

export const createCoverage = (): Coverage => {
  const ofAll: Stretch[] = [];
  const ofGroups = new Map<string, Stretch[]>();
  const known = new Set<string>();
  const dropped = new Map<string, number>();
  let allDroppedAt = Number.NEGATIVE_INFINITY;
  let moment = 0;
  let listedAt: number | null = null;
  let floor = Number.NEGATIVE_INFINITY;

  const listOf = (group: string | null): Stretch[] => {
    if (group === null) return ofAll;
    known.add(group);
    const list = ofGroups.get(group) ?? [];
    ofGroups.set(group, list);
    return list;
  };

  /** What no list of all groups named had nothing when that list was made. */
  const beforeItBegan = (group: string): readonly Stretch[] =>
    listedAt === null || known.has(group)
      ? []
      : [{ from: 0, begun: Number.POSITIVE_INFINITY, readAt: listedAt, unreadable: 0, reasons: [] }];

  /** When the newest drop was that an operation must heed; reads of all groups heed those of single ones too. */
  const droppedAt = (group: string | null, { begun }: Freshness): number => {
    const drops = group === null ? [...dropped.values()] : [dropped.get(group)];
    return latest(...[allDroppedAt, ...drops].filter((at) => at !== undefined && at <= begun));
  };

  /** Reads that reach back without a gap, as far as they do or as is asked for. */
  const chainOf = (group: string | null, since: number, fresh: Freshness): Reach => {
    const own = group === null ? [] : (ofGroups.get(group) ?? beforeItBegan(group));
    const notBefore = droppedAt(group, fresh);
    let from = Number.POSITIVE_INFINITY;
    const used: Stretch[] = [];
    for (const stretch of merged(ofAll, own)) {
      if (stretch.readAt <= fresh.settledSince || from <= since) break;
      if (stretch.begun <= notBefore) continue;
      if (isFlawed(stretch) && stretch.readAt <= fresh.flawedSince) continue; // perhaps it can be read by now
      if (used.length > 0 && from > stretch.readAt - LATE_MICROS) break; // something may have come between
      if (stretch.from >= from) continue;
      from = stretch.from;
      used.push(stretch);
    }
    return { from: fresh.openOnly ? from : Math.max(from, floor), used };
  };

  return {
    add: (group, stretch) => {
      const list = listOf(group);
      // What is read anew replaces what was read of the same span before.
      const others = list.filter(({ from, readAt }) => from < stretch.from || readAt > stretch.readAt);
      const at = others.findIndex(({ readAt }) => readAt <= stretch.readAt);
      others.splice(at < 0 ? others.length : at, 0, stretch);
      list.splice(0, list.length, ...others.slice(0, MOST_STRETCHES));
    },
    reach: (group, since, fresh) => {
      const chain = chainOf(group, since, fresh);
      return (chain.used[0]?.readAt ?? Number.NEGATIVE_INFINITY) <= fresh.movingSince ? nowhere : chain;
    },
    resumeFrom: (group, since, fresh) => {
      const chain = chainOf(group, since, fresh);
      const [newest] = chain.used;
      return newest === undefined || chain.from > since ? since : Math.max(since, newest.readAt - LATE_MICROS);
    },
    shownSince: (group, readAt) => {
      let from = Number.POSITIVE_INFINITY;
      for (const stretch of merged(ofAll, ofGroups.get(group) ?? [])) {
        if (stretch.readAt <= readAt) break;
        if (!isFlawed(stretch)) from = Math.min(from, stretch.from);
      }
      return from;
    },
    newestOfAll: () => ofAll.find(({ begun }) => begun > allDroppedAt) ?? null,
    listed: (groups, at) => {
      for (const group of groups) known.add(group);
      listedAt = latest(at, listedAt ?? undefined);
    },
    seen: (groups) => {
      for (const group of groups) known.add(group);
    },
    floor: () => floor,
    groups: () => (listedAt === null ? null : known),
    stretches: () => [
      ...ofAll.map((stretch) => [null, stretch] as const),
      ...[...ofGroups].flatMap(([group, list]) => list.map((stretch) => [group, stretch] as const)),
    ],
    drop: (group) => {
      moment += 1;
      if (group === null) allDroppedAt = moment;
      else dropped.set(group, moment);
    },
    moment: () => (moment += 1),
    evict: (before) => void (floor = Math.max(floor, before)),
  };
};
