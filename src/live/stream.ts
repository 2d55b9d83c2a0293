import { type CopyChange, mergeChanges } from '../domain/copy-change.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { isTurnSpent, isTurnWanted, nextTurn } from '../calling/event-loop.js';
import type { Feed } from './feed.js';
import type { FeedEvent } from './look.js';
import { type Pending, createPending, endable } from './pending.js';
import { withReasons } from '../upstream/report.js';

const FORGET_AT = 1000;

/** What only tells how the upstreams are; a copy's id is never like this. */
const REPORTS = '';

/**
 * The changes of all feeds together, as one reader sees them: first what is unfinished, then each change that the filter
 * lets through. A copy that leaves the filter is told once more. A slow reader gets the newest of each copy, so what
 * waits is bounded by the copies there are. Ends when it is returned from, or with the first of
 * the feeds, and leaves them.
 */
export const streamChanges = (
  feeds: readonly Feed[],
  matches: (copy: CopyOperation) => boolean,
  start: Start = atOnce,
  reported: (report: UpstreamReport) => UpstreamReport = (report) => report, // says what else is missing
): AsyncGenerator<CopyChange, void, void> => {
  const pending = createPending<CopyChange>(mergeChanges);
  return endable(changesIn(feeds, matches, pending, start, reported), pending.close);
};

/** What some feeds wait for before the first of their copies is told: what one holds may depend on how another is. */
interface Start {
  readonly ready: Promise<void>;
  readonly together: ReadonlySet<Feed>; // each waits for a look at all of them, good or bad
}

const atOnce: Start = { ready: Promise.resolve(), together: new Set() };

/** The places of ids in a list, made once for all streams that go through it. */
const placesIn = (ids: readonly string[]): ReadonlyMap<string, number> => {
  const known = placesOf.get(ids) ?? new Map(ids.map((id, place) => [id, place]));
  placesOf.set(ids, known);
  return known;
};
const placesOf = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** The ids of records; the list is one for all who ask for those of the same records, and outlives them. */
const idsOf = (copies: readonly CopyOperation[]): readonly string[] => {
  const known = idLists.get(copies) ?? copies.map(({ id }) => id);
  idLists.set(copies, known);
  return known;
};
const idLists = new WeakMap<readonly CopyOperation[], readonly string[]>();

/** What was unfinished when a feed was joined, gone through one by one as the reader takes it. */
interface Snapshot {
  readonly feed: Feed;
  readonly ids: readonly string[]; // and not the records, of which the feed has newer ones by then
  at: number;
  readonly isLate: boolean; // gone through again: what was told is no news
}

/** Equal events of one record are one object, so that what is made of it is made once for all streams. */
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

/** What of a report is news by itself. */
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
  const known = new Map<Feed, string>(); // what is told of each feed, where not all is well
  const reports = (): CopyChange['upstreamReports'] => {
    const all = feeds.map((feed) => feed.report()).filter((report) => report !== null);
    // An upstream may have several feeds: the one that fails counts, and what is missing from any is missing.
    const merged = new Map<string, UpstreamReport>();
    for (const report of [...all].sort((a, b) => Number(b.ok) - Number(a.ok))) {
      merged.set(report.upstream, withReasons(report, merged.get(report.upstream)?.incompleteReasons ?? []));
    }
    return [...merged.values()].map(reported);
  };
  /** What is forgotten where it was looked at is forgotten here: a stream may be open for months. */
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
  /** Whether it was worth telling. */
  const tell = ({ copy, before, change, previousState }: FeedEvent['changes'][number]): boolean => {
    // Its turn in the snapshot is still to come: the change is merged with that.
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
  /** Begins with what is unfinished, once that is known: it is gone through as it is taken. */
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
  /** Whether what is told of the feed itself has changed. */
  const listen = (feed: Feed, changes: FeedEvent['changes']): boolean => {
    // What is in the snapshot is no change.
    const isNew = !begun.has(feed);
    const unfinished = isNew ? begin(feed) : [];
    const news = !isNew && changes.map(tell).includes(true);
    const now = standing(feed);
    if (now === (known.get(feed) ?? WELL)) return false;
    known.set(feed, now);
    // An outage, or that something is missing, and its end, is told even where no copy changed.
    if (!news && !unfinished.some(matches)) {
      pending.put(REPORTS, { change: 'CHANGED', previousState: null, operation: null, upstreamReports: [] });
    }
    return true;
  };
  /** What a feed holds that the filter lets through only now, since another feed went down. */
  const goThroughAgain = (feed: Feed): void => {
    if (!begun.has(feed) || snapshots.some((one) => one.feed === feed && one.at === 0)) return;
    snapshots.push({ feed, ids: idsOf(feed.unfinished() ?? []), at: 0, isLate: true });
    pending.wake();
  };
  /** The next of the snapshots, with what has happened to it since; `undefined` behind the last. */
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
    feeds.forEach((feed) => listen(feed, [])); // one that others have joined knows it already
    for (;;) {
      // Streams take turns, an event each: to make an answer of it takes far longer than to find it.
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
