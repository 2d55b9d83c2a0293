import type { CopyJob } from '../../domain/copy-job.js';
import { micros } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import { type Span, isWithin } from '../../index/span.js';
import type { CopyJobPage, CopyJobsQuery } from './client.js';
import type { AwsBackupLoaders } from './loaders.js';

export const MAX_RESULTS = 1000; // the most that ListCopyJobs takes

/** Whether a bound of `ListCopyJobs` includes its own moment is not stated, so a second more is asked for, and cut here. */
const BOUND_MARGIN = 1_000_000;

/** Who reads pages, and for whom. */
export interface PageReader {
  readonly upstream: string;
  readonly loaders: AwsBackupLoaders;
  readonly primes: boolean; // whether what comes is handed to the loaders, so that nobody describes it
}

export interface SizedPage extends CopyJobPage {
  readonly maxResults: number; // with which it could be read
}

/** A list of the jobs that were created in a span. */
export const windowed = (query: CopyJobsQuery, { from, to }: Span, maxResults: number): CopyJobsQuery => ({
  ...query,
  createdAfter: micros(Math.max(0, from - BOUND_MARGIN)),
  ...(to === Number.POSITIVE_INFINITY ? {} : { createdBefore: micros(to + BOUND_MARGIN) }),
  maxResults,
});

/** A job without a creation time cannot be placed; whatever slice it came in, it is kept. */
export const isIn = (span: Span, { startedAt }: CopyJob): boolean => startedAt === null || isWithin(span, startedAt);

/**
 * Whether a page shows that its slice holds many jobs. A short one with a token shows nothing, since AWS may filter after
 * it has cut, nor do jobs that no window narrows down: splitting for those would go on to the minute everywhere.
 */
export const isFull = (slice: Span, { records, nextToken, maxResults }: SizedPage): boolean =>
  nextToken !== null && records.filter(({ startedAt }) => isWithin(slice, startedAt)).length >= maxResults / 2;

/** One page; one that is too large is asked for again with half as many jobs. */
export const readPage = async (reader: PageReader, query: CopyJobsQuery): Promise<SizedPage> => {
  const { upstream, loaders, primes } = reader;
  const maxResults = query.maxResults ?? MAX_RESULTS;
  const key = { upstream, query };
  try {
    const page = await loaders.copyJobs.load(key);
    // A pass over everything keeps nothing in its loaders: they must not grow with the estate. Who reads the same beside
    // it, in the same query, has asked by now.
    if (primes) page.records.forEach(loaders.primeJob);
    else loaders.copyJobs.clear(key);
    return { ...page, maxResults };
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.reason !== 'tooLarge' || maxResults === 1) throw error;
    return readPage(reader, { ...query, maxResults: Math.floor(maxResults / 2) });
  }
};
