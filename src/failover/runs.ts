import { isFinished } from '../domain/activity.js';
import type { FailoverRequest } from '../domain/failover-input.js';
import { isGoodSnapshot } from '../domain/good-copy.js';
import { DAY_MICROS, HOUR_MICROS, type Micros, micros } from '../domain/micros.js';
import { listed, span } from '../domain/phrase.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import { type ProtectionRun, tasksOf } from '../domain/protection-run.js';
import { type Finding, bad, good, jobsOf, mustFailOver, noGroup, sourceIdsOf } from './finding.js';
import type { MutationContext } from './mutation-context.js';

/** A copy that is no older than this counts as recent. */
const RECENT_MICROS = DAY_MICROS;
const RUNS_AT_MOST = 1000;

const runsSince = async (
  context: MutationContext,
  job: ProtectionJob,
  since: Micros,
): Promise<readonly ProtectionRun[]> => {
  const recent = { jobId: job.jobId, since, most: RUNS_AT_MOST, shellOnly: false };
  return mustFailOver(context.session, job.upstream).runs(context.session, recent);
};

/** When the newest good copy of each object on the replication cluster was taken. */
const newestCopies = (
  runs: readonly ProtectionRun[],
  { replicationClusterId }: FailoverRequest,
  now: Micros,
): ReadonlyMap<bigint, number> => {
  const newest = new Map<bigint, number>();
  const copies = runs
    .flatMap(({ copyRuns }) => copyRuns)
    .filter(({ target }) => target?.kind === 'REMOTE' && target.clusterId === replicationClusterId);
  for (const { run, tasks } of copies) {
    const takenAt = Number(run.startTimeUsecs);
    if (Number.isNaN(takenAt)) continue; // no start is reported, so its age is unknown
    for (const task of tasks ?? []) {
      const id = task.source?.sourceId;
      if (id === undefined || id === null || !isGoodSnapshot(task, now)) continue;
      newest.set(id, Math.max(newest.get(id) ?? 0, takenAt));
    }
  }
  return newest;
};

/** The check that the group protects the objects to be failed over. */
export const objectsInGroup = async (
  context: MutationContext,
  request: FailoverRequest,
  job: ProtectionJob | null,
): Promise<Finding> => {
  if (job === null) return noGroup();
  const missing = sourceIdsOf(request).filter((id) => !job.sourceIds.includes(id));
  if (missing.length === 0) return good(`${job.name} protects all of them.`);
  // A group may name a folder and protect its content: then its runs show the objects.
  const runs = await runsSince(context, job, micros(context.now - RECENT_MICROS));
  const seen = new Set(runs.flatMap(tasksOf).map(({ source }) => source?.sourceId));
  const strangers = missing.filter((id) => !seen.has(id));
  return strangers.length === 0
    ? good(`${job.name} protects all of them, as its runs show.`)
    : bad(`${job.name} does not protect ${listed(strangers)}.`);
};

/** The check that each object has a good copy on the replication cluster, and its age. */
export const recentCopy = async (
  context: MutationContext,
  request: FailoverRequest,
  job: ProtectionJob | null,
): Promise<Finding> => {
  if (job === null) return noGroup();
  const { now, limits } = context;
  const ids = sourceIdsOf(request);
  const inDay = newestCopies(await runsSince(context, job, micros(now - RECENT_MICROS)), request, now);
  const lookBack = limits.lookBackHours * HOUR_MICROS;
  const newest =
    ids.every((id) => inDay.has(id)) || lookBack <= RECENT_MICROS
      ? inDay
      : newestCopies(await runsSince(context, job, micros(now - lookBack)), request, now);
  const without = ids.filter((id) => !newest.has(id));
  if (without.length > 0) {
    return bad(`No good copy of ${listed(without)} on that cluster in the last ${limits.lookBackHours} hours.`);
  }
  const oldest = now - Math.min(...ids.map((id) => newest.get(id) ?? now));
  const detail = `The newest good copy of each object there is at most ${span(oldest)} old.`;
  return oldest <= RECENT_MICROS ? good(detail) : bad(`${detail} A failover must replicate the difference.`);
};

/** The running backups of the same objects, in any job. */
export const runningRuns = async (
  context: MutationContext,
  request: FailoverRequest,
  group: ProtectionJob | null,
): Promise<Finding> => {
  const { session, now, limits } = context;
  const ids = sourceIdsOf(request);
  const jobs = (await jobsOf(context, request)).filter(
    (job) => !job.isDeleted && (job.id === group?.id || job.sourceIds.some((id) => ids.includes(id))),
  );
  const since = micros(now - limits.lookBackHours * HOUR_MICROS);
  const reads = await Promise.all(
    jobs.map(async ({ jobId, upstream, name }) => {
      const recent = { jobId, since, most: RUNS_AT_MOST, shellOnly: true };
      return (await mustFailOver(session, upstream).runs(session, recent))
        .filter(({ shell }) => !isFinished(shell.state))
        .map(({ run }) => `${run.jobId}:${run.startTimeUsecs} of ${name}`);
    }),
  );
  const running = reads.flat();
  if (running.length === 0) return good('No other run of these objects is in progress.');
  return good(
    request.cancelNonFailoverRuns === true
      ? `Would be asked to cancel: ${listed(running)}.`
      : `The failover would wait for ${listed(running)}; cancelNonFailoverRuns: true asks them to cancel.`,
  );
};
