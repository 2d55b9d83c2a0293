import type { CopyJob } from '../../domain/copy-job.js';
import { micros } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import { type Span, isWithin } from '../../index/span.js';
import type { CopyJobPage, CopyJobsQuery } from './client.js';
import type { AwsBackupLoaders } from './loaders.js';
import { pagesFrom } from './reading.js';

export const MAX_RESULTS = 1000; // the most that ListCopyJobs takes

/**
 * The documentation does not say whether a bound of `ListCopyJobs` is inclusive, so a second more is asked for, and cut
 * here.
 */
const BOUND_MARGIN = 1_000_000;

/** The inputs for reading pages. */
export interface PageReader {
  readonly upstream: string;
  readonly loaders: AwsBackupLoaders;
  readonly primes: boolean; // whether the jobs are given to the loaders, so that none is described
}

interface SizedPage extends CopyJobPage {
  readonly maxResults: number; // with which it could be read
}

/** The query for jobs created in a span. */
export const windowed = (query: CopyJobsQuery, { from, to }: Span, maxResults: number): CopyJobsQuery => ({
  ...query,
  createdAfter: micros(Math.max(0, from - BOUND_MARGIN)),
  ...(to === Number.POSITIVE_INFINITY ? {} : { createdBefore: micros(to + BOUND_MARGIN) }),
  maxResults,
});

/** A job without a creation time is kept, whichever slice it came in. */
export const isIn = (span: Span, { startedAt }: CopyJob): boolean => startedAt === null || isWithin(span, startedAt);

/**
 * Whether a page shows that its slice has many jobs. A short page with a token shows nothing, because AWS may filter
 * after cutting. Neither do jobs without a time, because splitting for them would go on down to the minute everywhere.
 */
export const isFull = (slice: Span, { records, nextToken, maxResults }: SizedPage): boolean =>
  nextToken !== null && records.filter(({ startedAt }) => isWithin(slice, startedAt)).length >= maxResults / 2;

/** Reads one page; a page that is too large is read again with half as many jobs. */
export const readPage = async (reader: PageReader, query: CopyJobsQuery): Promise<SizedPage> => {
  const { upstream, loaders, primes } = reader;
  const maxResults = query.maxResults ?? MAX_RESULTS;
  const key = { upstream, query };
  try {
    const page = await loaders.copyJobs.load(key);
    // A pass over everything fills no loader, or they would grow with all jobs. Other fields of the query have read it
    // by now.
    if (primes) loaders.primeJobs(page.records);
    else loaders.copyJobs.clear(key);
    return { ...page, maxResults };
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.reason !== 'tooLarge' || maxResults === 1) throw error;
    return readPage(reader, { ...query, maxResults: Math.floor(maxResults / 2) });
  }
};

/** A first page of a query, and those after it, which are as large. */
export const pagesOf = (
  reader: PageReader,
  query: CopyJobsQuery,
  first: SizedPage,
): AsyncGenerator<SizedPage, void, void> =>
  pagesFrom(reader.upstream, first, (nextToken, { maxResults }) =>
    readPage(reader, { ...query, maxResults, nextToken }),
  );
