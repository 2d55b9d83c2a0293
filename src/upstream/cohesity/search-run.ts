import type { RunKey } from '../../domain/run-key.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions } from '../../calling/call.js';
import type { CohesityClient } from './client.js';

const SIZES = [10, 100, 1000, 10_000];

/** An unreadable run is not a missing one. */
const notThere = (upstream: string, unreadable: number): null => {
  if (unreadable > 0) throw new UpstreamError(upstream, 'malformed', 'a run that cannot be read');
  return null;
};

/**
 * Finds a run without a start: the vendor has no filter for its number, so its job's runs are searched, newest first.
 * One call if it is among the newest ten, such as a waiting run.
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
  throw new UpstreamError(upstream, 'tooLarge', 'a job with more runs than are searched');
};

/** Reads one run by its key: one call, unless it has no start. */
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
  // Checked here too: a cluster that ignores a filter must not return another run.
  const found = records.find(({ run }) => run.jobId === jobId && run.startTimeUsecs === startTimeUsecs);
  return found ?? notThere(upstream, unreadable);
};
