import { onlyMembers, recordOf } from './body.js';
import { universalId, joined } from './identity.js';
import { integer, type Wire } from './json.js';
import { invalidBody, malformedQuery, notAllowed, Refusal, unknown } from './refusal.js';
import type { Call, Reply, Route } from './route.js';
import type { Source } from './source.js';
import { second } from './time.js';
import { allowedOperations, endOf, preparedStep, runningStep, stepMicros, stepsHere } from './view-state.js';
import type { ViewFailover, World } from './world.js';

/** A view has the id of its source. */
const viewOf = ({ world, params }: Call): Source => {
  const id = params['id'] ?? '';
  if (!/^\d{1,15}$/.test(id)) throw malformedQuery('id', id);
  const source = world.estate.sourceById.get(Number(id));
  if (source === undefined || source.environment !== 'kView' || source.parentId === null)
    throw unknown(`View with id ${id}`);
  return source;
};

const failoverWire = ({ now, estate: { cluster } }: World, view: Source, failover: ViewFailover): Wire => {
  const { id, type, startedAt, canceledAt } = failover;
  const end = endOf(failover);
  const over = now >= end;
  const outcome =
    canceledAt === end ? { status: 'Failed', errorMessage: 'Canceled by the user' } : { status: 'Succeeded' };
  const progress = Math.min(1, (Math.min(now, end) - startedAt) / stepMicros);
  const state = {
    ...(over ? outcome : { status: 'Running' }),
    startTimeUsecs: startedAt,
    endTimeUsecs: over ? end : undefined,
  };
  const size = view.sizeBytes / 50n;
  return {
    id,
    type,
    ...state,
    replications: [
      {
        id: `${id}:1`,
        ...state,
        percentageCompleted: Math.floor(progress * 100),
        logicalSizeBytes: integer(size),
        logicalBytesTransferred: integer((size * BigInt(Math.floor(progress * 1000))) / 1000n),
        physicalBytesTransferred: integer((size * BigInt(Math.floor(progress * 1000))) / 3000n),
        targetClusterId: cluster.clusterId,
        targetClusterIncarnationId: cluster.clusterIncarnationId,
        targetClusterName: cluster.name,
      },
    ],
  };
};

const paramNames: Readonly<Record<string, string>> = {
  Planned: 'plannedFailoverParams',
  Unplanned: 'unplannedFailoverParams',
};

/** The kind of step in a body, in the word of `operations`. */
const orderOf = (body: unknown): Pick<ViewFailover, 'type' | 'half'> => {
  const given = onlyMembers(recordOf(body), ['type', ...Object.values(paramNames)]);
  const { type } = given;
  if (type !== 'Planned' && type !== 'Unplanned')
    throw invalidBody('type in body should be one of [Planned Unplanned]');
  if (type === 'Unplanned') return { type, half: null };
  const params = onlyMembers(recordOf(given['plannedFailoverParams'], 'plannedFailoverParams'), [
    'type',
    'preparePlannedFailverParams',
  ]);
  const { type: half } = params;
  if (half !== 'Prepare' && half !== 'Finalize')
    throw invalidBody('plannedFailoverParams.type in body should be one of [Prepare Finalize]');
  return { type, half };
};

const create = (call: Call): Reply => {
  const { world } = call;
  const view = viewOf(call);
  const order = orderOf(call.body);
  if (world.faults.has('view-refused')) throw notAllowed(`View ${view.id} cannot be failed over now`);
  if (runningStep(world, view) !== undefined) throw notAllowed(`A failover of view ${view.id} is already running`);
  const word = order.half ?? order.type;
  if (!allowedOperations(world, view).includes(word))
    throw notAllowed(`${word} is not allowed for view ${view.id} in its present state`);
  const { cluster } = world.estate;
  const id = joined(universalId(cluster, 900_000 + world.overlay.viewFailovers.length));
  const failover = { ...order, id, clusterId: cluster.clusterId, originId: view.originId, startedAt: world.now };
  world.overlay.viewFailovers.push(failover);
  return { status: 201, body: failoverWire(world, view, failover) };
};

const cancel = (call: Call): Reply => {
  const { world } = call;
  const { overlay, now } = world;
  const view = viewOf(call);
  const step = allowedOperations(world, view).includes('Cancel')
    ? (runningStep(world, view) ?? preparedStep(world, view))
    : undefined;
  if (step === undefined) throw notAllowed(`No failover of view ${view.id} is running`);
  overlay.viewFailovers[overlay.viewFailovers.indexOf(step)] = { ...step, canceledAt: now + second };
  return { status: 204 };
};

const operations = (call: Call): Reply => {
  const view = viewOf(call);
  if (call.world.faults.has('view-operations-missing')) throw new Refusal(404, 'KEntityNotExistsError', 'No such path');
  return { status: 200, body: { allowedFailoverOperations: allowedOperations(call.world, view) } };
};

/** A view in brief: its name, and the groups that protect it. */
const view = (call: Call): Reply => {
  const { id, name } = viewOf(call);
  const groups = call.world.estate.jobs.filter(({ sources }) => sources.some((source) => source.id === id));
  return {
    status: 200,
    body: {
      viewId: id,
      name,
      viewProtection: {
        protectionGroups: groups.map((job) => ({ groupName: job.name, protectionGroupId: joined(job.uid) })),
      },
    },
  };
};

const path = '/v2/data-protect/failover/views/{id}';

/** The failover of a view: its own workflow, whose ids the cluster makes. */
export const viewFailoverRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    answer: (call) => {
      const view = viewOf(call);
      return {
        status: 200,
        body: { failovers: stepsHere(call.world, view).map((each) => failoverWire(call.world, view, each)) },
      };
    },
  },
  { method: 'GET', path: `${path}/operations`, answer: operations },
  { method: 'GET', path: '/v2/file-services/views/{id}', answer: view },
  { method: 'POST', path, answer: create },
  { method: 'POST', path: `${path}/cancel`, answer: cancel },
];
