import { DAY_MICROS, HOUR_MICROS, type Micros, hourStart, micros } from '../domain/micros.js';
import type { Started, Timed } from '../domain/order.js';
import type { Read } from '../calling/call.js';
import { type Basis, type Wanted, basisOf, earliest, standsFor } from './basis.js';
import { type Freshness, LATE_MICROS, type Stretch, createCoverage, isFlawed } from './coverage.js';
import type { IndexMemory } from './memory.js';
import { createNeeds } from './needs.js';
import type { Snapshot } from './ordered.js';
import type { View } from './orders.js';
import type { Pace } from './pace.js';
import { type RecordKind, type Shown, createRecords } from './records.js';

/** The reads needed so that everything since a time is known. */
export type Plan =
  | { readonly kind: 'known' }
  | { readonly kind: 'all'; readonly from: Micros; readonly expected: number } // by one read
  | { readonly kind: 'groups' } // more than one answer may hold; see `groupsToRead`
  | { readonly kind: 'beyond' }; // more than is kept

/** A group to read, from a time on. */
export interface GroupToRead {
  readonly group: string;
  readonly from: Micros;
  readonly isGap: boolean; // otherwise it is known, and may have changed since
}

/** One upstream's recent records of one kind, over all requests. Only records that may have changed are read again. */
export interface RecentIndex<T extends Started> {
  plan(wanted: Wanted): Plan;
  /** How far back groups are read in the background: a day more than copies are kept, because one may start late. */
  fillsSince(): Micros;
  /**
   * The time from which to read the newest records of all groups, so that each group's known records continue without a
   * gap; `null` if they are fresh.
   */
  headFrom(wanted: Wanted): Micros | null;
  /** The groups to read one by one; `null` if the groups are unknown. */
  groupsToRead(wanted: Wanted, pace?: Pace): readonly GroupToRead[] | null;
  /** Stores the records of a read. `begun` is the number from `moment()` when the read began. */
  take(group: string | null, from: number, begun: number, read: Read<T>): void;
  moment(): number;
  /** All reads behind the index. */
  stretches(): Iterable<readonly [group: string | null, Stretch]>;
  /** Stores records from a partial read of a span. */
  note(read: Read<T>): void;
  /** Remembers that more records started since then than one answer may hold. */
  tooMany(from: number): void;
  isTooMany(from: number): boolean;
  listed(groups: Iterable<string>): void;
  /** Whether the complete list of groups was ever read. */
  knowsGroups(): boolean;
  basis(wanted: Wanted): Basis;
  /** How long what is known of it stays valid, in milliseconds. */
  standsMs(wanted: Wanted): number;
  find(group: string, key: string): T | null;
  snapshot<R extends Timed>(view: View<T, R>, shown: Shown): Snapshot<R>;
  /** Does most of the work of that snapshot, over as many turns of the event loop as it takes. */
  prepare(view: View<T, Timed>, shown: Shown): Promise<void>;
  since(from: number): Generator<T, void, void>;
  /**
   * The oldest start of a record that may still change: it is running, or ended less than an hour before its read.
   * `null` if there is none.
   */
  goesOnSince(): Micros | null;
  /** Invalidates the reads of this group, or all reads, made until now. */
  drop(group: string | null): void;
  /** Releases its part of the memory. */
  close(): void;
}

/** Up to this many records are read again in one answer; of more, only those that may have changed. */
const FEW = 1000;
const MOST_OF_ALL = 8000; // for all groups in one answer: some 20 MB
export const FEW_GROUPS = 3;
/** How long a span with too many records for one answer is not tried again. */
const REMEMBERED = HOUR_MICROS;
/** The greatest age of records that may still change, if each group costs its own read. */
const OLDEST_GOING_ON = 90_000_000;
const OLDEST_OVER = 1_200_000_000;

interface RecentOptions<T> {
  readonly kind: RecordKind<T>;
  readonly now: () => Micros;
  readonly memory: Pick<IndexMemory, 'join'>;
  readonly hours: number; // how far back it is filled if that takes more than one read
  readonly rank?: number | undefined; // among the indexes that share the memory; see `IndexMemory`
}

