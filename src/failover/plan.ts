import { isFailoverOver } from '../domain/failover.js';
import { isFailoverAttempt } from '../domain/failover-attempt.js';
import type { FailoverRequest } from '../domain/failover-input.js';
import type { FailoverCheckName, FailoverPlan } from '../domain/failover-result.js';
import { DAY_MICROS, micros } from '../domain/micros.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import { UpstreamError } from '../domain/upstream-error.js';
import {
  bad,
  CannotTellError,
  type Finding,
  good,
  jobsOf,
  mustFailOver,
  noGroup,
  sourceIdsOf,
  unread,
} from './finding.js';
import { recallSince } from './guard.js';
import { objectsInGroup, recentCopy, runningRuns } from './runs.js';
import { loadFailover, loadFailoverProgress } from './status.js';
import type { MutationContext } from './mutation-context.js';
import { orNull } from '../calling/outcome.js';

/**
 * Checks a failover without starting anything. The checks are independent: if data cannot be read, that check is not
 * ok, and says so. Costs a handful of calls to the source cluster, and one more for each other job that protects the
 * same objects.
 */
export const planFailover = async (context: MutationContext, request: FailoverRequest): Promise<FailoverPlan> => {
  const group = groupOf(context, request);
  const checks: readonly (readonly [FailoverCheckName, () => Promise<Finding>])[] = [
    ['KEY_UNUSED', () => keyUnused(context, request)],
    ['GROUP_KNOWN', async () => groupKnown(request, await group)],
    ['GROUP_ACTIVE', async () => groupActive(await group)],
    ['OBJECTS_IN_GROUP', async () => objectsInGroup(context, request, await group)],
    ['REPLICATION_CLUSTER_KNOWN', () => clusterKnown(context, request)],
    ['REPLICATION_CLUSTER_REACHABLE', () => clusterReachable(context, request)],
    ['RECENT_COPY', async () => recentCopy(context, request, await group)],
    ['NO_FAILOVER_UNDER_WAY', () => noFailoverUnderWay(context, request)],
    ['RUNNING_RUNS', async () => runningRuns(context, request, await group)],
  ];
  return {
    __typename: 'FailoverPlan',
    checks: await Promise.all(checks.map(async ([name, look]) => ({ name, ...(await look().catch(unreadable)) }))),
  };
};

const unreadable = (error: unknown): Finding => {
  if (error instanceof UpstreamError) return unread(error);
  if (error instanceof CannotTellError) return bad(error.message);
  throw error;
};

export const uidOf = ({ uid }: ProtectionJob): string | null =>
  uid === null ? null : [uid.clusterId, uid.clusterIncarnationId, uid.id].join(':');

/** The named group, otherwise the only active one that has all the objects. */
const groupOf = async (context: MutationContext, request: FailoverRequest): Promise<ProtectionJob | null> => {
  const jobs = await orNull(jobsOf(context, request));
  if (jobs === null) return null;
  if (request.protectionGroupId !== null) return jobs.find((job) => uidOf(job) === request.protectionGroupId) ?? null;
  const holding = jobs.filter(
    ({ sourceIds, isActive, isDeleted }) =>
      isActive && !isDeleted && sourceIdsOf(request).every((id) => sourceIds.includes(id)),
  );
  return holding.length === 1 ? (holding[0] ?? null) : null;
};

const keyUnused = async (context: MutationContext, { upstream, idempotencyKey }: FailoverRequest): Promise<Finding> => {
  const known = await loadFailover(context, upstream, idempotencyKey);
  return known === null
    ? good('The idempotencyKey is not taken.')
    : bad('The idempotencyKey is taken: pressing it answers with that failover and starts nothing.');
};

const groupKnown = ({ protectionGroupId }: FailoverRequest, job: ProtectionJob | null): Finding => {
  if (job !== null)
    return good(`The group is ${job.name}${protectionGroupId === null ? ', found by its objects' : ''}.`);
  return bad(
    protectionGroupId === null
      ? 'No single active group has all the objects; name it in protectionGroupId, which older clusters require.'
      : 'The cluster could not show a protection group of that id.',
  );
};

const groupActive = (job: ProtectionJob | null): Finding => {
  if (job === null) return noGroup();
  if (job.isDeleted) return bad(`${job.name} is deleted.`);
  if (!job.isActive) return bad(`${job.name} is not active on this cluster: it is a replica of another cluster's.`);
  return good(`${job.name} is active${job.isPaused ? ', and its own runs are paused' : ''}.`);
};

const remoteCluster = ({ session }: MutationContext, { upstream, replicationClusterId }: FailoverRequest) =>
  mustFailOver(session, upstream).remoteCluster(session, replicationClusterId);

const clusterKnown = async (context: MutationContext, request: FailoverRequest): Promise<Finding> => {
  const cluster = await remoteCluster(context, request);
  if (cluster === null) return bad(`The cluster knows no remote cluster ${request.replicationClusterId}.`);
  return cluster.forReplication
    ? good(`It is ${cluster.name ?? 'a cluster without a name'}, a replication target.`)
    : bad(`${cluster.name ?? 'The cluster'} is known, but not as a replication target.`);
};

const clusterReachable = async (context: MutationContext, request: FailoverRequest): Promise<Finding> => {
  const cluster = await remoteCluster(context, request);
  if (cluster === null) return bad('Could not be checked: the replication cluster is not known.');
  if (cluster.reachable === null) return bad('The cluster does not report whether it reaches the replication cluster.');
  return cluster.reachable
    ? good('The source cluster reaches all of its endpoints.')
    : bad('The source cluster does not reach all of its endpoints.');
};

const noFailoverUnderWay = async (context: MutationContext, request: FailoverRequest): Promise<Finding> => {
  const { failoverGuard, session, now } = context;
  const ids = sourceIdsOf(request).map(String);
  const attempts = await recallSince(failoverGuard, request.upstream, micros(now - 7 * DAY_MICROS)).catch(() => null);
  if (attempts === null) return bad('Could not be checked: the earlier requests cannot be read.');
  const others = attempts.filter(
    (attempt) =>
      isFailoverAttempt(attempt) &&
      attempt.key !== request.idempotencyKey &&
      attempt.objectIds.some((id) => ids.includes(id)),
  );
  const states = await Promise.all(
    others.map(async ({ key }) => {
      const failover = await loadFailover(context, request.upstream, key);
      return failover === null ? null : { key, ...(await loadFailoverProgress(session, failover)) };
    }),
  );
  const open = states.filter((one) => one !== null && !isFailoverOver(one.state));
  return open.length === 0
    ? good('None that was started through copygraph; a cluster does not list those of others.')
    : bad(`Under way: ${open.map((one) => `${one?.key} (${one?.state})`).join(', ')}.`);
};
