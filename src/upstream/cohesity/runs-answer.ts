import type { ProtectionRun } from '../../domain/protection-run.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Read } from '../../calling/call.js';
import type { ProtectionRunsQuery } from './client.js';
import type { CohesityLoaders } from './loaders.js';
import type { RunDetail, RunIndex } from './run-index.js';

/** The inputs for reading one cluster's runs. */
export interface Reader {
  readonly upstream: string;
  readonly loaders: CohesityLoaders;
  readonly detail: RunDetail;
  readonly sourceId: string | undefined; // only runs that protect this source; decimal
  readonly index: RunIndex | null; // null: the runs are not stored, because there are too many
}

const ROUND = 500; // an undocumented limit would be a multiple of this

export const lengthOf = ({ records, unreadable }: Read<ProtectionRun>): number => records.length + unreadable;

/** Whether an answer is as long as was asked for, or as an undocumented limit might be. */
export const mayBeCut = (read: Read<ProtectionRun>, numRuns: number): boolean =>
  lengthOf(read) === numRuns || (lengthOf(read) > 0 && lengthOf(read) % ROUND === 0);

/** Whether an answer leaves runs out. After one of suspicious length, one more call checks the next runs. */
export const isCut = async (
  read: Read<ProtectionRun>,
  numRuns: number,
  lookBehind: (endTimeUsecs: number) => Promise<Read<ProtectionRun> | null>,
): Promise<boolean> => {
  const endTimeUsecs = middleEnd(read.records);
  if (lengthOf(read) === numRuns) return true;
  if (!mayBeCut(read, numRuns) || endTimeUsecs === null) return false;
  const behind = await lookBehind(endTimeUsecs);
  // If a cluster ignores the limit, the call shows nothing about the next runs.
  if (behind?.records.some(({ endedAt }) => endedAt !== null && endedAt >= endTimeUsecs) === true) return true;
  const known = new Set(read.records.map(({ shell }) => shell.id));
  const newest = newestStart(read.records); // later runs were not left out
  return (
    behind === null || behind.records.some(({ shell, startedAt }) => (startedAt ?? 0) <= newest && !known.has(shell.id))
  );
};

/** `0` if no run has a start. */
export const newestStart = (runs: readonly ProtectionRun[]): number =>
  runs.reduce((newest, { startedAt }) => Math.max(newest, startedAt ?? 0), 0);

/**
 * The end time in the middle of the runs; `null` if none has ended. The filter means "before", so one more, if
 * possible.
 */
export const middleEnd = (runs: readonly ProtectionRun[]): number | null => {
  const ends = runs.flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt])).sort((a, b) => b - a);
  const middle = ends[Math.floor(ends.length / 2)];
  return middle === undefined ? null : ends.length === 1 ? middle : middle + 1;
};

/** One call; `null` if the answer was too large. */
export const attempt = async (
  { loaders, upstream, index }: Reader,
  query: ProtectionRunsQuery,
): Promise<Read<ProtectionRun> | null> => {
  const key = { upstream, query };
  try {
    const read = await loaders.protectionRuns.load(key);
    // A pass over more than the index may hold fills no loader either. Other fields of the query have read it by now.
    if (index === null) loaders.protectionRuns.clear(key);
    return read;
  } catch (error) {
    if (error instanceof UpstreamError && error.reason === 'tooLarge') return null;
    throw error;
  }
};