export const createRecentIndex = <T extends Started>(options: RecentOptions<T>): RecentIndex<T> => {
  const { kind, now, memory, hours, rank } = options;
  const coverage = createCoverage();
  const records = createRecords(kind);
  const needs = createNeeds(now);
  let tooMany: { readonly from: number; readonly until: number } | null = null;

  const share = memory.join({
    weight: records.weight,
    shrink: (weight, keepSince) => coverage.evict(records.shrink(weight, keepSince)),
    neededSince: needs.since,
    rank,
  });

  const isTooMany = (from: number): boolean => tooMany !== null && from <= tooMany.from && now() < tooMany.until;

  /** If the vendor's clock is behind ours, its newest record shows that. */
  const lateFor = (from: number): number => Math.min(from, (records.newestStart() ?? from) - LATE_MICROS);

  /** Drops a record of an older read that a newer read of the same time no longer returned. */
  const isNotGone = (record: T): boolean => {
    const [group, key] = [kind.groupOf(record), kind.keyOf(record)];
    const start = record.startedAt ?? Number.NEGATIVE_INFINITY;
    return start < coverage.shownSince(group, kind.observedAt(record)) || records.find(group, key) !== null;
  };

  const fillsSince = (): Micros => hourStart(now() - hours * HOUR_MICROS - DAY_MICROS);

  const paceOf = ({ movingSince, ease }: Freshness): Pace => ({
    goingOnBefore: movingSince,
    overBefore: movingSince,
    ease,
  });

  const isOld = ({ since, groups, fresh: { movingSince } }: Wanted): boolean => {
    const [goingOnBefore, overBefore] = [now() - OLDEST_GOING_ON, now() - OLDEST_OVER];
    const pace: Pace = {
      goingOnBefore: Math.min(movingSince, goingOnBefore),
      overBefore: Math.min(movingSince, overBefore),
      ease: null,
    };
    return records.moving(since, pace, groups).size > 0;
  };

  return {
    fillsSince,
    isTooMany,
    tooMany: (from) => {
      const known = tooMany !== null && now() < tooMany.until ? tooMany.from : Number.NEGATIVE_INFINITY;
      tooMany = { from: Math.max(from, known), until: now() + REMEMBERED };
    },
    plan: ({ since, groups, fresh }) => {
      if (since < coverage.floor() && !fresh.openOnly) return { kind: 'beyond' };
      if (!fresh.openOnly) needs.note(since);
      if (groups !== null) return { kind: 'groups' };
      const isCovered = coverage.reach(null, since, fresh).from <= since;
      const moving = records.moving(since, paceOf(fresh), null);
      if (isCovered && moving.size === 0) return { kind: 'known' };
      const gap = isCovered ? Number.POSITIVE_INFINITY : lateFor(coverage.resumeFrom(null, since, fresh));
      const from = micros(Math.max(since, hourStart(Math.min(gap, earliest(moving.values())))));
      const expected = records.count(from, MOST_OF_ALL);
      const fewMove = expected > FEW && moving.size <= FEW_GROUPS && gap > from && coverage.groups() !== null;
      if (!isTooMany(from) && !fewMove && expected < MOST_OF_ALL) return { kind: 'all', from, expected };
      return since < fillsSince() ? { kind: 'beyond' } : { kind: 'groups' };
    },
    headFrom: ({ since, fresh }) => {
      const newest = coverage.newestOfAll();
      // A later group may have begun something before that read's span: then only a new list of the groups has it.
      const isJoined = newest !== null && newest.from <= Math.max(since, coverage.listedAt());
      if (isJoined && newest.readAt > fresh.movingSince) return null;
      const known = { ...fresh, movingSince: Number.NEGATIVE_INFINITY };
      const reads = [...(coverage.groups() ?? [])].flatMap(
        (group) => coverage.reach(group, since, known).used[0] ?? [],
      );
      const oldest = Math.max(earliest(reads.map(({ readAt }) => readAt)), now() - DAY_MICROS);
      return hourStart(lateFor(Math.min(oldest, now()) - LATE_MICROS));
    },
    groupsToRead: ({ since, groups, fresh }, pace = paceOf(fresh)) => {
      const all = groups ?? coverage.groups();
      if (all === null) return null;
      const moving = records.moving(since, pace, groups);
      return [...all].flatMap((group): readonly GroupToRead[] => {
        const isGap = coverage.reach(group, since, fresh).from > since;
        const gap = isGap ? lateFor(coverage.resumeFrom(group, since, fresh)) : Number.POSITIVE_INFINITY;
        const from = Math.min(gap, moving.get(group) ?? Number.POSITIVE_INFINITY);
        return from === Number.POSITIVE_INFINITY
          ? []
          : [{ group, from: micros(Math.max(since, hourStart(from))), isGap }];
      });
    },
    take: (group, from, begun, read) => {
      const { observedAt: readAt, unreadable, reasons = [] } = read;
      const isWhole = !isFlawed({ unreadable, reasons }) && read.failure === undefined;
      records.take({ group, from, readAt, records: read.records.filter(isNotGone), isWhole });
      coverage.seen(read.records.map(kind.groupOf));
      if (read.failure === undefined) coverage.add(group, { from, begun, readAt, unreadable, reasons });
      share.changed();
    },
    note: (read) => {
      records.take({ group: null, from: 0, readAt: read.observedAt, records: read.records, isWhole: false });
      coverage.seen(read.records.map(kind.groupOf));
      share.changed();
    },
    listed: (groups) => coverage.listed(groups, now() - 60_000_000), // it is a little older than its arrival
    knowsGroups: () => coverage.groups() !== null,
    basis: (wanted) =>
      basisOf(coverage, wanted, { unreadable: records.unreadable(wanted.since), isOld: isOld(wanted) }),
    standsMs: (wanted) => {
      const { since, groups, fresh } = wanted;
      return Math.min(standsFor(coverage, wanted), records.movesIn(since, paceOf(fresh), groups)) / 1000;
    },
    find: records.find,
    prepare: records.prepare,
    snapshot: records.snapshot,
    since: records.since,
    goesOnSince: () => {
      let oldest: Micros | null = null;
      // An unreadable record may stay so for ever.
      for (const record of records.unsettled())
        if (record.startedAt !== null && kind.unreadable(record) === 0)
          oldest = micros(Math.min(oldest ?? record.startedAt, record.startedAt));
      return oldest;
    },
    moment: coverage.moment,
    stretches: coverage.stretches,
    drop: coverage.drop,
    close: share.leave,
  };
};
