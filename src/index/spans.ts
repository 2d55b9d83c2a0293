import { HOUR_MICROS, type Micros, hourStart } from '../domain/micros.js';
import type { Timed } from '../domain/order.js';
import type { Read } from '../calling/call.js';
import { type Freshness, LATE_MICROS } from './coverage.js';
import type { IndexMemory } from './memory.js';
import { createNeeds } from './needs.js';
import type { Snapshot } from './ordered.js';
import type { View } from './orders.js';
import { type RecordKind, createRecords } from './records.js';
import { type Span, isWithin, joined, overlap, without } from './span.js';

/** A part of a span: known since a read, or to be read. */
export type Part =
  (Span & { readonly kind: 'known'; readonly observedAt: Micros }) | (Span & { readonly kind: 'unknown' });

/** A span, divided into known parts and parts to be read. */
interface SpanPlan<T> {
  readonly parts: readonly Part[]; // oldest first
  /** The running records to be read again. The hours they began in count as unknown parts. */
  readonly moving: readonly T[];
  readonly isOpen: boolean; // whether its known parts have any record that is not settled
  readonly standsMs: number; // how long the known parts stay valid
}

/** The greatest age of known parts. */
export type SpanFreshness = Pick<Freshness, 'movingSince' | 'settledSince'>;

/**
 * The records of an upstream that can list any span of time. If a record began an hour before it was read and is
 * finished, it stays valid as long as settled records. All others stay valid as long as a list.
 */
export interface SpanIndex<T extends Timed> {
  plan(span: Span, fresh: SpanFreshness): SpanPlan<T>;
  /** The parts of a span, without reading its running records again. */
  gaps(span: Span, fresh: SpanFreshness): readonly Part[];
  /** Stores the records of one page. */
  note(records: readonly T[]): void;
  /**
   * To be called when every page of a span was read. Older records of the span that no page returned no longer exist.
   */
  end(span: Span, begun: number, readAt: Micros): void;
  gone(record: T): void;
  /** All records that may still change. */
  unsettled(): readonly T[];
  /** Whether it is the newest known version of the record. */
  holds(record: T): boolean;
  count(span: Span): number;
  snapshot(span: Span): Snapshot<T>;
  moment(): number;
  /** All reads behind the index. */
  stretches(): Iterable<
    readonly [group: null, { readonly from: number; readonly to: number | undefined; readonly readAt: number }]
  >;
  /** Stores a read of another replica. */
  take(group: string | null, from: number, begun: number, read: Read<T>, to: number): void;
  /** Releases its part of the memory. */
  close(): void;
}

/** One read of everything in a span. */
interface SpanRead {
  readonly asked: Span;
  readonly kept: Span; // the part of it whose records are still here
  readonly readAt: Micros;
}

const MOST_READS = 200; // older reads of the newest hours are replaced, down to one an hour

/** The start of a read's last hour divides it: records before are complete, later ones may still be listed. */
const zonesOf = ({ kept, readAt }: SpanRead, { settledSince, movingSince }: SpanFreshness) => {
  const settled = hourStart(readAt - LATE_MICROS);
  return [
    { from: kept.from, to: Math.min(kept.to, settled), since: settledSince },
    { from: Math.max(kept.from, settled), to: kept.to, since: movingSince },
  ].filter(({ from, to, since }) => from < to && readAt > since);
};

/** The parts of a span that are known, each by its newest read. */
const shownOf = (reads: readonly SpanRead[], span: Span, fresh: SpanFreshness) => {
  let left: readonly Span[] = [span];
  let standsFor = Number.POSITIVE_INFINITY;
  const shown: (Span & { readonly observedAt: Micros })[] = [];
  for (const read of reads) {
    if (left.length === 0) break;
    for (const zone of zonesOf(read, fresh)) {
      const found = left.flatMap((one) => overlap(one, zone));
      if (found.length === 0) continue;
      shown.push(...found.map((one) => ({ observedAt: read.readAt, ...one })));
      left = left.flatMap((one) => without(one, zone));
      standsFor = Math.min(standsFor, read.readAt - zone.since);
    }
  }
  return { shown, left, standsFor };
};

const partsOf = (
  shown: readonly (Span & { readonly observedAt: Micros })[],
  left: readonly Span[],
  hours: readonly Span[], // to be read again
): readonly Part[] => {
  const known = hours.reduce(
    (spans, hour) =>
      spans.flatMap((span) => without(span, hour).map((one) => ({ observedAt: span.observedAt, ...one }))),
    shown,
  );
  const unknown = joined([...left, ...hours.flatMap((hour) => shown.flatMap((span) => overlap(span, hour)))]);
  return [
    ...known.map((span) => ({ kind: 'known' as const, ...span })),
    ...unknown.map((span) => ({ kind: 'unknown' as const, ...span })),
  ].sort((a, b) => a.from - b.from);
};

