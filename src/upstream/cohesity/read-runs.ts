import { type Micros, micros } from '../../domain/micros.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Read } from '../../calling/call.js';
import type { ProtectionRunsQuery } from './client.js';
import type { RunDetail } from './run-index.js';
import { type PagedJob, readPassedOver } from './passed-over.js';
import { type Reader, attempt, isCut, lengthOf, mayBeCut, middleEnd } from './runs-answer.js';

const flags: Readonly<Record<RunDetail, ProtectionRunsQuery>> = {
  shell: { onlyReturnShellInfo: true },
  copies: { excludeTasks: true },
  tasks: {},
};

/** The vendor's own module asks for 1,000 at once; scripts in the field for up to 999,999. Default and limit are not stated. */
const FIRST_SIZE = 1000;
const GROWTH = 8;
const LARGEST_OF_ALL = 8000; // of all jobs at once: some 20 MB; more is read job by job
const LARGEST_SIZE = 512_000;
export const JOBS_AT_ONCE = 4;

const querySince = (request: Reader, since: number): ProtectionRunsQuery => ({
  ...flags[request.detail],
  sourceId: request.sourceId,
  startTimeUsecs: since - 1, // "after": so one less for "at or after"
});

/** What one read of all jobs has come to. */
type OfAll =
  | { readonly kind: 'whole'; readonly read: Read<ProtectionRun> }
  | { readonly kind: 'tooMany' } // for one answer
  | { readonly kind: 'tooSlow' };

/**
 * Every run of all jobs that started at or after a time, in one answer; `expected` is how many there were. What a cut
 * answer holds is noted all the same.
 */
export const readAll = async (request: Reader, since: Micros, expected: number): Promise<OfAll> => {
  const query = querySince(request, since);
  let before: number | null = null;
  for (
    let numRuns = expected < FIRST_SIZE ? FIRST_SIZE : LARGEST_OF_ALL;
    numRuns <= LARGEST_OF_ALL;
    numRuns *= GROWTH
  ) {
    const read = await attemptAll(request, { ...query, numRuns });
    if (read === 'tooSlow') return { kind: 'tooSlow' };
    if (read !== null) request.index?.note(read);
    // No more than the last time, though more was asked for: a limit that nobody states.
    if (read === null || lengthOf(read) === before) break;
    const behind = async (endTimeUsecs: number) => {
      const found = await attemptAll(request, { ...query, numRuns, endTimeUsecs });
      return found === 'tooSlow' ? null : found;
    };
    if (!(await isCut(read, numRuns, behind))) return { kind: 'whole', read };
    before = lengthOf(read);
  }
  return { kind: 'tooMany' };
};

/** A job and since when its runs are wanted. */
interface JobSince {
  readonly group: string;
  readonly from: Micros;
}

/** Every run of one job that started at or after a time, with those that paging by their ends passes over. */
export const readJob = async (request: Reader, { group, from }: JobSince): Promise<Read<ProtectionRun>> => {
  const query = querySince(request, from);
  const paged = await readPages(request, group, query);
  const reads = paged.isPaged ? [...paged.reads, await readPassedOver(request, query, paged)] : paged.reads;
  return {
    records: reads.flatMap(({ records }) => records),
    observedAt: micros(Math.min(...reads.map(({ observedAt }) => observedAt))),
    unreadable: reads.reduce((sum, { unreadable }) => sum + unreadable, 0),
    reasons: reads.flatMap(({ reasons = [] }) => reasons),
  };
};

/**
 * One job's runs, newest first: in one answer, or paged backwards by their ends, halved when an answer is too large.
 * Each page drops only the later half of the previous one, so that a long run which began before many short ones, as a
 * full backup among those of logs, is seldom passed over. Overlap is dropped by the run's key. Runs that are going on
 * have no end, so they stay out of the cursor.
 */
const readPages = async (request: Reader, jobId: string, shared: ProtectionRunsQuery): Promise<PagedJob> => {
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
    reads.push({ ...read, records: fresh });
    request.index?.note(read); // should the next page fail
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

/** One call for all jobs; `null` where the answer was too large to take. */
const attemptAll = async (
  request: Reader,
  query: ProtectionRunsQuery,
): Promise<Read<ProtectionRun> | null | 'tooSlow'> => {
  try {
    return await attempt(request, query);
  } catch (error) {
    if (!isTooSlow(error)) throw error;
    return 'tooSlow';
  }
};
