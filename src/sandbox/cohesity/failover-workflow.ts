import { booleanMember, integerMember, listMember, onlyMembers, recordOf, stringMember, type Body } from './body.js';
import { joined } from './identity.js';
import { sourcesAt, type Job } from './job.js';
import type { Wire } from './json.js';
import { invalidBody, notAllowed, Refusal, unknown } from './refusal.js';
import type { Handover, ObjectPair, Workflow, World } from './world.js';

/**
 * The steps of the failover of objects, apart from its planned run. The vendor documents the bodies, the clusters that
 * they go to, and a few rules; no refusal and no read of them. "Ours" marks a rule that the vendor does not document.
 */

/** The ids in a list of objects: at least one. */
export const objectIdsOf = (body: Body, name: string): readonly number[] => {
  const ids = (listMember(body, name) ?? []).map((each) => {
    const id = integerMember(onlyMembers(recordOf(each, name), ['objectId'], name), 'objectId');
    if (id === undefined) throw invalidBody(`${name}.objectId in body is required`);
    return id;
  });
  if (ids.length === 0) throw invalidBody(`${name} in body should have at least 1 item`);
  return [...new Set(ids)];
};

const isActive = (world: World, objectId: number): boolean =>
  world.estate.jobs.some(
    (job) => job.origin === undefined && sourcesAt(job, world.now + 1).some(({ id }) => id === objectId),
  );

/** The replica's job that holds all objects. Ours: they are of one group, and not active here. */
const replicaJobOf = (world: World, sourceClusterId: number, ids: readonly number[]): Job => {
  const odd = ids.find((id) => !world.estate.sourceById.has(id));
  if (odd !== undefined) throw notAllowed(`Object ${odd} is not known to this cluster`);
  const job = world.estate.jobs.find(
    ({ origin, sources }) =>
      origin?.clusterId === sourceClusterId && ids.every((id) => sources.some((source) => source.id === id)),
  );
  if (job === undefined)
    throw notAllowed(`Objects [${ids.join(' ')}] are not replicas of one group of cluster ${sourceClusterId}`);
  const active = ids.find((id) => isActive(world, id));
  if (active !== undefined) throw notAllowed(`Object ${active} is active on this cluster`);
  return job;
};

/** Begins a workflow on the cluster that takes over, and pairs each replica with its source. */
export const initWorkflow = (world: World, id: string, body: unknown): Wire => {
  const given = onlyMembers(recordOf(body), ['sourceCluster', 'replicationCluster', 'protectionGroupEnvironment']);
  stringMember(given, 'protectionGroupEnvironment');
  const sourceClusterId = integerMember(recordOf(given['sourceCluster'], 'sourceCluster'), 'id');
  const replica = recordOf(given['replicationCluster'], 'replicationCluster');
  if (sourceClusterId === undefined) throw invalidBody('sourceCluster.id in body is required');
  const ids = objectIdsOf(replica, 'objects');
  const job = replicaJobOf(world, sourceClusterId, ids);
  const groupId = stringMember(replica, 'protectionGroupId') ?? joined(job.uid);
  if (groupId !== joined(job.uid)) throw notAllowed(`Objects are not of protection group ${groupId}`);
  if (world.overlay.workflows.has(id)) throw notAllowed(`Failover ${id} was already initiated`); // ours
  const pairs = ids.map((replicaId) => ({
    replicaId,
    sourceId: job.sources.find((source) => source.id === replicaId)?.originId ?? replicaId,
  }));
  world.overlay.workflows.set(id, {
    id,
    replicaClusterId: world.estate.cluster.clusterId,
    sourceClusterId,
    pairs,
    links: new Map(),
    canceledOn: [],
  });
  return {
    replicaToSourceObjects: pairs.map(({ replicaId, sourceId }) => ({
      replicaObjectId: replicaId,
      sourceObjectId: sourceId,
    })),
    sourceClusterInfo: {
      id: sourceClusterId,
      incarnationId: job.origin?.clusterIncarnationId,
      protectionGroupId: joined(job.uid),
    },
  };
};

type Side = 'replica' | 'source';

const missing = (id: string): Refusal => new Refusal(404, 'KEntityNotExistsError', `Failover ${id} does not exist`);

