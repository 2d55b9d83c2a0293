import { createKeeper } from '../../cache/keeper.js';
import { isUpstreamDown } from '../../cache/read-through.js';
import { type Part, type Slices, type Stretch, hourStart } from '../../cache/slices.js';
import type { CopyJob } from '../../domain/copy-job.js';
import { DAY_MICROS, type Micros, micros } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CopyJobPage, CopyJobsQuery } from './client.js';
import { pagesFrom } from './all-pages.js';
import type { AwsBackupLoaders } from './loaders.js';
import type { Piece, Reading, Source } from '../source.js';

const MAX_RESULTS = 1000; // the most that ListCopyJobs takes
const NARROWEST = 60_000_000; // one minute: a slice that is full at this width is paged through instead of split
const WIDEST = 16 * DAY_MICROS; // "since 1970" is five slices and not fifteen; AWS keeps jobs for about 30 days

/** Whether a bound of `ListCopyJobs` includes its own moment is not stated, so a second more is asked for, and cut here. */
const BOUND_MARGIN = 1_000_000;

interface CopyJobsRequest {
  readonly upstream: string;
  readonly loaders: AwsBackupLoaders;
  readonly slices: Slices<CopyJob>;
  /** What is pushed down beside the window: the source reads one list for each. */
  readonly queries: readonly CopyJobsQuery[];
}

/**
 * An AWS Backup endpoint's copy jobs as a source of a merged list. AWS states no order, so time is cut into slices: a
 * day, then twice as long each time. A slice is read whole; one that fills a page and has more is split, unless all of it
 * is wanted anyway. One call for each slice that fits a page.
 */
export const copyJobSource = (request: CopyJobsRequest): Source<CopyJob> => {
  const { upstream, queries, slices, loaders } = request;
  const shape = JSON.stringify(queries);
  const mayGrow = queries.some(looksAtChange);
  let size = MAX_RESULTS; // how many jobs an answer could hold so far
  const readSlice = async function* (slice: Stretch, reading: Reading): Pieces {
    const { backward, whole, now } = reading;
    const keep = slices.keeping(shape, slice, mayGrow);
    const firsts = await Promise.all(queries.map((query) => readPage(request, reading, windowed(query, slice, size))));
    const full = firsts.some((page) => isFull(slice, page));
    size = Math.min(size, ...firsts.map(({ maxResults }) => maxResults));
    const width = (slice.to ?? now) - slice.from;
    if (full && !whole && width > NARROWEST) {
      const middle = slice.from + Math.floor(width / 2);
      const halves: readonly Stretch[] = [
        { from: middle, to: slice.to },
        { from: slice.from, to: middle },
      ];
      for (const half of backward ? halves.toReversed() : halves) yield* readSlice(half, reading);
      return;
    }
    const kept = createKeeper<CopyJob>(keep);
    for (const [index, first] of firsts.entries()) {
      const query = windowed(queries[index] ?? {}, slice, size);
      const next = (nextToken: string, { maxResults }: SizedPage) =>
        readPage(request, reading, { ...query, maxResults, nextToken });
      for await (const page of pagesFrom(upstream, first, next)) {
        const records = page.records.filter((job) => isIn(slice, job));
        kept.add(records, page);
        yield { records, reached: null, observedAt: page.observedAt, unreadable: page.unreadable };
      }
    }
    kept.end();
    const reached = backward ? (slice.to ?? Number.POSITIVE_INFINITY) : slice.from;
    yield { records: [], reached, observedAt: null, unreadable: 0 };
  };

  const asPiece = (part: Part<CopyJob> & { readonly kind: 'known' }, { backward, whole }: Reading): Piece<CopyJob> => {
    if (!whole) part.records.forEach(loaders.primeJob);
    const reached = backward ? (part.to ?? Number.POSITIVE_INFINITY) : part.from;
    return { records: part.records, reached, observedAt: part.observedAt, unreadable: 0 };
  };

  /** What could not be read, as far as it was read before; the failure is told with it, or thrown where that is not all. */
  const readOld = async function* (stretch: Stretch, reading: Reading, failure: UpstreamError): Pieces {
    const parts = await slices.fallBack(shape, stretch, loaders.call);
    for (const part of parts) if (part.kind === 'known') yield { ...asPiece(part, reading), reached: null, failure };
    if (parts.some(({ kind }) => kind === 'unknown')) throw failure;
    yield {
      records: [],
      reached: reading.backward ? (stretch.to ?? Number.POSITIVE_INFINITY) : stretch.from,
      observedAt: null,
      unreadable: 0,
    };
  };

  /** A stretch of which some hours may be known: only the others are read. */
  const readKnown = async function* (stretch: Stretch, reading: Reading): Pieces {
    const parts = bridged(await slices.plan(shape, stretch, loaders.call));
    for (const part of reading.backward ? parts : parts.toReversed()) {
      if (part.kind === 'known') yield asPiece(part, reading);
      else {
        try {
          yield* readSlice(part, reading);
        } catch (error) {
          if (!isUpstreamDown(error)) throw error;
          yield* readOld(part, reading, error);
        }
      }
    }
  };

  return {
    upstream,
    read: async function* (reading) {
      const stretches = slicesOf(reading.window.from, reading.window.to, reading.now);
      for (const stretch of reading.backward ? stretches.toReversed() : stretches) yield* readKnown(stretch, reading);
    },
  };
};

