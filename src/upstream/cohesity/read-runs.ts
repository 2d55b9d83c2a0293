import { type Micros } from '../../domain/micros.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Read } from '../../calling/call.js';
import type { ProtectionRunsQuery } from './client.js';
import { type PagedJob, readPassedOver } from './passed-over.js';
import {
  type Reader,
  type RunDetail,
  type Runs,
  type RunsRequest,
  attempt,
  isCut,
  lengthOf,
  mayBeCut,
  middleEnd,
  prime,
} from './runs-answer.js';

const flags: Readonly<Record<RunDetail, ProtectionRunsQuery>> = {
  shell: { onlyReturnShellInfo: true },
  copies: { excludeTasks: true },
  tasks: {},
};

/** The vendor's own module asks for 1,000 at once; scripts in the field for up to 999,999. Default and limit are not stated. */
const FIRST_SIZE = 1000;
const GROWTH = 8;
const LARGEST_OF_ALL = 8000; // of all jobs at once: some 20 MB; more is read job by job, and dropped as it goes
const LARGEST_SIZE = 512_000;
const JOBS_AT_ONCE = 4;

/** Every run that started at or after a time. */
export const readSince = async function* <T>(request: Reader<T>, since: Micros): Runs {
  const { sourceId } = request;
  const slow = knownSlow(request);
  const query = { ...flags[request.detail], sourceId, startTimeUsecs: since - 1 }; // "after": so one less for "at or after"
  const jobIds = new Set<string>();
  let before: number | null = null;
  const canAskAll = request.byJob === null && !slow.known;
  for (let numRuns = FIRST_SIZE; canAskAll && numRuns <= LARGEST_OF_ALL; numRuns *= GROWTH) {
    const read = await attemptAll(request, { ...query, numRuns }, slow);
    read?.records.forEach(({ run }) => jobIds.add(run.jobId));
    // No more than the last time, though more was asked for: a limit that nobody states.
    if (read === null || lengthOf(read) === before) break;
    const behind = (endTimeUsecs: number) => attemptAll(request, { ...query, numRuns, endTimeUsecs }, slow);
    if (!(await isCut(read, numRuns, behind))) {
      yield prime(request, read);
      return;
    }
    before = lengthOf(read);
  }
  if (request.byJob === null) {
    // More than one answer may hold, or takes too long. Runs of all jobs cannot be paged, since only their ends bound them; those of one
    // job can, as scripts in the field do it.
    const jobs = await request.loaders.protectionJobs.load({ upstream: request.upstream });
    jobs.records.forEach(({ jobId }) => jobIds.add(jobId.toString()));
    request.byJob = [...jobIds];
    yield { records: [], observedAt: jobs.observedAt, unreadable: jobs.unreadable, failure: jobs.failure };
  }
  yield* readJobs(request, query, request.byJob, slow);
};

/** What a reader learns of how long a cluster takes to answer for all its jobs at once. */
interface Slow {
  readonly known: boolean; // it was too slow a while ago
  found: boolean; // it was too slow now
  remember(): void;
}

/** Runs of one source may come quickly where all runs do not, so a read of those neither asks nor remembers. */
const knownSlow = <T>({ loaders, upstream, sourceId }: RunsRequest<T>): Slow => {
  const wideReads = loaders.wideReads(upstream);
  return {
    known: sourceId === undefined && wideReads.areTooSlow(),
    found: false,
    remember: () => (sourceId === undefined ? wideReads.wereTooSlow() : undefined),
  };
};

/** Job by job, a few at once. That a cluster is slow, and not down, shows when it answers for single jobs. */
const readJobs = async function* <T>(
  request: Reader<T>,
  query: ProtectionRunsQuery,
  jobIds: readonly string[],
  slow: Slow,
): Runs {
  for (let at = 0; at < jobIds.length; at += JOBS_AT_ONCE) {
    const jobs = jobIds.slice(at, at + JOBS_AT_ONCE).map((jobId) => readJob(request, jobId, query));
    const paged = await Promise.all(jobs);
    if (slow.found && at === 0) slow.remember();
    yield* paged.flatMap(({ reads }) => reads);
    const inPages = paged.filter(({ isPaged }) => isPaged);
    yield* await Promise.all(inPages.map((one) => readPassedOver(request, query, one)));
  }
};

/**
 * One job's runs, newest first: in one answer, or paged backwards by their ends, halved when an answer is too large.
 * Each page drops only the later half of the previous one, so that a long run which began before many short ones, as a
 * full backup among those of logs, is seldom passed over. Overlap is dropped by the run's key. Runs that are going on
 * have no end, so they stay out of the cursor.
 */
const readJob = async <T>(request: Reader<T>, jobId: string, shared: ProtectionRunsQuery): Promise<PagedJob> => {
  const query = { ...shared, jobId };
  const reads: Read<ProtectionRun>[] = [];
  const seen = new Set<string>();
  let numRuns = FIRST_SIZE;
  let endTimeUsecs: number | undefined;
  let stuck = false;
  while (numRuns >= 1 && numRuns <= LARGEST_SIZE) {
    const read = await attempt(request, { ...query, numRuns, endTimeUsecs });
    if (read === null) {
      if (stuck) break;
      numRuns = Math.floor(numRuns / 2);
      continue;
    }
    const fresh = read.records.filter(({ run }) => !seen.has(run.startTimeUsecs));
    fresh.forEach(({ run }) => seen.add(run.startTimeUsecs));
    if (fresh.length > 0 || read.unreadable > 0) reads.push(prime(request, { ...read, records: fresh }));
    if (!mayBeCut(read, numRuns) || (fresh.length === 0 && lengthOf(read) < numRuns)) {
      return { jobId, reads, isPaged: endTimeUsecs !== undefined };
    }
    const next = middleEnd(read.records);
    // A page full of what we have, or of runs without an end, leads nowhere: only a longer one shows what is behind it.
    stuck = fresh.length === 0 || next === null || next === endTimeUsecs;
    if (stuck) numRuns *= 2;
    else endTimeUsecs = next ?? undefined;
  }
  throw new UpstreamError(request.upstream, 'tooLarge', 'the smallest answer that leads on is too large');
};

/** No answer in time, ours or that of something before the cluster. */
const isTooSlow = (error: unknown): boolean =>
  error instanceof UpstreamError && (error.reason === 'timeout' || error.status === 504);

/** One call for all jobs; `null` where the answer was too large to take, or took too long. */
const attemptAll = async <T>(
  request: Reader<T>,
  query: ProtectionRunsQuery,
  slow: Slow,
): Promise<Read<ProtectionRun> | null> => {
  try {
    return await attempt(request, query);
  } catch (error) {
    if (!isTooSlow(error)) throw error;
    slow.found = true;
    return null;
  }
};
