import { integersMember, listMember, onlyMembers, recordOf, stringMember, stringsMember, type Body } from './body.js';
import { cancelCopy, cancelObjects, cancelRun } from './cancel.js';
import { groupOf } from './group-v2.js';
import { joined, universalId } from './identity.js';
import type { Job } from './job.js';
import { invalidBody, unknown } from './refusal.js';
import { updateRuns } from './resync.js';
import type { Call, Reply, Route } from './route.js';
import { runOf } from './routes-v2.js';
import type { World } from './world.js';

const cancelMembers = ['runId', 'localTaskId', 'objectIds', 'replicationTaskId', 'archivalTaskId', 'cloudSpinTaskId'];

/** One element of `cancelParams`: with task ids only those copies, with objects only those, otherwise the whole run. */
const cancelOne = (world: World, job: Job, runId: string, given: Body): void => {
  const run = runOf(world, job, runId);
  const tasks = ['replicationTaskId', 'archivalTaskId', 'cloudSpinTaskId'].flatMap(
    (name) => stringsMember(given, name) ?? [],
  );
  const objects = integersMember(given, 'objectIds') ?? [];
  for (const task of tasks) {
    const copy = run.copies.find(({ taskId }) => joined(universalId(world.estate.cluster, taskId)) === task);
    if (copy === undefined) throw unknown(`Task ${task} of run ${runId}`);
    cancelCopy(world, copy);
  }
  if (objects.length > 0) cancelObjects(world, run, objects);
  if (tasks.length === 0 && objects.length === 0) cancelRun(world, run);
};

const required = (given: Body): string => {
  const runId = stringMember(given, 'runId');
  if (runId === undefined) throw invalidBody('runId in body is required');
  if (!/^\d+:\d+$/.test(runId)) throw invalidBody(`runId in body should match '^\\d+:\\d+$'`);
  return runId;
};

const paramsOf = (body: Body, name: string, members: readonly string[]): readonly Body[] => {
  const list = listMember(body, name);
  if (list === undefined || list.length === 0) throw invalidBody(`${name} in body is required for this action`);
  return list.map((each) => onlyMembers(recordOf(each, name), members, name));
};

const actions = ({ world, params, body }: Call): Reply => {
  const given = onlyMembers(recordOf(body), ['action', 'cancelParams', 'pauseParams', 'resumeParams']);
  const action = stringMember(given, 'action') ?? '';
  if (!['Cancel', 'Pause', 'Resume'].includes(action))
    throw invalidBody('action in body should be one of [Pause Resume Cancel]');
  const job = groupOf(world, params['id'] ?? '');
  if (action !== 'Cancel') {
    // No run can be paused here, and the contract has a field to report that for each.
    const name = action === 'Pause' ? 'pauseParams' : 'resumeParams';
    const runs = paramsOf(given, name, ['runId']).map(required);
    return {
      status: 202,
      body: { action, [name]: runs.map((runId) => ({ runId, error: `Run ${runId} cannot be paused or resumed` })) },
    };
  }
  const wanted = paramsOf(given, 'cancelParams', cancelMembers).map((each) => ({ each, runId: required(each) }));
  for (const { each, runId } of wanted) cancelOne(world, job, runId, each);
  return { status: 202, body: { action, cancelParams: wanted.map(({ runId }) => ({ runId })) } };
};

/** The form of the older generation, with the run in its path. */
const cancel = ({ world, params, body }: Call): Reply => {
  const given = body === undefined ? {} : onlyMembers(recordOf(body), cancelMembers);
  cancelOne(world, groupOf(world, params['id'] ?? ''), params['runId'] ?? '', given);
  return { status: 200, body: {} };
};

const root = '/v2/data-protect/protection-groups/{id}/runs';

/** The actions of v2 on runs. */
export const actionRoutesV2: readonly Route[] = [
  { method: 'PUT', path: root, answer: updateRuns },
  { method: 'POST', path: `${root}/actions`, answer: actions },
  { method: 'POST', path: `${root}/{runId}/cancel`, answer: cancel },
];
