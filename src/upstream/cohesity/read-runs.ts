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

/**
 * The vendor's own module asks for 1,000 at once, field scripts for up to 999,999. No default or limit is documented.
 */
const FIRST_SIZE = 1000;
const GROWTH = 8;
const LARGEST_OF_ALL = 8000; // for all jobs at once: some 20 MB; more is read job by job
const LARGEST_SIZE = 512_000;
export const JOBS_AT_ONCE = 4;

const querySince = (request: Reader, since: number): ProtectionRunsQuery => ({
  ...flags[request.detail],
  sourceId: request.sourceId,
  startTimeUsecs: since - 1, // the filter means "after", so one less gives "at or after"
});

/** The result of one read of all jobs. */
type OfAll =
  | { readonly kind: 'whole'; readonly read: Read<ProtectionRun> }
  | { readonly kind: 'tooMany' } // for one answer
  | { readonly kind: 'tooSlow' };

/**
 * Reads every run of all jobs since a time, in one answer; `expected` is the earlier number. The runs of a cut answer
 * are stored too.
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
    // No more runs than the last time, although more were asked for: an undocumented limit.
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

/** A job, and the time since which its runs are wanted. */
interface JobSince {
  readonly group: string;
  readonly from: Micros;
}

/** Reads every run of one job since a time, including those that paging by end misses. */
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
 * Reads one job's runs, newest first: in one answer, or paged backwards by their ends, with half the size if an answer
 * is too large. Each page drops only the later half of the previous one, so that a long run before many short ones,
 * such as a full backup among log backups, is seldom missed. Repeated runs are dropped by key. Running runs have no
 * end, so they do not affect the cursor.
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
    request.index?.note(read); // in case the next page fails
    if (!mayBeCut(read, numRuns) || (fresh.length === 0 && lengthOf(read) < numRuns)) {
      return { jobId, reads, isPaged: endTimeUsecs !== undefined };
    }
    const next = middleEnd(read.records);
    // A page with only known runs, or runs without an end, does not advance: only a longer page shows what comes after.
    stuck = fresh.length === 0 || next === null || next === endTimeUsecs;
    if (stuck) numRuns *= 2;
    else endTimeUsecs = next ?? undefined;
  }
  throw new UpstreamError(request.upstream, 'tooLarge', 'even the smallest useful answer is too large');
};

/** A timeout, either ours or that of a proxy before the cluster. */
const isTooSlow = (error: unknown): boolean =>
  error instanceof UpstreamError && (error.reason === 'timeout' || error.status === 504);

/** One call for all jobs; `null` if the answer was too large. */
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
