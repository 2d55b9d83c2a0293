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
  readonly page: PageRequest | null; // null: no page is wanted, only `each`
  // newest first if absent, which is the only order that can stop before the end of the window
  readonly order?: Order<T>;
  readonly reasons?: readonly IncompleteReason[] | undefined; // why each source's part may be incomplete
  /**
   * Called once for every match; reads the whole window. A match with an `owner` counts only if that upstream is in
   * `released` in the end.
   */
  readonly each?: ((record: T, owner: string | null) => void) | undefined;
  readonly replicas?: Replicas<T> | undefined;
}

/** The rule for records that another source of the list returns too. */
interface Replicas<T> {
  /** Resolves when the rule can be used. */
  readonly ready: Promise<void>;
  /** The upstream of that source; `null` for a record that no other source returns. */
  toldBy(record: T): string | null;
}

interface Merged<T> extends Page<T> {
  readonly released: ReadonlySet<string>; // upstreams that were not read, so that replicas' records of their jobs count
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
 * Merges sources that page differently into one list. Each source reports the time down to which it was read
 * completely. Records that lie before the time of the slowest source have their final place, and reading stops when
 * they fill the page. Only about a page is kept, so memory grows with the page and not with the number of records. A
 * failed upstream's report names the failure; the records of the others stay.
 *
 * A replica's record that its owner returns too is held back while the owner is read, and is added if the owner fails,
 * however late. At most a page of them is held for each owner, and nothing is read twice.
 */
export const merge = async <T extends Timed>(request: MergeRequest<T>): Promise<Merged<T>> => {
  const { page, each } = request;
  const order: Order<T> = request.order ?? newestFirst;
  const backward = page?.backward ?? false;
  // The last records of the list are those of unknown time, and only the end of the read has them all.
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
    // Sources read whole hours. Two pieces may overlap; a record counts once.
    if (record.startedAt !== null && record.startedAt < request.window.from) return;
    if (!request.matches(record) || !seen.add(record.id)) return;
    const told = request.replicas?.toldBy(record) ?? null;
    const owner = told === null || released.has(told) ? null : told;
    each?.(record, owner);
    if (page === null || !isWithin(order, page, record)) return;
    if (owner === null) kept = trim(append(kept, record));
    else held.set(owner, trim(append(held.get(owner) ?? [], record)));
  };

  /** When an upstream has failed, only its replicas return the records it owns. */
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
      // Any other error is a bug of ours. An upstream's failure costs its own records.
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
      request.replicas?.ready, // runs beside the first round; later it has long resolved
    ]);
    progress.forEach(release);
    for (const records of brought) await inTurns(records, take);
  }
  await Promise.all(progress.map(({ pieces }) => pieces.return()));

  const records = best(kept, wanted, backward, order);
  const cut = page === null ? { records: [], hasNextPage: false, hasPreviousPage: false } : cutPage(records, page);
  const failures = progress.map(({ error }) => error).filter((error) => error !== null);
  return { upstreamReports: progress.map(reportOf), failures, released, ...cut };
};

/** Changes the array, because there may be many records. */
const append = <T>(records: T[], record: T): T[] => {
  records.push(record);
  return records;
};

const earlier = (a: Micros | null, b: Micros | null): Micros | null =>
  a === null ? b : b === null ? a : micros(Math.min(a, b));

/** How many of the kept records no record of a slower source can push out of the page. */
const settled = <T extends Timed>(kept: readonly T[], lagging: number, backward: boolean): number =>
  kept.filter(({ startedAt }) => startedAt !== null && (backward ? startedAt < lagging : startedAt >= lagging)).length;

/** The first `count` in the list's order, or the last, sorted in that order. */
const best = <T>(records: readonly T[], count: number, backward: boolean, order: Order<T>): T[] => {
  const sorted = [...records].sort(inOrder(order));
  return backward ? sorted.slice(Math.max(0, sorted.length - count)) : sorted.slice(0, count);
};

/** A cursor limits the window: records that it has passed need not be read again. */
const narrow = (window: Window, { after, before }: PageRequest): Window => {
  const newest = after?.position[0];
  const oldest = before?.position[0];
  const to = typeof newest === 'number' ? newest + 1 : null; // equal times are sorted by id, so they are read too
  const from = typeof oldest === 'number' ? oldest : null;
  return {
    from: from === null ? window.from : micros(Math.max(window.from, from)),
    to: to === null ? window.to : micros(Math.min(window.to ?? to, to)),
  };
};
