import { type CopyChange, mergeChanges } from '../domain/copy-change.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { isTurnSpent, isTurnWanted, nextTurn } from '../calling/event-loop.js';
import type { Feed } from './feed.js';
import type { FeedEvent } from './look.js';
import { type Pending, createPending, endable } from './pending.js';
import { withReasons } from '../upstream/report.js';

const FORGET_AT = 1000;

/** The key of events about upstreams alone; no copy has this id. */
const REPORTS = '';

/**
 * The changes of all feeds together, for one reader: first the unfinished copies, then each change that passes the
 * filter. A copy that leaves the filter gets one last event. A slow reader gets only the newest state of each copy, so
 * the queue is never longer than the number of copies. Ends on `return`, or with the first feed that ends, and leaves
 * all feeds.
 */
export const streamChanges = (
  feeds: readonly Feed[],
  matches: (copy: CopyOperation) => boolean,
  start: Start = atOnce,
  // adds the reasons why something else is missing
  reported: (report: UpstreamReport) => UpstreamReport = (report) => report,
): AsyncGenerator<CopyChange, void, void> => {
  const pending = createPending<CopyChange>(mergeChanges);
  return endable(changesIn(feeds, matches, pending, start, reported), pending.close);
};

/** The condition before the first copies of some feeds are sent: whether a copy is sent may depend on another feed. */
interface Start {
  readonly ready: Promise<void>;
  readonly together: ReadonlySet<Feed>; // each waits until all of them have polled, with or without success
}

const atOnce: Start = { ready: Promise.resolve(), together: new Set() };

/** The places of ids in a list, computed once for all streams that use it. */
const placesIn = (ids: readonly string[]): ReadonlyMap<string, number> => {
  const known = placesOf.get(ids) ?? new Map(ids.map((id, place) => [id, place]));
  placesOf.set(ids, known);
  return known;
};
const placesOf = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** The ids of records. All streams that use the same records share the list, and it outlives the records. */
const idsOf = (copies: readonly CopyOperation[]): readonly string[] => {
  const known = idLists.get(copies) ?? copies.map(({ id }) => id);
  idLists.set(copies, known);
  return known;
};
const idLists = new WeakMap<readonly CopyOperation[], readonly string[]>();

/** The copies that were unfinished when a feed was joined, sent one by one as the reader takes them. */
interface Snapshot {
  readonly feed: Feed;
  readonly ids: readonly string[]; // not the records, because the feed has newer ones by then
  at: number;
  readonly isLate: boolean; // a second pass: copies that were sent are skipped
}

/** Equal events of one record are one object, so that their answer is built once for all streams. */
const shared = ({ upstreamReports, ...event }: CopyChange): CopyChange => {
  const { operation, change, previousState } = event;
  const whole: CopyChange = { ...event, upstreamReports };
  if (operation === null) return whole;
  const key = JSON.stringify([change, previousState, upstreamReports]);
  const last = lastOf.get(operation);
  if (last?.key === key) return last.event;
  lastOf.set(operation, { key, event: whole });
  return whole;
};
const lastOf = new WeakMap<CopyOperation, { readonly key: string; readonly event: CopyChange }>();
const WELL = 'true ';

/** The part of a report whose change is an event. */
const standingOf = (report: UpstreamReport | null): string =>
  report === null ? WELL : `${report.ok} ${report.incompleteReasons.join()}`;

