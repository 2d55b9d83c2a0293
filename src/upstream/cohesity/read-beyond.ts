import type { ProtectionRun } from '../../domain/protection-run.js';
import type { Read } from '../../calling/call.js';
import type { RunsWanted } from './know-runs.js';
import { JOBS_AT_ONCE, readAll, readJob } from './read-runs.js';
import type { Reader } from './runs-answer.js';

/** Reads every run since a time without storing it: for spans larger than the index. */
export const readBeyond = async function* ({
  reader,
  cluster,
  jobIds,
  since,
}: RunsWanted): AsyncGenerator<Read<ProtectionRun>, void, void> {
  const unkept: Reader = { ...reader, index: null };
  const isSlow = reader.sourceId === undefined && cluster.wideReads.areTooSlow();
  const outcome = jobIds !== null || isSlow ? null : await readAll(unkept, since, 0);
  if (outcome?.kind === 'whole') return yield outcome.read;
  let ids = jobIds;
  if (ids === null) {
    const jobs = await reader.loaders.protectionJobs.load({ upstream: reader.upstream });
    ids = jobs.records.map(({ jobId }) => jobId.toString());
    yield { records: [], observedAt: jobs.observedAt, unreadable: jobs.unreadable, failure: jobs.failure };
  }
  const jobs = ids.map((group) => ({ group, from: since }));
  for (let at = 0; at < jobs.length; at += JOBS_AT_ONCE)
    yield* await Promise.all(jobs.slice(at, at + JOBS_AT_ONCE).map((job) => readJob(unkept, job)));
};
