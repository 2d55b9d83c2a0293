import type { IncompleteReason } from '../domain/incomplete-reason.js';
import { type Micros, micros } from '../domain/micros.js';
import { type Order, type Timed, inOrder, newestFirst } from '../domain/order.js';
import type { Window } from '../domain/window.js';
import { type Page, type PageRequest, cutPage, isWithin } from '../domain/page.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { inTurns } from '../calling/event-loop.js';
import { reportOf } from '../upstream/report.js';
import type { Piece, Source } from '../upstream/source.js';
import { createSeen } from './seen.js';

interface MergeRequest<T> {
  readonly sources: readonly Source<T>[];
  readonly window: Window;
  readonly now: Micros;
  readonly matches: (record: T) => boolean;
  readonly page: PageRequest | null; // null: no page is wanted, only the sum
  readonly order?: Order<T>; // newest first if absent: only that lets reading stop before the end of the window
  readonly reasons?: readonly IncompleteReason[] | undefined; // why each source's part is less than was asked for
  /**
   * Called once for every match; reads the whole window. A match with an `owner` counts only if that upstream is
   * among `released` in the end.
   */
  readonly each?: ((record: T, owner: string | null) => void) | undefined;
  readonly replicas?: Replicas<T> | undefined;
}

/** Which records another source of the list tells of as well. */
interface Replicas<T> {
  /** Resolves when it can be asked. */
  readonly ready: Promise<void>;
  /** The upstream of that source; `null` for a record that nobody else tells. */
  toldBy(record: T): string | null;
}

interface Merged<T> extends Page<T> {
  readonly released: ReadonlySet<string>; // upstreams that were not read, so that others' records of theirs count
  readonly upstreamReports: readonly UpstreamReport[];
  readonly failures: readonly UpstreamError[];
}

interface Progress<T> {
  readonly upstream: string;
  readonly pieces: AsyncGenerator<Piece<T>, void, void>;
  reached: number;
  done: boolean;
  observedAt: Micros | null;
  unreadable: number;
  stale: UpstreamError | null;
  error: UpstreamError | null;
  readonly reasons: Set<IncompleteReason>;
}

/**
 * Merges sources that page differently into one list. Each tells how far in time it has been read whole; what lies
 * on this side of the one that lags is settled, and reading stops as soon as that fills the page. At most the page is
 * kept, so memory grows with the page and not with the estate. An upstream that fails ends there, and says so in its
 * report; the others' records stand.
 *
 * A replica's record that its owner tells of as well is held back while the owner is read, and comes back if the owner
 * fails, however late: at most a page of them is kept for each owner, and nothing is read twice.
 */