interface SpanIndexOptions<T> {
  readonly kind: RecordKind<T>;
  readonly now: () => Micros;
  readonly memory: Pick<IndexMemory, 'join'>;
  readonly rank?: number | undefined; // among the indexes that share the memory; see `IndexMemory`
}

export const createSpanIndex = <T extends Timed>(options: SpanIndexOptions<T>): SpanIndex<T> => {
  const { kind, now, memory, rank } = options;
  const needs = createNeeds(now);
  const view: View<T, T> = { of: (record) => [record] };
  const records = createRecords(kind);
  let reads: readonly SpanRead[] = []; // newest first
  let moment = 0;
  let evicted = { before: Number.NEGATIVE_INFINITY, at: 0 };

  const evict = (before: number): void => {
    evicted = { before: Math.max(before, evicted.before), at: (moment += 1) };
    const here = { from: before, to: Number.POSITIVE_INFINITY };
    reads = reads.flatMap((read) => overlap(read.kept, here).map((kept) => ({ ...read, kept })));
  };
  const share = memory.join({
    weight: records.weight,
    shrink: (weight, keepSince) => evict(records.shrink(weight, keepSince)),
    neededSince: needs.since,
    rank,
  });

  const plan = (span: Span, fresh: SpanFreshness): SpanPlan<T> => {
    needs.note(span.from);
    const { shown, left, standsFor } = shownOf(reads, span, fresh);
    const open = shown.flatMap(records.unsettled);
    const moving = open.filter((record) => kind.observedAt(record) <= fresh.movingSince);
    const starts = new Set(moving.map(({ startedAt }) => hourStart(startedAt ?? 0)));
    const hours = [...starts].map((from) => ({ from, to: from + HOUR_MICROS }));
    const stands = open.map((record) => kind.observedAt(record) - fresh.movingSince);
    return {
      parts: partsOf(shown, left, hours),
      moving,
      isOpen: open.length > 0,
      standsMs: Math.min(standsFor, ...stands.filter((left) => left > 0)) / 1000,
    };
  };

  const snapshot = ({ from, to }: Span): Snapshot<T> =>
    records.snapshot(view, { from, to, groups: null, openOnly: false });

  const within = (span: Span): readonly T[] =>
    snapshot(span).hours.flatMap((hour) => hour.filter(({ startedAt }) => isWithin(span, startedAt)));

  const note = (brought: readonly T[]): void => {
    const oldest = Math.min(...brought.map(kind.observedAt));
    const newer = reads.filter(({ readAt }) => readAt > oldest);
    // Drops a record of an older read that a newer read of the same time no longer returned.
    const isNotGone = (record: T): boolean =>
      !newer.some(({ readAt, kept }) => readAt > kind.observedAt(record) && isWithin(kept, record.startedAt)) ||
      records.find(kind.groupOf(record), kind.keyOf(record)) !== null;
    const placed = brought.filter((record) => record.startedAt !== null && isNotGone(record));
    records.take({ group: null, from: 0, readAt: 0, records: placed, isWhole: false });
    share.changed();
  };

  const end = (asked: Span, begun: number, readAt: Micros): void => {
    // Records evicted since the read began are no longer here, although they were read.
    const [kept] = overlap(asked, { ...asked, from: begun < evicted.at ? evicted.before : asked.from });
    if (kept === undefined) return;
    within(kept)
      .filter((record) => kind.observedAt(record) < readAt)
      .forEach(records.discard);
    const others = reads.filter((read) => read.readAt > readAt || without(read.kept, kept).length > 0);
    reads = [...others, { asked, kept, readAt }].sort((a, b) => b.readAt - a.readAt).slice(0, MOST_READS);
  };

  return {
    plan,
    gaps: (span, fresh) => {
      const { shown, left } = shownOf(reads, span, fresh);
      return partsOf(shown, left, []);
    },
    note,
    end,
    gone: records.discard,
    unsettled: () => records.unsettled(),
    holds: (record) => records.find(kind.groupOf(record), kind.keyOf(record)) === record,
    count: (span) => within(span).length,
    snapshot,
    moment: () => (moment += 1),
    stretches: () =>
      reads.map(({ asked: { from, to }, readAt }) => {
        const end = to === Number.POSITIVE_INFINITY ? undefined : to;
        return [null, { from, to: end, readAt }] as const;
      }),
    take: (_group, from, begun, read, to) => {
      note(read.records);
      end({ from, to }, begun, read.observedAt);
    },
    close: share.leave,
  };
};
