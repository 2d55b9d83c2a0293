import { integerMember, integersMember, onlyMembers, recordOf, type Body } from './body.js';
import { cancelCopy, cancelObjects, cancelRun } from './cancel.js';
import { copyRunWire } from './copy-run-v1.js';
import type { Job } from './job.js';
import { integerOf } from './query.js';
import { invalidBody, malformedQuery, unknown } from './refusal.js';
import type { Call, Reply, Route } from './route.js';
import { findCopy, findRun, findRunById, runsBetween } from './run-list.js';
import { tasksOf } from './task.js';
import { isFinished } from './timeline.js';
import type { World } from './world.js';

const root = '/irisservices/api/v1/public';

const required = (query: URLSearchParams, name: string): number => {
  const value = integerOf(query, name);
  if (value === undefined) throw malformedQuery(name, '');
  return value;
};

const jobOf = ({ estate }: World, id: number): Job => {
  const job = estate.jobById.get(id);
  if (job === undefined) throw unknown(`Protection job with id ${id}`);
  return job;
};

/** The run to cancel if none is named: the newest active one. */
const activeRun = (world: World, job: Job) => {
  const runs = [...runsBetween(world, [job], -Infinity, world.now)];
  const active = runs.find(
    (run) => !isFinished(run.backup, world.now) || run.copies.some(({ timeline }) => !isFinished(timeline, world.now)),
  );
  if (active === undefined) throw unknown(`Active run of job ${job.id}`);
  return active;
};

const cancelNamedCopy = (world: World, job: Job, uid: Body): void => {
  const { clusterId, clusterIncarnationId } = world.estate.cluster;
  const id = integerMember(uid, 'id');
  const here =
    integerMember(uid, 'clusterId') === clusterId &&
    integerMember(uid, 'clusterIncarnationId') === clusterIncarnationId;
  const copy = here && id !== undefined ? findCopy(world, job, id) : undefined;
  if (copy === undefined) throw unknown(`Copy task ${id ?? ''} of job ${job.id}`);
  cancelCopy(world, copy);
};

const cancel = ({ world, params, body }: Call): Reply => {
  const id = params['id'] ?? '';
  if (!/^\d{1,15}$/.test(id)) throw invalidBody(`id in path must be of type int64: "${id}"`);
  const job = jobOf(world, Number(id));
  const given =
    body === undefined ? {} : onlyMembers(recordOf(body), ['jobId', 'jobRunId', 'copyTaskUid', 'taskIdList']);
  if ((given['copyTaskUid'] ?? undefined) !== undefined) {
    cancelNamedCopy(world, job, recordOf(given['copyTaskUid'], 'copyTaskUid'));
    return { status: 204 };
  }
  const jobRunId = integerMember(given, 'jobRunId');
  const run = jobRunId === undefined ? activeRun(world, job) : findRunById(world, job, jobRunId);
  if (run === undefined) throw unknown(`Run ${jobRunId ?? ''} of job ${job.id}`);
  const objects = integersMember(given, 'taskIdList');
  if (objects === undefined || objects.length === 0) cancelRun(world, run);
  else cancelObjects(world, run, objects);
  return { status: 204 };
};

const errors = ({ world, query }: Call): Reply => {
  const job = jobOf(world, required(query, 'jobId'));
  const run = findRun(world, job, required(query, 'startTimeUsecs'));
  const taskId = required(query, 'taskId');
  const copy = run?.copies.find((candidate) => candidate.taskId === taskId);
  if (run === undefined || copy === undefined) throw unknown(`Task ${taskId} of job ${job.id}`);
  const failed = tasksOf(world, run, copy.timeline, copy.failure).filter(({ error }) => error !== undefined);
  const from = integerOf(query, 'paginationCookie') ?? 0;
  const to = from + (integerOf(query, 'limitNumberOfErrors') ?? 1000);
  const page = failed.slice(from, to);
  return {
    status: 200,
    body: {
      errors: page.map(({ error }) => ({ errorCode: 'KInternalError', message: error })),
      fileNames: page.map(({ source }) => source.name),
      ...(to < failed.length ? { paginationCookie: String(to) } : {}),
    },
  };
};

/** The latest run of the object at each location. */
const search = ({ world, query }: Call): Reply => {
  const uuid = query.get('uuid') ?? '';
  if (uuid === '') throw malformedQuery('uuid', uuid);
  const jobs = world.estate.jobs.filter(({ sources }) => sources.some((source) => source.uuid === uuid));
  const runs = [...runsBetween(world, jobs, -Infinity, world.now)];
  const latest = (type: string) =>
    runs.flatMap((run) =>
      run.copies
        .filter(({ plan }) => plan.target.type === type)
        .map((copy) => ({
          uuid,
          jobRunId: run.jobRunId,
          protectionJobRunUid: { jobUid: run.job.uid, startTimeUsecs: run.start },
          copyRun: copyRunWire(world, run, copy, true),
        })),
    );
  const location = (name: string, type: string) => {
    const found = latest(type);
    const [first] = found;
    return first === undefined ? [] : [{ locationName: name, numSnapshots: found.length, latestSnapshotInfo: first }];
  };
  return {
    status: 200,
    body: {
      backupRuns: location('Local', 'kLocal'),
      replicationRuns: location('Replication', 'kRemote'),
      archivalRuns: location('Archival', 'kArchival'),
    },
  };
};

/** The operations on one run in v1. */
export const runRoutesV1: readonly Route[] = [
  { method: 'POST', path: `${root}/protectionRuns/cancel/{id}`, answer: cancel },
  { method: 'GET', path: `${root}/protectionRuns/errors`, answer: errors },
  { method: 'GET', path: `${root}/search/protectionRuns`, answer: search },
];
