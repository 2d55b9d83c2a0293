import type { Slices } from '../../cache/slices.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Read } from '../../calling/call.js';
import type { ProtectionRunsQuery } from './client.js';
import type { CohesityLoaders } from './loaders.js';

/** What is read of each run. */
export type RunDetail = 'shell' | 'copies' | 'tasks';

export interface RunsRequest<T> {
  readonly upstream: string;
  readonly loaders: CohesityLoaders;
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

const ROUND = 500; // a limit that nobody states would be a multiple of this

export const lengthOf = ({ records, unreadable }: Read<ProtectionRun>): number => records.length + unreadable;

/** Whether an answer is as long as was asked for, or as long as a limit that nobody states might be. */
export const mayBeCut = (read: Read<ProtectionRun>, numRuns: number): boolean =>
  lengthOf(read) === numRuns || (lengthOf(read) > 0 && lengthOf(read) % ROUND === 0);

/** Whether an answer leaves runs out. One of a suspicious length is looked behind, which costs one call more. */
export const isCut = async (
  read: Read<ProtectionRun>,
  numRuns: number,
  lookBehind: (endTimeUsecs: number) => Promise<Read<ProtectionRun> | null>,
): Promise<boolean> => {
  const endTimeUsecs = middleEnd(read.records);
  if (lengthOf(read) === numRuns) return true;
  if (!mayBeCut(read, numRuns) || endTimeUsecs === null) return false;
  const behind = await lookBehind(endTimeUsecs);
  // A cluster that ignores the bound shows nothing of what is behind it.
  if (behind?.records.some(({ endedAt }) => endedAt !== null && endedAt >= endTimeUsecs) === true) return true;
  const known = new Set(read.records.map(({ shell }) => shell.id));
  const newest = newestStart(read.records); // what began meanwhile was not left out
  return (
    behind === null || behind.records.some(({ shell, startedAt }) => (startedAt ?? 0) <= newest && !known.has(shell.id))
  );
};

/** `0` where none says. */
export const newestStart = (runs: readonly ProtectionRun[]): number =>
  runs.reduce((newest, { startedAt }) => Math.max(newest, startedAt ?? 0), 0);

/** An end time which half of the runs at hand are behind; `null` where none has ended. "Before": so one more, if it can. */
export const middleEnd = (runs: readonly ProtectionRun[]): number | null => {
  const ends = runs.flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt])).sort((a, b) => b - a);
  const middle = ends[Math.floor(ends.length / 2)];
  return middle === undefined ? null : ends.length === 1 ? middle : middle + 1;
};

/** One call; `null` where the answer was too large to take. */
export const attempt = async <T>(
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
