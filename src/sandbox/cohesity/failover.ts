import { booleanMember, integerMember, onlyMembers, recordOf, stringMember } from './body.js';
import { cancelBackup } from './cancel.js';
import { withCancels } from './canceled-run.js';
import { joined } from './identity.js';
import type { Job } from './job.js';
import type { Wire } from './json.js';
import { firstPlannedIndex, hasStarted, plannedStartOf, runOfPlanned, waitEndOf } from './planned-run.js';
import { cancelWorkflow, objectIdsOf } from './failover-workflow.js';
import { invalidBody, notAllowed, Refusal, unknown } from './refusal.js';
import { jobRunIdOf } from './run.js';
import { findRunById, runsBetween } from './run-list.js';
import type { Source } from './source.js';
import { statusV2 } from './status-v2.js';
import { isFinished, statusAt } from './timeline.js';
import { copyKey, runKey, type PlannedRun, type World } from './world.js';

const members = [
  'replicationClusterId',
  'objects',
  'protectionGroupId',
  'runType',
  'viewId',
  'cancelNonFailoverRuns',
  'pauseNextRuns',
];

/** The type of a planned run, in the words of a run. */
const runTypes: Readonly<Record<string, string>> = {
  kAll: 'kRegular',
  kLog: 'kLog',
  kSystem: 'kSystem',
  kIncremental: 'kRegular',
  kFull: 'kFull',
  kHydrateCDP: 'kHydrateCDP',
  kStorageArraySnapshot: 'kStorageArraySnapshot',
};

const jobOf = ({ estate }: World, groupId: string | undefined, objectIds: readonly number[]): Job => {
  const job =
    groupId === undefined
      ? estate.jobs.find(
          ({ origin, deleted, sources }) =>
            origin === undefined && deleted !== true && sources.some(({ id }) => objectIds.includes(id)),
        )
      : estate.groupById.get(groupId);
  if (job === undefined)
    throw unknown(
      groupId === undefined ? 'Protection group of the given objects' : `Protection group with id ${groupId}`,
    );
  if (job.origin !== undefined || job.deleted === true)
    throw notAllowed(`Protection group ${joined(job.uid)} is not active on this cluster`);
  return job;
};

const sourcesOf = (job: Job, objectIds: readonly number[]): readonly Source[] =>
  objectIds.map((objectId) => {
    const source = job.sources.find(({ id }) => id === objectId);
    if (source === undefined) throw notAllowed(`Object ${objectId} is not protected by group ${joined(job.uid)}`);
    return source;
  });

/** Checks a FailoverRunConfiguration and accepts the run. A workflow id is valid for one run. */
export const acceptPlannedRun = (world: World, failoverId: string, body: unknown, olderGeneration: boolean): void => {
  const { overlay, now } = world;
  const given = onlyMembers(recordOf(body), members);
  for (const name of ['replicationClusterId', 'objects', ...(olderGeneration ? ['protectionGroupId'] : [])]) {
    if (!(name in given)) throw invalidBody(`${name} in body is required`);
  }
  const replicationClusterId = integerMember(given, 'replicationClusterId');
  const objectIds = objectIdsOf(given, 'objects');
  const runType = runTypes[stringMember(given, 'runType') ?? 'kIncremental'];
  if (runType === undefined) throw invalidBody(`runType in body should be one of [${Object.keys(runTypes).join(' ')}]`);
  integerMember(given, 'viewId');
  const cancelsOthers = booleanMember(given, 'cancelNonFailoverRuns') ?? false;
  const pausesNext = booleanMember(given, 'pauseNextRuns') ?? false;
  const job = jobOf(world, stringMember(given, 'protectionGroupId'), objectIds);
  const sources = sourcesOf(job, objectIds);
  const replicationCluster = world.estate.remoteClusters.find(
    (cluster) => cluster.purposeReplication && cluster.clusterId === replicationClusterId,
  );
  if (replicationCluster === undefined)
    throw notAllowed(`Cluster ${replicationClusterId ?? 'null'} is not registered for replication`);
  if (overlay.plannedRuns.has(failoverId))
    throw notAllowed(`A planned run was already requested for failover ${failoverId}`);

  const active = [...runsBetween(world, [job], -Infinity, now)].filter(
    ({ backup }) => backup.start !== null && !isFinished(backup, now),
  );
  if (cancelsOthers) for (const run of active) cancelBackup(world, run);
  if (pausesNext) overlay.pauses.set(failoverId, { jobId: job.id, from: now, until: Infinity });
  overlay.plannedRuns.set(failoverId, {
    failoverId,
    job,
    ordinal: overlay.plannedRuns.size,
    replicationCluster,
    sources,
    runType,
    cancelsOthers,
    requestedAt: now,
    waitsFor: active.map(({ start }) => start),
  });
};

/** A planned run, as the poll knows it. */
export const findListed = (world: World, failoverId: string): PlannedRun | undefined => {
  const planned = world.overlay.plannedRuns.get(failoverId);
  const isHidden = world.faults.has('planned-run-not-listed') && planned !== undefined && !hasStarted(world, planned);
  return isHidden ? undefined : planned;
};

/** One element of `planned-runs`. The older generation does not report the status of the backup. */
export const pollStatus = (world: World, planned: PlannedRun, olderGeneration: boolean): Wire => {
  const { failoverId, job, cancelsOthers, canceledAt } = planned;
  const common = {
    failoverId,
    protectionGroupId: joined(job.uid),
    waitingOnOtherRunCancellations: cancelsOthers && canceledAt === undefined && world.now < waitEndOf(world, planned),
  };
  const status = (word: string): Wire => (olderGeneration ? {} : { backupTaskStatus: word });
  if (!hasStarted(world, planned)) return { ...common, ...status(canceledAt === undefined ? 'Accepted' : 'Canceled') };
  const { backup } = withCancels(runOfPlanned(world, planned), world.overlay);
  return {
    ...common,
    runId: `${job.id}:${plannedStartOf(world, planned)}`,
    ...status(statusV2(statusAt(backup, world.now))),
  };
};

/** Cancels a failover: an active run is canceled, and the job's own runs resume. */
export const cancelFailover = (world: World, failoverId: string): void => {
  const { overlay, now } = world;
  const isWorkflow = cancelWorkflow(world, failoverId);
  const planned = overlay.plannedRuns.get(failoverId);
  const isHere = planned !== undefined && world.estate.jobById.has(planned.job.id);
  if (!isHere && !isWorkflow) throw new Refusal(404, 'KEntityNotExistsError', `Failover ${failoverId} does not exist`);
  if (!isHere) return;
  const pause = overlay.pauses.get(failoverId);
  if (pause !== undefined && pause.until > now) overlay.pauses.set(failoverId, { ...pause, until: now });
  if (planned.canceledAt !== undefined) return;
  const run = hasStarted(world, planned)
    ? findRunById(world, planned.job, jobRunIdOf(planned.job, firstPlannedIndex + planned.ordinal))
    : undefined;
  overlay.plannedRuns.set(failoverId, { ...planned, canceledAt: now });
  if (run === undefined) return;
  overlay.cancels.set(runKey(run.jobRunId), now);
  for (const { plan, taskId } of run.copies)
    if (plan.target.type !== 'kLocal') overlay.cancels.set(copyKey(taskId), now);
};