/** The workflow, for a step on this side of it. Ours: it must have been initiated, and not canceled here. */
const workflowOf = ({ overlay, estate }: World, id: string, side: Side): Workflow => {
  const workflow = overlay.workflows.get(id);
  const here = estate.cluster.clusterId;
  if (workflow === undefined) throw missing(id);
  if ((side === 'replica' ? workflow.replicaClusterId : workflow.sourceClusterId) !== here)
    throw notAllowed(`This cluster is not the ${side} of failover ${id}`);
  if (workflow.canceledOn.includes(here)) throw notAllowed(`Failover ${id} was canceled`);
  return workflow;
};

const pairsOf = ({ id, pairs }: Workflow, ids: readonly number[], member: keyof ObjectPair): readonly ObjectPair[] =>
  ids.map((objectId) => {
    const pair = pairs.find((one) => one[member] === objectId);
    if (pair === undefined) throw notAllowed(`Object ${objectId} is not part of failover ${id}`);
    return pair;
  });

const handoversOf = ({ overlay }: World, id: string, kind: Handover['kind']): readonly Handover[] =>
  overlay.handovers.filter((one) => one.workflow.id === id && one.kind === kind);

/** Links each replica to its recovered object. Recoveries are not played, so any id counts as recovered. */
export const linkObjects = (world: World, id: string, body: unknown): void => {
  const workflow = workflowOf(world, id, 'replica');
  const map = listMember(onlyMembers(recordOf(body), ['objectMap']), 'objectMap') ?? [];
  if (map.length === 0) throw invalidBody('objectMap in body should have at least 1 item');
  const links = map.map((each): readonly [number, number] => {
    const given = onlyMembers(recordOf(each, 'objectMap'), ['replicaObjectId', 'failoverObjectId'], 'objectMap');
    const [replicaId, recoveredId] = [
      integerMember(given, 'replicaObjectId'),
      integerMember(given, 'failoverObjectId'),
    ];
    if (replicaId === undefined) throw invalidBody('objectMap.replicaObjectId in body is required');
    if (recoveredId === undefined) throw invalidBody('objectMap.failoverObjectId in body is required');
    return [replicaId, recoveredId];
  });
  pairsOf(
    workflow,
    links.map(([replicaId]) => replicaId),
    'replicaId',
  );
  world.overlay.workflows.set(id, { ...workflow, links: new Map([...workflow.links, ...links]) });
};

/** The group that the objects join; a workflow makes one at most. */
const targetJobId = (world: World, id: string, given: Body): number | null => {
  if (booleanMember(given, 'doNotProtect') === true || booleanMember(given, 'createObjectBackup') === true) return null;
  const groupId = stringMember(given, 'protectionGroupId');
  if (groupId === undefined) {
    const made = handoversOf(world, id, 'activated').find(({ jobId }) => jobId !== null)?.jobId;
    return made ?? 700_000 + world.overlay.handovers.length;
  }
  const job = world.estate.groupById.get(groupId);
  if (job === undefined) throw unknown(`Protection group with id ${groupId}`);
  if (job.origin !== undefined || job.deleted === true)
    throw notAllowed(`Protection group ${groupId} is not active on this cluster`);
  return job.id;
};

const reverseOf = (world: World, wanted: boolean): Wire => {
  const { faults } = world;
  if (!wanted) return { isReverseReplicationEnabled: false };
  if (faults.has('activation-one-way') || faults.has('workflow-source-dies'))
    return { isReverseReplicationEnabled: false, errorReason: 'The source cluster cannot be reached' };
  return { isReverseReplicationEnabled: true };
};

/** Refuses objects that were activated in this workflow: the vendor's one documented error. */
const unlessActivated = (world: World, id: string, pairs: readonly ObjectPair[]): void => {
  const before = handoversOf(world, id, 'activated').flatMap((one) => one.pairs.map(({ replicaId }) => replicaId));
  const twice = pairs.find(({ replicaId }) => before.includes(replicaId));
  if (twice !== undefined) throw notAllowed(`Object ${twice.replicaId} was already activated in failover ${id}`);
};

const activationMembers = [
  'objects',
  'protectionGroupId',
  'enableReverseReplication',
  'doNotProtect',
  'createObjectBackup',
  'targetFailoverPolicyId',
  'targetFailoverEnvironment',
];

