import { HOUR_MICROS } from '../domain/micros.js';
import type { IncompleteReason } from '../domain/incomplete-reason.js';
import type { Ease } from './pace.js';

/** A record may appear in lists this long after its start. */
export const LATE_MICROS = HOUR_MICROS;

const MOST_STRETCHES = 200; // of one group: older reads of the newest hours are replaced, down to one an hour

/** One read of everything that started at or after a time: of all groups, or of one. */
export interface Stretch {
  readonly from: number;
  readonly begun: number; // its number in the order of drops: a read that began before a drop does not count
  readonly readAt: number;
  readonly unreadable: number; // the number of records left out
  readonly reasons: readonly IncompleteReason[]; // other reasons why it may be incomplete
}

/** The reads that an operation accepts: only those newer than these times count. */
export interface Freshness {
  readonly begun: number; // its number in the order of drops: it ignores later ones
  readonly movingSince: number; // for records that may still change
  readonly settledSince: number;
  readonly flawedSince: number; // for reads that left something out
  readonly openOnly: boolean; // settled records are not wanted, so they may have been evicted
  readonly ease: Ease | null; // lets records that have run for long be older
}

export const isFlawed = ({ unreadable, reasons }: Pick<Stretch, 'unreadable' | 'reasons'>): boolean =>
  unreadable > 0 || reasons.length > 0;

/** How far back everything is known, and the reads it is known from. */
export interface Reach {
  readonly from: number; // Infinity: no accepted read
  readonly used: readonly Stretch[];
}

const nowhere: Reach = { from: Number.POSITIVE_INFINITY, used: [] };

/**
 * The spans of time that were read completely, and when. A group is a set of records that the vendor can list by
 * itself, such as one job's runs.
 */
export interface Coverage {
  add(group: string | null, stretch: Stretch): void;
  /**
   * The time from which everything is known, at most back to `since`. For one group, or if it is `null`, by reads of
   * all groups alone.
   */
  reach(group: string | null, since: number, fresh: Freshness): Reach;
  /** The time from which to read now, so that together with known records everything since `since` is known. */
  resumeFrom(group: string | null, since: number, fresh: Freshness): number;
  /**
   * A record that started since then and is not known no longer exists: reads newer than `readAt` have not returned it.
   */
  shownSince(group: string, readAt: number): number;
  /** The newest read of all groups, even if single groups were dropped since. */
  newestOfAll(): Stretch | null;
  /** Sets the complete list of groups, as of a time. Others may exist, such as a deleted job with runs. */
  listed(groups: Iterable<string>, at: number): void;
  /** The time of the newest such list. */
  listedAt(): number;
  /** Adds groups that exist; there may be others. */
  seen(groups: Iterable<string>): void;
  /** All groups that were ever listed, seen or read; `null` until the complete list was read. */
  groups(): ReadonlySet<string> | null;
  /** Records that started before this are not kept. */
  floor(): number;
  /** All reads that are known. */
  stretches(): Iterable<readonly [group: string | null, Stretch]>;
  /** Invalidates the reads of this group, or all reads, made until now. */
  drop(group: string | null): void;
  /** A new number in the order of drops, for work that begins now. */
  moment(): number;
  /** Records that started before this are no longer kept. */
  evict(before: number): void;
}

/** Of two reads at the same time, the one that reaches further back comes first. */
const comesFirst = (a: Stretch, b: Stretch): boolean =>
  a.readAt > b.readAt || (a.readAt === b.readAt && a.from <= b.from);

/** Merges two lists that are both sorted by newest read first. */
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
  let listedAt = Number.NEGATIVE_INFINITY; // not yet
  let floor = Number.NEGATIVE_INFINITY;

  const listOf = (group: string | null): Stretch[] => {
    if (group === null) return ofAll;
    known.add(group);
    const list = ofGroups.get(group) ?? [];
    ofGroups.set(group, list);
    return list;
  };

  /** The newest drop that an operation must respect. For reads of all groups, drops of single groups count too. */
  const droppedAt = (group: string | null, { begun }: Freshness): number => {
    const drops = group === null ? [...dropped.values()] : [dropped.get(group)];
    return latest(...[allDroppedAt, ...drops].filter((at) => at !== undefined && at <= begun));
  };

  /** The reads that reach back without a gap, as far as they do or as far as `since`. */
  const chainOf = (group: string | null, since: number, fresh: Freshness): Reach => {
    const own = group === null ? [] : (ofGroups.get(group) ?? []);
    const notBefore = droppedAt(group, fresh);
    let from = Number.POSITIVE_INFINITY;
    const used: Stretch[] = [];
    for (const stretch of merged(ofAll, own)) {
      if (stretch.readAt <= fresh.settledSince || from <= since) break;
      if (stretch.begun <= notBefore) continue;
      if (isFlawed(stretch) && stretch.readAt <= fresh.flawedSince) continue; // its missing records may be readable now
      if (used.length > 0 && from > stretch.readAt - LATE_MICROS) break; // a record may have appeared in between
      if (stretch.from >= from) continue;
      from = stretch.from;
      used.push(stretch);
    }
    return { from: fresh.openOnly ? from : Math.max(from, floor), used };
  };

  return {
    add: (group, stretch) => {
      const list = listOf(group);
      // A new read replaces older reads of the same span.
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
      listedAt = Math.max(listedAt, at);
      for (const group of groups) known.add(group);
    },
    seen: (groups) => {
      for (const group of groups) known.add(group);
    },
    floor: () => floor,
    listedAt: () => listedAt,
    groups: () => (listedAt > Number.NEGATIVE_INFINITY ? known : null),
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
