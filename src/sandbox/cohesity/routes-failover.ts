import { integerMember, listMember, onlyMembers, recordOf } from './body.js';
import { acceptPlannedRun, cancelFailover, findListed, pollStatus } from './failover.js';
import { joined } from './identity.js';
import { listOf } from './query.js';
import { invalidBody, malformedQuery, notAllowed, Refusal, unknown } from './refusal.js';
import type { Call, Reply, Route } from './route.js';

/** Pairs each replica object with its source; a cluster asked about its own objects returns the same id twice. */
const init = ({ world, body }: Call): Reply => {
  const given = onlyMembers(recordOf(body), ['sourceCluster', 'replicationCluster', 'protectionGroupEnvironment']);
  const source = recordOf(given['sourceCluster'], 'sourceCluster');
  const replica = recordOf(given['replicationCluster'], 'replicationCluster');
  const clusterId = integerMember(source, 'id');
  if (clusterId === undefined) throw invalidBody('sourceCluster.id in body is required');
  const ids = (listMember(replica, 'objects') ?? []).map((each) =>
    integerMember(recordOf(each, 'objects'), 'objectId'),
  );
  if (ids.length === 0) throw invalidBody('replicationCluster.objects in body should have at least 1 item');
  const odd = ids.find((id) => id === undefined || !world.estate.sourceById.has(id));
  if (odd !== undefined || ids.includes(undefined))
    throw notAllowed(`Object ${odd ?? 'null'} is not known to this cluster`);
  const job = world.estate.jobs.find(({ sources }) => sources.some(({ id }) => id === ids[0]));
  return {
    status: 201,
    body: {
      replicaToSourceObjects: ids.map((id) => ({
        replicaObjectId: id,
        sourceObjectId: world.estate.sourceById.get(id ?? 0)?.originId ?? id,
      })),
      sourceClusterInfo: { id: clusterId, ...(job === undefined ? {} : { protectionGroupId: joined(job.uid) }) },
    },
  };
};

const plannedRun =
  (olderGeneration: boolean) =>
  ({ world, params, body }: Call): Reply => {
    const failoverId = params['id'] ?? '';
    acceptPlannedRun(world, failoverId, body, olderGeneration);
    return { status: 201, body: { failoverId } };
  };

/** An unknown failover is missing from the answer. No contract documents that, hence the faults. */
const poll =
  (olderGeneration: boolean) =>
  ({ world, query }: Call): Reply => {
    const ids = listOf(query, 'failoverIds');
    if (ids === undefined || ids.length === 0) throw malformedQuery('failoverIds', '');
    const asked = [...new Set(ids)];
    const odd = asked.find((id) => findListed(world, id) === undefined);
    if (odd !== undefined && world.faults.has('unknown-failover-404'))
      throw new Refusal(404, 'KEntityNotExistsError', `Failover ${odd} not found`);
    if (odd !== undefined && world.faults.has('unknown-failover-500')) throw unknown(`Failover ${odd}`);
    const planned = asked.flatMap((id) => findListed(world, id) ?? []);
    return {
      status: 200,
      body: { failoverPlannedRuns: planned.map((each) => pollStatus(world, each, olderGeneration)) },
    };
  };

const root = '/v2/data-protect/failover';

/** The planned failover, under the paths of both generations. */
export const failoverRoutes: readonly Route[] = [
  { method: 'GET', path: `${root}/planned-runs`, answer: poll(false) },
  { method: 'GET', path: `${root}/pollPlannedRuns`, answer: poll(true) },
  { method: 'POST', path: `${root}/{id}`, answer: init },
  { method: 'POST', path: `${root}/{id}/planned-run`, answer: plannedRun(false) },
  { method: 'POST', path: `${root}/{id}/plannedRun`, answer: plannedRun(true) },
  {
    method: 'POST',
    path: `${root}/{id}/cancel`,
    answer: ({ world, params }) => {
      cancelFailover(world, params['id'] ?? '');
      return { status: 201 };
    },
  },
];