/** Protects the objects on the cluster that takes over; a good answer may have errors of some objects. */
export const activateBackup = (world: World, id: string, body: unknown): Wire => {
  const workflow = workflowOf(world, id, 'replica');
  const given = onlyMembers(recordOf(body), activationMembers);
  for (const name of ['targetFailoverPolicyId', 'targetFailoverEnvironment']) stringMember(given, name);
  const isNamed = listMember(given, 'objects') !== undefined;
  if (!isNamed && workflow.links.size === 0) throw notAllowed(`No objects were linked in failover ${id}`);
  const ids = isNamed ? objectIdsOf(given, 'objects') : [...workflow.links.keys()];
  const pairs = pairsOf(workflow, ids, 'replicaId');
  if (world.faults.has('activation-refused')) throw notAllowed(`Failover ${id} cannot be activated now`);
  unlessActivated(world, id, pairs);
  const jobId = targetJobId(world, id, given);
  const failed = world.faults.has('activation-partial') && pairs.length > 1 ? pairs.slice(-1) : [];
  const done = pairs.filter((pair) => !failed.includes(pair));
  const reverse = reverseOf(world, booleanMember(given, 'enableReverseReplication') ?? false);
  const replicatesBack = reverse['isReverseReplicationEnabled'] === true;
  world.overlay.handovers.push({ kind: 'activated', workflow, at: world.now, pairs: done, jobId, replicatesBack });
  const known = [...world.estate.groupById.values()].find((job) => job.id === jobId);
  return {
    protectionGroupId: jobId === null ? undefined : joined(known?.uid ?? { ...world.estate.cluster, id: jobId }),
    reverseReplicationResult: reverse,
    objects: done.map(({ replicaId }) => ({ objectId: replicaId })),
    objectErrors: failed.map(({ replicaId }) => ({
      errorCode: 'KInvalidRequest',
      message: `Object ${replicaId} has no recovered object on this cluster`,
    })),
  };
};

const deactivationMembers = ['replicationClusterId', 'objects', 'protectionGroupId', 'keepFailoverObjects', 'viewId'];

/** Ends the backups of the objects on their source. Ours: the same again changes nothing. */
export const deactivateBackup = (world: World, id: string, body: unknown): void => {
  const workflow = workflowOf(world, id, 'source');
  const given = onlyMembers(recordOf(body), deactivationMembers);
  const to = integerMember(given, 'replicationClusterId') ?? workflow.replicaClusterId;
  if (to !== workflow.replicaClusterId) throw notAllowed(`Failover ${id} does not go to cluster ${to}`);
  const pairs = pairsOf(workflow, objectIdsOf(given, 'objects'), 'sourceId');
  const groupId = stringMember(given, 'protectionGroupId');
  const holds = ({ sources }: Job): boolean =>
    pairs.every(({ sourceId }) => sources.some((source) => source.id === sourceId));
  const job =
    groupId === undefined
      ? world.estate.jobs.find((one) => one.origin === undefined && one.deleted !== true && holds(one))
      : world.estate.groupById.get(groupId);
  if (job === undefined || job.origin !== undefined || !holds(job))
    throw notAllowed('The objects are not of one active protection group');
  if (world.faults.has('deactivation-refused')) throw notAllowed(`Failover ${id} cannot be deactivated now`);
  const kept = booleanMember(given, 'keepFailoverObjects') ?? true;
  world.overlay.handovers.push({ kind: 'deactivated', workflow, at: world.now, pairs, jobId: job.id, kept });
};

/**
 * Cancels this cluster's part of a workflow: "respectively" in the vendor's rule is read as one state for each cluster.
 * Whether the cluster knows the workflow.
 */
export const cancelWorkflow = (world: World, id: string): boolean => {
  const { overlay, estate } = world;
  const workflow = overlay.workflows.get(id);
  const here = estate.cluster.clusterId;
  if (workflow === undefined || ![workflow.replicaClusterId, workflow.sourceClusterId].includes(here)) return false;
  const kind = here === workflow.replicaClusterId ? 'activated' : 'deactivated';
  if (handoversOf(world, id, kind).length > 0)
    throw notAllowed(`Failover ${id} was ${kind} on this cluster, and cannot be canceled`);
  if (!workflow.canceledOn.includes(here))
    overlay.workflows.set(id, { ...workflow, canceledOn: [...workflow.canceledOn, here] });
  return true;
};
