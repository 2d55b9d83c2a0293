import type { RunKey } from '../../domain/run-key.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions } from '../../calling/call.js';
import type { CohesityClient } from './client.js';

const SIZES = [10, 100, 1000, 10_000];

/** What cannot be read is not what is not there. */
const notThere = (upstream: string, unreadable: number): null => {
  if (unreadable > 0) throw new UpstreamError(upstream, 'malformed', 'a run that cannot be read');
  return null;
};

/**
 * A run whose start is not told: the vendor finds none by its number, so those of its job are gone through, newest first.
 * One call where it is among the newest ten, as a run is that waits for its turn.
 */
const searchRun = async (
  client: CohesityClient,
  { upstream, jobId, startTimeUsecs }: RunKey,
  shellOnly: boolean,
  call: CallOptions,
): Promise<ProtectionRun | null> => {
  for (const numRuns of SIZES) {
    const query = { jobId, numRuns, ...(shellOnly ? { onlyReturnShellInfo: true } : {}) };
    const { records, unreadable } = await client.getProtectionRuns(query, call);
    const found = records.find(({ run, shell }) => run.jobId === jobId && `@${shell.jobRunId}` === startTimeUsecs);
    if (found !== undefined) return found;
    if (records.length + unreadable < numRuns) return notThere(upstream, unreadable);
  }
  throw new UpstreamError(upstream, 'tooLarge', 'a job with more runs than are looked through');
};

/** One run by its key: one call, unless its start is not told. */
export const readOneRun = async (
  client: CohesityClient,
  key: RunKey,
  shellOnly: boolean,
  call: CallOptions,
): Promise<ProtectionRun | null> => {
  const { upstream, jobId, startTimeUsecs } = key;
  if (startTimeUsecs.startsWith('@')) return searchRun(client, key, shellOnly, call);
  const query = { jobId, startedTimeUsecs: startTimeUsecs, ...(shellOnly ? { onlyReturnShellInfo: true } : {}) };
  const { records, unreadable } = await client.getProtectionRuns(query, call);
  // Checked here too: a cluster that ignores a filter must not make one run pass for another.
  const found = records.find(({ run }) => run.jobId === jobId && run.startTimeUsecs === startTimeUsecs);
  return found ?? notThere(upstream, unreadable);
};
