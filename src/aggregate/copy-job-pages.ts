import type { CopyJob } from '../domain/copy-job.js';
import { DAY_MICROS, type Micros, micros } from '../domain/micros.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { CopyJobPage, CopyJobsQuery } from '../upstream/aws-backup/client.js';
import { pagesFrom } from './all-pages.js';
import type { Loaders } from './loaders.js';
import type { Piece, Reading, Source } from './merge.js';

const MAX_RESULTS = 1000; // the most that ListCopyJobs takes
const NARROWEST = 60_000_000; // one minute: a slice that is full at this width is paged through instead of split
const WIDEST = 16 * DAY_MICROS; // "since 1970" is five slices and not fifteen; AWS keeps jobs for about 30 days

/** Whether a bound of `ListCopyJobs` includes its own moment is not stated, so a second more is asked for, and cut here. */
export const BOUND_MARGIN = 1_000_000;

export interface CopyJobsRequest {
  readonly upstream: string;
  readonly loaders: Loaders;
  /** What is pushed down beside the window: the source reads one list for each. */
  readonly queries: readonly CopyJobsQuery[];
}

interface Slice {
  readonly from: number; // inclusive
  readonly to: number | null; // exclusive; null: open
}

/**
 * An AWS Backup endpoint's copy jobs as a source of a merged list. AWS states no order, so time is cut into slices: a
 * day, then twice as long each time. A slice is read whole; one that fills a page and has more is split, unless all of it
 * is wanted anyway. One call for each slice that fits a page.
 */
export const copyJobSource = (request: CopyJobsRequest): Source<CopyJob> => {
  const { upstream, queries } = request;
  let size = MAX_RESULTS; // how many jobs an answer could hold so far
  const readSlice = async function* (slice: Slice, reading: Reading): AsyncGenerator<Piece<CopyJob>> {
    const { backward, whole, now } = reading;
    const firsts = await Promise.all(queries.map((query) => readPage(request, reading, windowed(query, slice, size))));
    const full = firsts.some((page) => isFull(slice, page));
    size = Math.min(size, ...firsts.map(({ maxResults }) => maxResults));
    const width = (slice.to ?? now) - slice.from;
    if (full && !whole && width > NARROWEST) {
      const middle = slice.from + Math.floor(width / 2);
      const halves: readonly Slice[] = [
        { from: middle, to: slice.to },
        { from: slice.from, to: middle },
      ];
      for (const half of backward ? halves.toReversed() : halves) yield* readSlice(half, reading);
      return;
    }
    for (const [index, first] of firsts.entries()) {
      const query = windowed(queries[index] ?? {}, slice, size);
      const next = (nextToken: string, { maxResults }: SizedPage) =>
        readPage(request, reading, { ...query, maxResults, nextToken });
      for await (const page of pagesFrom(upstream, first, next)) {
        const records = page.records.filter((job) => isIn(slice, job));
        yield { records, reached: null, observedAt: page.observedAt, unreadable: page.unreadable };
      }
    }
    const reached = backward ? (slice.to ?? Number.POSITIVE_INFINITY) : slice.from;
    yield { records: [], reached, observedAt: null, unreadable: 0 };
  };

  return {
    upstream,
    read: async function* (reading) {
      const slices = slicesOf(reading.window.from, reading.window.to, reading.now);
      for (const slice of reading.backward ? slices.toReversed() : slices) yield* readSlice(slice, reading);
    },
  };
};

const windowed = (query: CopyJobsQuery, { from, to }: Slice, maxResults: number): CopyJobsQuery => ({
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
const isFull = (slice: Slice, { records, nextToken, maxResults }: SizedPage): boolean =>
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
    else page.records.forEach((job) => loaders.copyJob.prime({ upstream, copyJobId: job.copyJobId }, job));
    return { ...page, maxResults };
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.reason !== 'tooLarge' || maxResults === 1) throw error;
    return readPage(request, reading, { ...query, maxResults: Math.floor(maxResults / 2) });
  }
};

/** A job without a creation time cannot be placed; whatever slice it came in, it is kept. */
const isIn = ({ from, to }: Slice, { startedAt }: CopyJob): boolean =>
  startedAt === null || (startedAt >= from && (to === null || startedAt < to));

/** Newest first. The newest one is open at its end, for jobs that come while we read. */
const slicesOf = (from: Micros, to: Micros | null, now: Micros): readonly Slice[] => {
  if (to !== null && to <= from) return [];
  const slices: Slice[] = [];
  let end: number | null = to;
  let width = DAY_MICROS;
  for (let start = Math.min(to ?? now, now) - width; start > from && width <= WIDEST; start -= width) {
    slices.push({ from: start, to: end });
    end = start;
    width *= 2;
  }
  return [...slices, { from, to: end }];
};