const changesIn = async function* (
  feeds: readonly Feed[],
  matches: (copy: CopyOperation) => boolean,
  pending: Pending<CopyChange>,
  { ready, together }: Start,
  reported: (report: UpstreamReport) => UpstreamReport,
): AsyncGenerator<CopyChange, void, void> {
  let isReady = together.size === 0;
  const mayBegin = (feed: Feed): boolean =>
    !together.has(feed) || (isReady && [...together].every((one) => one.report() !== null));
  const told = new Set<string>();
  let forgetAt = FORGET_AT;
  const begun = new Set<Feed>();
  const snapshots: Snapshot[] = [];
  const known = new Map<Feed, string>(); // the last state sent for each feed that has a problem
  const reports = (): CopyChange['upstreamReports'] => {
    const all = feeds.map((feed) => feed.report()).filter((report) => report !== null);
    // An upstream may have several feeds. The failing one counts, and the reasons of all are merged.
    const merged = new Map<string, UpstreamReport>();
    for (const report of [...all].sort((a, b) => Number(b.ok) - Number(a.ok))) {
      merged.set(report.upstream, withReasons(report, merged.get(report.upstream)?.incompleteReasons ?? []));
    }
    return [...merged.values()].map(reported);
  };
  /** Forgets the copies that the feeds have forgotten, because a stream may be open for months. */
  const forget = (): void => {
    if (told.size < forgetAt) return;
    for (const id of told) if (!feeds.some((feed) => feed.knows(id))) told.delete(id);
    forgetAt = Math.max(FORGET_AT, told.size * 2);
  };
  const firstOf = (operation: CopyOperation, isLate: boolean): CopyChange => {
    told.add(operation.id);
    return { change: isLate ? 'CHANGED' : 'SNAPSHOT', previousState: null, operation, upstreamReports: [] };
  };
  const isAhead = (id: string): boolean => snapshots.some(({ ids, at }) => (placesIn(ids).get(id) ?? -1) >= at);
  /** Queues the event of a change. Returns whether the reader will see it. */
  const tell = ({ copy, before, change, previousState }: FeedEvent['changes'][number]): boolean => {
    // Its turn in the snapshot is still to come: the change is merged with it.
    const isFirst = before !== undefined && !told.has(copy.id) && !pending.has(copy.id) && isAhead(copy.id);
    if (isFirst && matches(before)) pending.put(copy.id, firstOf(before, false));
    const matching = matches(copy);
    if (!matching && !told.has(copy.id)) return false;
    if (matching) told.add(copy.id);
    else told.delete(copy.id);
    forget();
    pending.put(copy.id, { change, previousState, operation: copy, upstreamReports: [] });
    return true;
  };
  /** Begins with the unfinished copies, once they are known; they are taken one by one. */
  const begin = (feed: Feed): readonly CopyOperation[] => {
    const copies = begun.has(feed) || !mayBegin(feed) ? null : feed.unfinished();
    if (copies === null) return [];
    begun.add(feed);
    snapshots.push({ feed, ids: idsOf(copies), at: 0, isLate: false });
    pending.wake();
    return copies;
  };
  const standing = (feed: Feed): string => {
    const report = feed.report();
    return standingOf(report === null ? null : reported(report));
  };
  /** Handles the event of a feed. Returns whether the state of the feed itself has changed. */
  const listen = (feed: Feed, changes: FeedEvent['changes']): boolean => {
    // Copies in the snapshot are not changes.
    const isNew = !begun.has(feed);
    const unfinished = isNew ? begin(feed) : [];
    const news = !isNew && changes.map(tell).includes(true);
    const now = standing(feed);
    if (now === (known.get(feed) ?? WELL)) return false;
    known.set(feed, now);
    // The beginning and end of an outage, or of missing data, give an event even if no copy changed.
    if (!news && !unfinished.some(matches)) {
      pending.put(REPORTS, { change: 'CHANGED', previousState: null, operation: null, upstreamReports: [] });
    }
    return true;
  };
  /** Sends the copies of a feed that pass only now, because another feed went down. */
  const goThroughAgain = (feed: Feed): void => {
    if (!begun.has(feed) || snapshots.some((one) => one.feed === feed && one.at === 0)) return;
    snapshots.push({ feed, ids: idsOf(feed.unfinished() ?? []), at: 0, isLate: true });
    pending.wake();
  };
  /** The next copy of the snapshots, merged with its later changes; `undefined` after the last. */
  const nextOfSnapshots = async (): Promise<CopyChange | undefined> => {
    for (let [snapshot] = snapshots; snapshot !== undefined; [snapshot] = snapshots) {
      const { feed, ids, isLate } = snapshot;
      for (let id = ids[snapshot.at]; id !== undefined; id = ids[snapshot.at]) {
        snapshot.at += 1;
        const changed = pending.pick(id);
        if (changed !== undefined) return changed;
        const copies = feed.unfinished() ?? [];
        const copy = copies[placesIn(idsOf(copies)).get(id) ?? -1];
        if (copy !== undefined && matches(copy) && !(isLate && told.has(id))) return firstOf(copy, isLate);
        if (isTurnSpent()) await nextTurn();
        if (pending.isClosed()) return undefined;
      }
      snapshots.shift();
    }
    return undefined;
  };

  const listenTo = (feed: Feed, changes: FeedEvent['changes']): void => {
    const isOther = listen(feed, changes);
    if (!together.has(feed)) return;
    for (const other of together) {
      if (!begun.has(other)) begin(other);
      else if (isOther && other !== feed) goThroughAgain(other);
    }
  };

  const joined = feeds.map((feed) => feed.join(({ changes }) => listenTo(feed, changes), pending.close));
  void ready.then(() => {
    isReady = true;
    together.forEach((feed) => listen(feed, []));
  });
  try {
    feeds.forEach((feed) => listen(feed, [])); // a feed with other listeners already has its copies
    for (;;) {
      // Streams take turns, one event each: building the answer takes far longer than finding the event.
      if (isTurnSpent() || isTurnWanted()) await nextTurn();
      const next = (await nextOfSnapshots()) ?? pending.shift();
      if (pending.isClosed()) return;
      if (next === undefined && snapshots.length === 0) await pending.changed();
      if (next !== undefined) yield shared({ ...next, upstreamReports: reports() });
    }
  } finally {
    pending.close();
    joined.forEach(({ leave }) => leave());
  }
};