/** Whether a job may come to pass the filters, or cease to, while it goes on. */
const looksAtChange = ({ state, completeAfter, completeBefore, messageCategory }: CopyJobsQuery): boolean =>
  [state, completeAfter, completeBefore, messageCategory].some((member) => member !== undefined);

type Pieces = AsyncGenerator<Piece<CopyJob>, void, void>;

/**
 * Known hours between unknown ones are read again where they hold little: one call that brings some of it twice is less
 * than two calls.
 */
const bridged = (parts: readonly Part<CopyJob>[]): readonly Part<CopyJob>[] => {
  const first = parts.findIndex(({ kind }) => kind === 'unknown');
  const last = parts.findLastIndex(({ kind }) => kind === 'unknown');
  const between = parts.slice(first, last + 1);
  const count = between.reduce((sum, part) => sum + (part.kind === 'known' ? part.records.length : 0), 0);
  const [from, to] = [between[0]?.from, between.at(-1)?.to];
  if (first === last || from === undefined || to === undefined || count > MAX_RESULTS / 2) return parts;
  return [...parts.slice(0, first), { kind: 'unknown', from, to }, ...parts.slice(last + 1)];
};

const windowed = (query: CopyJobsQuery, { from, to }: Stretch, maxResults: number): CopyJobsQuery => ({
  ...query,
  createdAfter: micros(Math.max(0, from - BOUND_MARGIN)),
  ...(to === null ? {} : { createdBefore: micros(to + BOUND_MARGIN) }),
  maxResults,
});

interface SizedPage extends CopyJobPage {
  readonly maxResults: number; // with which it could be read
}

/**
 * Whether a page shows that its slice holds many jobs. A short one with a token shows nothing, since AWS may filter after
 * it has cut, nor do jobs that no window narrows down: splitting for those would go on to the minute everywhere.
 */
const isFull = (slice: Stretch, { records, nextToken, maxResults }: SizedPage): boolean =>
  nextToken !== null && records.filter((job) => job.startedAt !== null && isIn(slice, job)).length >= maxResults / 2;

/** One page; one that is too large is asked for again with half as many jobs. */
const readPage = async (request: CopyJobsRequest, reading: Reading, query: CopyJobsQuery): Promise<SizedPage> => {
  const { upstream, loaders } = request;
  const maxResults = query.maxResults ?? MAX_RESULTS;
  const key = { upstream, query };
  try {
    const page = await loaders.copyJobs.load(key);
    // A pass over everything keeps nothing: memory must not grow with the estate. Who reads the same beside it, in the
    // same query, has asked by now.
    if (reading.whole) loaders.copyJobs.clear(key);
    else page.records.forEach(loaders.primeJob);
    return { ...page, maxResults };
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.reason !== 'tooLarge' || maxResults === 1) throw error;
    return readPage(request, reading, { ...query, maxResults: Math.floor(maxResults / 2) });
  }
};

/** A job without a creation time cannot be placed; whatever slice it came in, it is kept. */
const isIn = ({ from, to }: Stretch, { startedAt }: CopyJob): boolean =>
  startedAt === null || (startedAt >= from && (to === null || startedAt < to));

/**
 * Newest first. The newest one is open at its end, for jobs that come while we read. They begin on the hour, so that
 * equal lists, asked a moment apart, are equal reads; what is too early is cut where it is merged.
 */
const slicesOf = (from: Micros, to: Micros | null, now: Micros): readonly Stretch[] => {
  if (to !== null && to <= from) return [];
  const slices: Stretch[] = [];
  let end: number | null = to;
  let width = DAY_MICROS;
  for (
    let start = hourStart(Math.min(to ?? now, now) - width);
    start > from && width <= WIDEST;
    start = hourStart(start - width)
  ) {
    slices.push({ from: start, to: end });
    end = start;
    width *= 2;
  }
  return [...slices, { from: hourStart(from), to: end }];
};
