import type { Slices } from '../cache/slices.js';
import { type Micros } from '../domain/micros.js';
import type { ProtectionRun } from '../domain/protection-run.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { Read } from '../calling/call.js';
import type { ProtectionRunsQuery } from '../upstream/cohesity/client.js';
import type { Loaders } from './loaders.js';

/** What is read of each run. */
export type RunDetail = 'shell' | 'copies' | 'tasks';

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
const ROUND = 500; // a limit that nobody states would be a multiple of this
const JOBS_AT_ONCE = 4;
export interface RunsRequest<T> {
  readonly upstream: string;
  readonly loaders: Loaders;
  readonly detail: RunDetail;
  readonly jobIds: readonly string[] | null; // decimal; null: all jobs
  readonly sourceId?: string | undefined; // only runs that protect this source; decimal
  readonly recordsOf: (run: ProtectionRun) => readonly T[];
  readonly slices: Slices<ProtectionRun>;
}

/** A request under way. */
export interface Reader<T> extends RunsRequest<T> {
  readonly whole: boolean;
  byJob: readonly string[] | null; // the jobs to go through, once a step has shown that one answer cannot hold them all
}

export type Runs = AsyncGenerator<Read<ProtectionRun>, void, void>;

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
    if (!(await isCut(request, { ...query, numRuns }, read, slow))) {
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

const lengthOf = ({ records, unreadable }: Read<ProtectionRun>): number => records.length + unreadable;

/** Whether an answer is as long as was asked for, or as long as a limit that nobody states might be. */
const mayBeCut = (read: Read<ProtectionRun>, numRuns: number): boolean =>
  lengthOf(read) === numRuns || (lengthOf(read) > 0 && lengthOf(read) % ROUND === 0);

/** Whether an answer leaves runs out. One of a suspicious length is looked behind, which costs one call more. */
const isCut = async <T>(
  request: Reader<T>,
  query: ProtectionRunsQuery & { readonly numRuns: number },
  read: Read<ProtectionRun>,
  slow: Slow,
): Promise<boolean> => {
  const endTimeUsecs = middleEnd(read.records);
  if (lengthOf(read) === query.numRuns) return true;
  if (!mayBeCut(read, query.numRuns) || endTimeUsecs === null) return false;
  const behind = await attemptAll(request, { ...query, endTimeUsecs }, slow);
  const known = new Set(read.records.map(({ shell }) => shell.id));
  const newest = Math.max(...read.records.map(({ startedAt }) => startedAt ?? 0)); // what began meanwhile was not left out
  return (
    behind === null || behind.records.some(({ shell, startedAt }) => (startedAt ?? 0) <= newest && !known.has(shell.id))
  );
};

/** Job by job, a few at once. That a cluster is slow, and not down, shows when it answers for single jobs. */
const readJobs = async function* <T>(
  request: Reader<T>,
  query: ProtectionRunsQuery,
  jobIds: readonly string[],
  slow: Slow,
): Runs {
  for (let at = 0; at < jobIds.length; at += JOBS_AT_ONCE) {
    const jobs = jobIds.slice(at, at + JOBS_AT_ONCE).map((jobId) => readJob(request, { ...query, jobId }));
    const reads = await Promise.all(jobs);
    if (slow.found && at === 0) slow.remember();
    yield* reads.flat();
  }
};

/**
 * One job's runs, newest first: in one answer, or paged backwards by their ends, halved when an answer is too large.
 * Each page drops only the later half of the one before it, so that a long run which began before many short ones, as a
 * full backup among those of logs, is not passed over. Overlap is dropped by the run's key. Runs that are going on
 * have no end, so they stay out of the cursor.
 */
const readJob = async <T>(request: Reader<T>, query: ProtectionRunsQuery): Promise<readonly Read<ProtectionRun>[]> => {
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
    if (!mayBeCut(read, numRuns) || (fresh.length === 0 && lengthOf(read) < numRuns)) return reads;
    const next = middleEnd(read.records);
    // A page full of what we have, or of runs without an end, leads nowhere: only a longer one shows what is behind it.
    stuck = fresh.length === 0 || next === null || next === endTimeUsecs;
    if (stuck) numRuns *= 2;
    else endTimeUsecs = next ?? undefined;
  }
  throw new UpstreamError(request.upstream, 'tooLarge', 'the smallest answer that leads on is too large');
};

/** An end time which half of the runs at hand are behind; `null` where none has ended. "Before": so one more, if it can. */
const middleEnd = (runs: readonly ProtectionRun[]): number | null => {
  const ends = runs.flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt])).sort((a, b) => b - a);
  const middle = ends[Math.floor(ends.length / 2)];
  return middle === undefined ? null : ends.length === 1 ? middle : middle + 1;
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

/** One call; `null` where the answer was too large to take. */
const attempt = async <T>(
  { loaders, upstream, whole }: Reader<T>,
  query: ProtectionRunsQuery,
): Promise<Read<ProtectionRun> | null> => {
  const key = { upstream, query };
  try {
    const read = await loaders.protectionRuns.load(key);
    // A pass over everything keeps nothing: memory must not grow with the estate. Who reads the same beside it, in the
    // same query, has asked by now.
    if (whole) loaders.protectionRuns.clear(key);
    return read;
  } catch (error) {
    if (error instanceof UpstreamError && error.reason === 'tooLarge') return null;
    throw error;
  }
};

/** Hands what was read to the loaders, unless it is a pass over everything, which keeps nothing. */
export const prime = <T>({ loaders, detail, whole }: Reader<T>, read: Read<ProtectionRun>): Read<ProtectionRun> => {
  if (!whole) read.records.forEach((run) => loaders.primeRun(run, detail === 'tasks'));
  return read;
};
