import { micros } from '../../domain/micros.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Read } from '../../calling/call.js';
import type { ProtectionRunsQuery } from './client.js';
import { type Reader, attempt, lengthOf, mayBeCut, newestStart } from './runs-answer.js';

const SIZES = [8000, 64_000, 512_000]; // a shell is some 300 bytes
const MOST = 50; // the most runs per job that are read one by one

/** One job's runs, read in one answer or paged by their ends. */
export interface PagedJob {
  readonly jobId: string;
  readonly reads: readonly Read<ProtectionRun>[];
  readonly isPaged: boolean;
}

/** A job's runs in brief, and whether they are all. */
interface Shells {
  readonly records: readonly ProtectionRun[];
  readonly unreadable: number;
  readonly isWhole: boolean;
}

/**
 * Reads the runs of a job that its pages missed. A page is limited by the ends of runs, so a run that lasted longer
 * than most of a page of later runs is on none. A list of the job's shells shows it, and it is read by its key. If that
 * fails, the answer may be incomplete, and has a reason. One call, and one for each such run.
 */
export const readPassedOver = async (
  request: Reader,
  query: ProtectionRunsQuery,
  { jobId, reads }: PagedJob,
): Promise<Read<ProtectionRun>> => {
  const shells = await readShells(request, { ...query, jobId });
  const paged = reads.flatMap(({ records }) => records);
  const known = new Set(paged.map(({ run }) => run.startTimeUsecs));
  const newest = newestStart(paged); // later runs were not missed
  const missing = shells.records.filter(
    ({ run, startedAt }) => run.jobId === jobId && !known.has(run.startTimeUsecs) && isWithin(startedAt, newest, query),
  );
  const found = await Promise.all(missing.slice(0, MOST).map((shell) => readWhole(request, shell)));
  const isAll = shells.isWhole && missing.length <= MOST && found.every(({ isTooLarge }) => !isTooLarge);
  const told = reads.reduce((sum, { unreadable }) => sum + unreadable, 0); // the pages have counted these
  return {
    records: found.flatMap(({ record }) => (record === null ? [] : [record])),
    observedAt: micros(Math.min(...reads.map(({ observedAt }) => observedAt))),
    unreadable: Math.max(0, shells.unreadable - told) + found.filter(({ isUnreadable }) => isUnreadable).length,
    reasons: isAll ? [] : ['TOO_LARGE'],
  };
};

/** A cluster may ignore the start times asked for. */
const isWithin = (startedAt: number | null, newest: number, { startTimeUsecs = 0 }: ProtectionRunsQuery): boolean =>
  startedAt === null || (startedAt <= newest && startedAt > startTimeUsecs);

/** All shells of a job in one answer, because they are small; a longer answer is asked for if one may be cut. */
const readShells = async (request: Reader, query: ProtectionRunsQuery): Promise<Shells> => {
  const brief = { ...query, excludeTasks: undefined, onlyReturnShellInfo: true };
  let longest: Shells = { records: [], unreadable: 0, isWhole: false };
  for (const numRuns of SIZES) {
    const read = await attempt(request, { ...brief, numRuns });
    if (read === null) break;
    const { records, unreadable } = read;
    longest = { records, unreadable, isWhole: !mayBeCut(read, numRuns) };
    if (longest.isWhole || lengthOf(read) < numRuns) {
      const isWhole = longest.isWhole || (await isNoLimit(request, brief, lengthOf(read)));
      return { ...longest, isWhole };
    }
  }
  return longest;
};

/** Whether a cluster can answer with more runs than that; if so, an answer of that length was not cut. */
const isNoLimit = async (request: Reader, query: ProtectionRunsQuery, length: number): Promise<boolean> => {
  const longer = await attempt(request, { ...query, startTimeUsecs: undefined, numRuns: length + 1 });
  return longer !== null && lengthOf(longer) > length;
};

/** A run for a shell: the shell itself if only shells are wanted, otherwise read by its key. */
interface Whole {
  readonly record: ProtectionRun | null; // null: it no longer exists, or one of the two below
  readonly isTooLarge: boolean;
  readonly isUnreadable: boolean;
}

const readWhole = async ({ loaders, detail, index }: Reader, shell: ProtectionRun): Promise<Whole> => {
  const fine = { isTooLarge: false, isUnreadable: false };
  if (detail === 'shell') return { record: shell, ...fine };
  const key = { run: shell.run, part: 'tasks' } as const;
  try {
    return { record: await loaders.protectionRun.load(key), ...fine };
  } catch (error) {
    const reason = error instanceof UpstreamError ? error.reason : null;
    if (reason !== 'tooLarge' && reason !== 'malformed') throw error;
    return { record: null, isTooLarge: reason === 'tooLarge', isUnreadable: reason === 'malformed' };
  } finally {
    if (index === null) loaders.protectionRun.clear(shell.run);
  }
};
