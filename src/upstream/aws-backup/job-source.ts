import type { CopyJob } from '../../domain/copy-job.js';
import { DAY_MICROS, hourStart } from '../../domain/micros.js';
import type { UpstreamError } from '../../domain/upstream-error.js';
import { isUpstreamDown } from '../../cache/read-through.js';
import type { Span } from '../../index/span.js';
import { type JobIndex, keepingOf } from './job-index.js';
import { MAX_RESULTS, isFull, isIn, pagesOf, readPage, windowed } from './job-pages.js';
import { type CopyJobsRequest, oldJobs, planJobs } from './job-plan.js';
import { type KnownJobs, piecesOf } from './known-jobs.js';
import type { Piece, Reading, Source } from '../source.js';

const NARROWEST = 60_000_000; // one minute: a narrower full slice is paged instead of split
const WIDEST = 16 * DAY_MICROS; // "since 1970" is five slices instead of fifteen; AWS keeps jobs for about 30 days

type Pieces = AsyncGenerator<Piece<CopyJob>, void, void>;

/** A request being answered. */
interface Under extends CopyJobsRequest {
  readonly reading: Reading;
  /** The most jobs an answer could hold so far. */
  readonly page: { size: number };
}

// Generator functions belong to the module: V8 keeps a hidden class for each that was called, and with one that is made
// for an operation, everything that the operation has read.

const readSlice = async function* (under: Under, slice: Span, kept: JobIndex | null): Pieces {
  const { upstream, queries, loaders, page } = under;
  const { backward, whole, now } = under.reading;
  const reader = { upstream, loaders, primes: !whole };
  const keeping = kept === null ? null : keepingOf(kept, slice);
  const firsts = await Promise.all(queries.map((query) => readPage(reader, windowed(query, slice, page.size))));
  const full = firsts.some((first) => isFull(slice, first));
  page.size = Math.min(page.size, ...firsts.map(({ maxResults }) => maxResults));
  const width = (slice.to === Number.POSITIVE_INFINITY ? now : slice.to) - slice.from;
  if (full && !whole && width > NARROWEST) {
    const middle = slice.from + Math.floor(width / 2);
    const halves: readonly Span[] = [
      { from: middle, to: slice.to },
      { from: slice.from, to: middle },
    ];
    for (const half of backward ? halves.toReversed() : halves) yield* readSlice(under, half, kept);
    return;
  }
  for (const [index, first] of firsts.entries()) {
    const query = windowed(queries[index] ?? {}, slice, page.size);
    for await (const one of pagesOf(reader, query, first)) {
      const records = one.records.filter((job) => isIn(slice, job));
      keeping?.add(records, one);
      yield { records, reached: null, observedAt: one.observedAt, unreadable: one.unreadable };
    }
  }
  keeping?.end();
  yield { records: [], reached: backward ? slice.to : slice.from, observedAt: null, unreadable: 0 };
};

const shown = function* ({ loaders, reading }: Under, known: KnownJobs, failure?: UpstreamError) {
  const { whole, backward } = reading;
  for (const piece of piecesOf(known, { backward, failure })) {
    if (!whole) loaders.primeJobs(piece.records);
    yield piece;
  }
};

/** The older reads of an unreadable slice, with the failure; throws the failure if they do not cover it. */
const readOld = function* (under: Under, slice: Span, kept: JobIndex | null, failure: UpstreamError) {
  const parts = oldJobs(under, slice, kept);
  for (const part of parts) {
    if (part.kind === 'unknown') continue;
    // Nothing is complete before all parts are known.
    for (const piece of shown(under, part, failure)) yield { ...piece, reached: null };
  }
  if (parts.some(({ kind }) => kind === 'unknown')) throw failure;
  const reached = under.reading.backward ? slice.to : slice.from;
  yield { records: [], reached, observedAt: null, unreadable: 0 };
};

const readKnown = async function* (under: Under, slice: Span): Pieces {
  const { kept, parts } = await planJobs(under, slice, under.reading);
  for (const part of under.reading.backward ? parts : parts.toReversed()) {
    if (part.kind === 'known') yield* shown(under, part);
    else {
      try {
        yield* readSlice(under, part, kept);
      } catch (error) {
        if (!isUpstreamDown(error)) throw error;
        yield* readOld(under, part, kept, error);
      }
    }
  }
};

const readJobs = async function* (request: CopyJobsRequest, reading: Reading): Pieces {
  const under: Under = { reading, page: { size: MAX_RESULTS }, ...request };
  const slices = slicesOf(reading);
  for (const slice of reading.backward ? slices.toReversed() : slices) yield* readKnown(under, slice);
};

/**
 * An AWS Backup endpoint's copy jobs as a source of a merged list. AWS documents no order, so time is divided into
 * slices: a day, then twice as long each time. Of each slice, the parts that the index lacks are read completely. A
 * slice with more than a page is split, unless all of it is wanted anyway. One call for each slice that fits a page.
 */
export const copyJobSource = (request: CopyJobsRequest): Source<CopyJob> => ({
  upstream: request.upstream,
  read: (reading) => readJobs(request, reading),
});

/**
 * Newest first. The newest slice has no end, for jobs created during the read. Slices begin on the hour, so that equal
 * lists asked a moment apart make equal reads. Jobs that are too early are cut when merging.
 */
const slicesOf = ({ window: { from, to }, now }: Reading): readonly Span[] => {
  if (to !== null && to <= from) return [];
  const slices: Span[] = [];
  let end = to ?? Number.POSITIVE_INFINITY;
  let width = DAY_MICROS;
  for (
    let start = hourStart(Math.min(end, now) - width);
    start > from && width <= WIDEST;
    start = hourStart(start - width)
  ) {
    slices.push({ from: start, to: end });
    end = start;
    width *= 2;
  }
  return [...slices, { from: hourStart(from), to: end }];
};
