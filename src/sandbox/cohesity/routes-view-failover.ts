import { onlyMembers, recordOf } from './body.js';
import { universalId, joined } from './identity.js';
import { integer, type Wire } from './json.js';
import { invalidBody, malformedQuery, notAllowed, unknown } from './refusal.js';
import type { Call, Reply, Route } from './route.js';
import type { Source } from './source.js';
import { drCluster } from './target.js';
import { minute, second } from './time.js';
import type { ViewFailover, World } from './world.js';

/** How long the failover of a view takes. */
const duration = minute;

/** A view has the id of its source. */
const viewOf = ({ world, params }: Call): Source => {
  const id = params['id'] ?? '';
  if (!/^\d{1,15}$/.test(id)) throw malformedQuery('id', id);
  const source = world.estate.sourceById.get(Number(id));
  if (source === undefined || source.environment !== 'kView' || source.parentId === null)
    throw unknown(`View with id ${id}`);
  return source;
};

const endOf = ({ startedAt, canceledAt }: ViewFailover): number =>
  Math.min(startedAt + duration, canceledAt ?? Infinity);

const failoverWire = ({ now }: World, view: Source, failover: ViewFailover): Wire => {
  const { id, type, startedAt, canceledAt } = failover;
  const end = endOf(failover);
  const over = now >= end;
  const outcome =
    canceledAt === end ? { status: 'Failed', errorMessage: 'Canceled by the user' } : { status: 'Succeeded' };
  const progress = Math.min(1, (Math.min(now, end) - startedAt) / duration);
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
        targetClusterId: drCluster.clusterId,
        targetClusterIncarnationId: drCluster.clusterIncarnationId,
        targetClusterName: drCluster.name,
      },
    ],
  };
};

const failoversOf = ({ overlay }: World, view: Source): readonly ViewFailover[] =>
  overlay.viewFailovers.filter(({ viewId }) => viewId === view.id);

const paramNames: Readonly<Record<string, string>> = {
  Planned: 'plannedFailoverParams',
  Unplanned: 'unplannedFailoverParams',
};

const create = (call: Call): Reply => {
  const { world } = call;
  const view = viewOf(call);
  const given = onlyMembers(recordOf(call.body), ['type', ...Object.values(paramNames)]);
  const type = given['type'];
  if (typeof type !== 'string' || paramNames[type] === undefined)
    throw invalidBody('type in body should be one of [Planned Unplanned]');
  if (type === 'Planned') {
    const params = onlyMembers(recordOf(given['plannedFailoverParams'], 'plannedFailoverParams'), [
      'type',
      'preparePlannedFailverParams',
    ]);
    if (params['type'] !== 'Prepare' && params['type'] !== 'Finalize')
      throw invalidBody('plannedFailoverParams.type in body should be one of [Prepare Finalize]');
  }
  if (failoversOf(world, view).some((each) => world.now < endOf(each)))
    throw notAllowed(`A failover of view ${view.id} is already running`);
  const id = joined(universalId(world.estate.cluster, 900_000 + world.overlay.viewFailovers.length));
  const failover = { id, viewId: view.id, type, startedAt: world.now };
  world.overlay.viewFailovers.push(failover);
  return { status: 201, body: failoverWire(world, view, failover) };
};

const cancel = (call: Call): Reply => {
  const { overlay, now } = call.world;
  const view = viewOf(call);
  const running = overlay.viewFailovers.findIndex((each) => each.viewId === view.id && now < endOf(each));
  const failover = overlay.viewFailovers[running];
  if (failover === undefined) throw notAllowed(`No failover of view ${view.id} is running`);
  overlay.viewFailovers[running] = { ...failover, canceledAt: now + second };
  return { status: 204 };
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
        body: { failovers: failoversOf(call.world, view).map((each) => failoverWire(call.world, view, each)) },
      };
    },
  },
  { method: 'POST', path, answer: create },
  { method: 'POST', path: `${path}/cancel`, answer: cancel },
];
