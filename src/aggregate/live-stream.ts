import { type CopyChange, mergeChanges } from '../domain/copy-change.js';
import type { AnyCopy } from '../domain/copy-filter.js';
import type { Feed, FeedEvent } from './live-feed.js';

/** A queue that holds each key once: what comes while its reader is busy is merged with what waits. */
export interface Pending<T> {
  put(key: string, value: T): void;
  /** The next one, when there is one; `undefined` when the queue is closed. */
  take(): Promise<T | undefined>;
  close(): void;
}

export const createPending = <T>(merge: (first: T, second: T) => T): Pending<T> => {
  const waiting = new Map<string, T>();
  let wake: (() => void) | null = null;
  let closed = false;
  return {
    put: (key, value) => {
      const before = waiting.get(key);
      waiting.set(key, before === undefined ? value : merge(before, value));
      wake?.();
    },
    take: async () => {
      while (waiting.size === 0 && !closed) await new Promise<void>((resolve) => (wake = resolve));
      const [first] = waiting;
      if (first === undefined || closed) return undefined;
      waiting.delete(first[0]);
      return first[1];
    },
    close: () => {
      closed = true;
      waiting.clear();
      wake?.();
    },
  };
};

/**
 * A generator that ends at once when it is returned from, even while it waits: else it would only notice at the next
 * event, which may never come.
 */
export const endable = <T>(events: AsyncGenerator<T, void, void>, end: () => void): AsyncGenerator<T, void, void> => {
  const whole: AsyncGenerator<T, void, void> = {
    next: () => events.next(),
    return: () => {
      end();
      return events.return();
    },
    throw: (error) => {
      end();
      return events.throw(error);
    },
    [Symbol.asyncIterator]: () => whole,
    [Symbol.asyncDispose]: async () => {
      await whole.return();
    },
  };
  return whole;
};

const FORGET_AT = 1000;

/** What only tells how the upstreams are; a copy's id is never like this. */
const REPORTS = '';

/**
 * The changes of all feeds together, as one reader sees them: first what is unfinished, then each change that the filter
 * lets through. A copy that leaves the filter is told once more. A slow reader gets the newest of each copy, so what
 * waits is bounded by the copies there are. Ends when it is returned from, and leaves the feeds.
 */
export const streamChanges = (
  feeds: readonly Feed[],
  matches: (copy: AnyCopy) => boolean,
  start: Start = atOnce,
): AsyncGenerator<CopyChange, void, void> => {
  const pending = createPending<CopyChange>(mergeChanges);
  return endable(changesIn(feeds, matches, pending, start), pending.close);
};

/** What some feeds wait for before the first of their copies is told: what one holds may depend on how another is. */
export interface Start {
  readonly ready: Promise<void>;
  readonly together: ReadonlySet<Feed>; // each waits for a look at all of them, good or bad
}

const atOnce: Start = { ready: Promise.resolve(), together: new Set() };

const changesIn = async function* (
  feeds: readonly Feed[],
  matches: (copy: AnyCopy) => boolean,
  pending: Pending<CopyChange>,
  { ready, together }: Start,
): AsyncGenerator<CopyChange, void, void> {
  let isReady = together.size === 0;
  const mayBegin = (feed: Feed): boolean =>
    !together.has(feed) || (isReady && [...together].every((one) => one.report() !== null));
  const told = new Set<string>();
  let forgetAt = FORGET_AT;
  const begun = new Set<Feed>();
  const down = new Set<Feed>();
  const reports = (): CopyChange['upstreamReports'] => {
    const all = feeds.map((feed) => feed.report()).filter((report) => report !== null);
    // An upstream may have several feeds: the one that fails counts.
    return [
      ...new Map(
        [...all].sort((a, b) => Number(b.ok) - Number(a.ok)).map((report) => [report.upstream, report]),
      ).values(),
    ];
  };
  /** What is forgotten where it was looked at is forgotten here: a stream may be open for months. */
  const forget = (): void => {
    if (told.size < forgetAt) return;
    for (const id of told) if (!feeds.some((feed) => feed.knows(id))) told.delete(id);
    forgetAt = Math.max(FORGET_AT, told.size * 2);
  };
  /** Whether it was worth telling. */
  const tell = (copy: AnyCopy, change: CopyChange['change'], previousState: CopyChange['previousState']): boolean => {
    const matching = matches(copy);
    if (!matching && !told.has(copy.id)) return false;
    if (matching) told.add(copy.id);
    else told.delete(copy.id);
    forget();
    pending.put(copy.id, { change, previousState, operation: copy, upstreamReports: reports() });
    return true;
  };
  /** What is unfinished, once that is known; `true` where there was any. */
  const begin = (feed: Feed): boolean => {
    const unfinished = begun.has(feed) || !mayBegin(feed) ? null : feed.unfinished();
    if (unfinished === null) return false;
    begun.add(feed);
    return unfinished.map((copy) => tell(copy, 'SNAPSHOT', null)).includes(true);
  };
  const listen = (feed: Feed, changes: FeedEvent['changes']): void => {
    // What is in the snapshot is no change.
    const news = begun.has(feed)
      ? changes.map(({ copy, change, previousState }) => tell(copy, change, previousState)).includes(true)
      : begin(feed);
    const isDown = feed.report()?.ok === false;
    if (isDown === down.has(feed)) return;
    if (isDown) down.add(feed);
    else down.delete(feed);
    // An outage, or its end, is told even where no copy changed.
    if (!news) {
      pending.put(REPORTS, { change: 'CHANGED', previousState: null, operation: null, upstreamReports: reports() });
    }
  };

  const listenTo = (feed: Feed, changes: FeedEvent['changes']): void => {
    listen(feed, changes);
    if (together.has(feed)) for (const other of together) if (!begun.has(other)) begin(other);
  };

  const joined = feeds.map((feed) => feed.join(({ changes }) => listenTo(feed, changes)));
  void ready.then(() => {
    isReady = true;
    together.forEach(begin);
  });
  try {
    feeds.forEach((feed) => listen(feed, [])); // one that others have joined knows it already
    for (;;) {
      const next = await pending.take();
      if (next === undefined) return;
      yield { ...next, upstreamReports: reports() };
    }
  } finally {
    pending.close();
    joined.forEach(({ leave }) => leave());
  }
};