export const merge = async <T extends Timed>(request: MergeRequest<T>): Promise<Merged<T>> => {
  const { page, each } = request;
  const order: Order<T> = request.order ?? newestFirst;
  const backward = page?.backward ?? false;
  // The last records of the list are those whose time is unknown, and only the end shows them all.
  const fromEnd = backward && (page?.before?.position[0] ?? null) === null;
  const whole = each !== undefined || fromEnd || order !== newestFirst;
  const wanted = page === null ? 0 : page.size + 1; // one more shows that the list goes on
  const window = whole || page === null ? request.window : narrow(request.window, page);
  const start = backward ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const progress: readonly Progress<T>[] = request.sources.map((source) => ({
    upstream: source.upstream,
    pieces: source.read({ window, backward, whole, now: request.now }),
    reached: start,
    done: false,
    observedAt: null,
    unreadable: 0,
    error: null,
    stale: null,
    reasons: new Set(request.reasons),
  }));

  const seen = createSeen();
  let kept: T[] = [];
  const held = new Map<string, T[]>();
  const released = new Set<string>();
  const trim = (records: T[]): T[] =>
    records.length > 4 * wanted + 1000 ? best(records, wanted, backward, order) : records;
  const take = (record: T): void => {
    // A piece may overlap another one: what was seen is not counted again.
    if (!request.matches(record) || !seen.add(record.id)) return;
    const told = request.replicas?.toldBy(record) ?? null;
    const owner = told === null || released.has(told) ? null : told;
    each?.(record, owner);
    if (page === null || !isWithin(order, page, record)) return;
    if (owner === null) kept = trim(append(kept, record));
    else held.set(owner, trim(append(held.get(owner) ?? [], record)));
  };

  /** What belongs to an upstream that has failed is told by nobody but its replicas. */
  const release = ({ upstream, error, stale }: Progress<T>): void => {
    if ((error === null && stale === null) || released.has(upstream)) return;
    released.add(upstream);
    kept = trim(kept.concat(held.get(upstream) ?? []));
    held.delete(upstream);
  };

  const advance = async (source: Progress<T>): Promise<readonly T[]> => {
    try {
      const { value: piece } = await source.pieces.next();
      if (piece === undefined) {
        source.done = true;
        return [];
      }
      source.observedAt = earlier(source.observedAt, piece.observedAt);
      source.unreadable += piece.unreadable;
      source.stale ??= piece.failure ?? null;
      piece.reasons?.forEach((reason) => source.reasons.add(reason));
      source.reached = piece.reached ?? source.reached;
      return piece.records;
    } catch (error) {
      // Ours is a bug and the caller's leaving is nobody's outage; an upstream's failure costs its own records.
      if (!(error instanceof UpstreamError)) throw error;
      source.error = error;
      source.done = true;
      return [];
    }
  };

  for (;;) {
    const active = progress.filter(({ done }) => !done);
    if (active.length === 0) break;
    const lagging = backward
      ? Math.min(...active.map(({ reached }) => reached))
      : Math.max(...active.map(({ reached }) => reached));
    if (!whole && settled(kept, lagging, backward) >= wanted) break;
    const [brought] = await Promise.all([
      Promise.all(active.filter(({ reached }) => reached === lagging).map(advance)),
      request.replicas?.ready, // asked for beside the first round; later it has long resolved
    ]);
    progress.forEach(release);
    for (const records of brought) await inTurns(records, take);
  }
  await Promise.all(progress.map(({ pieces }) => pieces.return()));

  const records = best(kept, wanted, backward, order);
  const cut = page === null ? { records: [], hasNextPage: false, hasPreviousPage: false } : cutPage(records, page);
  const failures = progress.map(({ error }) => error).filter((error) => error !== null);
  return { ...cut, upstreamReports: progress.map(reportOf), failures, released };
};

/** In place, since there may be many. */
const append = <T>(records: T[], record: T): T[] => {
  records.push(record);
  return records;
};

const earlier = (a: Micros | null, b: Micros | null): Micros | null =>
  a === null ? b : b === null ? a : micros(Math.min(a, b));

/** How many of the kept records can no longer be displaced by what a lagging source still has. */
const settled = <T extends Timed>(kept: readonly T[], lagging: number, backward: boolean): number =>
  kept.filter(({ startedAt }) => startedAt !== null && (backward ? startedAt < lagging : startedAt >= lagging)).length;

/** The first `count` in the list's order, or the last, sorted in that order. */
const best = <T>(records: readonly T[], count: number, backward: boolean, order: Order<T>): T[] => {
  const sorted = [...records].sort(inOrder(order));
  return backward ? sorted.slice(Math.max(0, sorted.length - count)) : sorted.slice(0, count);
};

/** A cursor bounds the window: what it has passed need not be read again. */
const narrow = (window: Window, { after, before }: PageRequest): Window => {
  const newest = after?.position[0];
  const oldest = before?.position[0];
  const to = typeof newest === 'number' ? newest + 1 : null; // equal times are told apart by id, so they are read too
  const from = typeof oldest === 'number' ? oldest : null;
  return {
    from: from === null ? window.from : micros(Math.max(window.from, from)),
    to: to === null ? window.to : micros(Math.min(window.to ?? to, to)),
  };
};
