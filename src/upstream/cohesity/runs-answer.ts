import type { ProtectionRun } from '../../domain/protection-run.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Read } from '../../calling/call.js';
import type { ProtectionRunsQuery } from './client.js';
import type { CohesityLoaders } from './loaders.js';
import type { RunDetail, RunIndex } from './run-index.js';

/** Reads under way of one cluster's runs. */
export interface Reader {
  readonly upstream: string;
  readonly loaders: CohesityLoaders;
  readonly detail: RunDetail;
  readonly sourceId: string | undefined; // only runs that protect this source; decimal
  readonly index: RunIndex | null; // null: what is read is not kept, since it is more than may be
}

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
export const attempt = async (
  { loaders, upstream, index }: Reader,
  query: ProtectionRunsQuery,
): Promise<Read<ProtectionRun> | null> => {
  const key = { upstream, query };
  try {
    const read = await loaders.protectionRuns.load(key);
    // A pass over more than is kept keeps nothing here either. Who reads the same beside it has asked by now.
    if (index === null) loaders.protectionRuns.clear(key);
    return read;
  } catch (error) {
    if (error instanceof UpstreamError && error.reason === 'tooLarge') return null;
    throw error;
  }
};
