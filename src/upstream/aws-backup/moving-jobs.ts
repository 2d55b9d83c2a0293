import type { CopyJob } from '../../domain/copy-job.js';
import { HOUR_MICROS } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { SpanIndex } from '../../index/spans.js';
import type { CopyJobsQuery } from './client.js';
import { MAX_RESULTS, type PageReader, pagesOf, readPage, windowed } from './job-pages.js';
import type { SharedRereads } from './shared-rereads.js';

/** Jobs that were running when last read, and the ways to read them again. */
interface Rereading {
  readonly reader: PageReader;
  readonly index: SpanIndex<CopyJob>;
  readonly query: CopyJobsQuery;
  readonly moving: readonly CopyJob[];
  readonly saves: number; // calls needed to read the hours they began in
  readonly shared: SharedRereads;
}

const MOST_DESCRIBED = 5;
const LISTS = 3; // of two states, and of finished jobs
const OVER_MARGIN = 300_000_000; // a job may be listed as complete this long after its end

const listAll = async ({ reader, index }: Rereading, query: CopyJobsQuery): Promise<void> => {
  const first = await readPage(reader, query);
  for await (const { records } of pagesOf(reader, query, first)) index.note(records);
};

const describeAll = async ({ reader, index }: Rereading, jobs: readonly CopyJob[]): Promise<void> => {
  const { upstream, loaders } = reader;
  const read = await Promise.all(jobs.map(({ copyJobId }) => loaders.copyJob.load({ upstream, copyJobId })));
  read.forEach((job, place) => {
    const before = jobs[place];
    if (job !== null) index.note([job]);
    else if (before !== undefined) index.gone(before);
  });
};

/** The jobs without a newer read. */
const stillOld = ({ index }: Rereading, jobs: readonly CopyJob[]): readonly CopyJob[] =>
  jobs.filter((job) => index.holds(job));

/** Lists running jobs by state, and for jobs that are in neither list, those that have finished. */
const listStates = async (rereading: Rereading): Promise<void> => {
  const { query, moving } = rereading;
  const since = Math.min(...moving.map(({ startedAt }) => startedAt ?? Number.POSITIVE_INFINITY));
  const seenAt = Math.min(...moving.map(({ observedAt }) => observedAt));
  const created = windowed(query, { from: since, to: Number.POSITIVE_INFINITY }, MAX_RESULTS);
  await Promise.all((['CREATED', 'RUNNING'] as const).map((state) => listAll(rereading, { ...created, state })));
  if (stillOld(rereading, moving).length > MOST_DESCRIBED) {
    const { createdAfter } = windowed(query, { from: seenAt - OVER_MARGIN, to: Number.POSITIVE_INFINITY }, MAX_RESULTS);
    await listAll(rereading, { ...query, completeAfter: createdAfter, maxResults: MAX_RESULTS });
  }
  const left = stillOld(rereading, moving);
  if (left.length <= MOST_DESCRIBED) await describeAll(rereading, left);
};

/** All running jobs that were read lately, beside those that must be read. */
const allMoving = ({ index, moving }: Rereading): readonly CopyJob[] => {
  const newest = Math.max(...moving.map(({ observedAt }) => observedAt));
  return [...new Set([...moving, ...index.unsettled().filter(({ observedAt }) => observedAt > newest - HOUR_MICROS)])];
};

/**
 * Reads running jobs again, if that takes fewer calls than reading the hours they began in. If many lists need running
 * jobs, one reread for all lists. If it fails, their hours are read.
 */
export const rereadMoving = async (rereading: Rereading): Promise<void> => {
  const { moving, saves, shared } = rereading;
  try {
    if (shared.lately() >= LISTS + MOST_DESCRIBED) {
      await shared.share(() => listStates({ ...rereading, moving: allMoving(rereading) }));
    } else if (moving.length <= Math.min(saves, MOST_DESCRIBED)) await describeAll(rereading, moving);
    else if (saves >= LISTS + MOST_DESCRIBED) await listStates(rereading);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
  }
};
