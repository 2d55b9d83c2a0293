import { type FailoverWorkflowAbility } from '../upstream/failover-workflow-ability.js';
import type { Details } from '../domain/failover-attempt.js';
import type { FailoverStepResult, InitFailoverRequest, StepRefusal } from '../domain/failover-workflow-result.js';
import { groupIdProblem, objectsProblem } from '../domain/failover-input.js';
import { workflowId } from '../domain/global-id.js';
import type { CallOptions } from '../calling/call.js';
import { type Look, look } from './confirmations.js';
import { type Finding, good } from './finding.js';
import { freshly } from './freshly.js';
import { clusterSilent } from './view-source.js';
import { type WorkflowContext, sourceNamed } from './workflow.js';
import { type StepLooks, type StepOrder, written } from './workflow-action.js';
import { ageOfGroup, clustersKnown, confirmationLooks, findGroup, groupKnown, quietly } from './workflow-looks.js';
import { closedTo, invalid, participant, takeStep } from './workflow-step.js';

const LONGEST_TEXT = 1000;

const problemOf = (request: InitFailoverRequest): StepRefusal | null => {
  const { idempotencyKey, objectIds, protectionGroupId, sourceClusterId, kind, reason, acceptDataLossSeconds } =
    request;
  if (!workflowId.test(idempotencyKey))
    return invalid('idempotencyKey', 'must be 1 to 64 characters out of A-Z, a-z, 0-9, _ and -.');
  if (sourceClusterId <= 0n) return invalid('sourceClusterId', 'must be the id of a cluster, a positive number.');
  const problem = objectsProblem(objectIds);
  if (problem !== null) return invalid('objects', problem);
  const group = groupIdProblem(protectionGroupId);
  if (group !== null) return invalid('protectionGroupId', group);
  if (kind === 'UNPLANNED' && (reason ?? '').trim() === '')
    return invalid('reason', 'is missing: an unplanned failover needs one, which is kept in the audit record.');
  if ((reason ?? '').length > LONGEST_TEXT) return invalid('reason', `takes at most ${LONGEST_TEXT} characters.`);
  if (acceptDataLossSeconds !== null && acceptDataLossSeconds < 0)
    return invalid('acceptDataLossSeconds', 'must be a number of seconds, 0 or more.');
  return null;
};

/** Opens a failover workflow on the cluster that takes over, or makes a plan. */
export const initFailover = async (
  context: WorkflowContext,
  request: InitFailoverRequest,
): Promise<FailoverStepResult> => {
  const replica = participant(context, 'replica', request.replica);
  if ('__typename' in replica) return replica;
  const closed = closedTo(context, request.replica) ?? problemOf(request);
  if (closed !== null) return closed;
  return takeStep(context, orderOf(context, request));
};

const orderOf = (context: WorkflowContext, request: InitFailoverRequest): StepOrder => {
  const { replica, sourceClusterId, protectionGroupId, environment, objectIds, kind, reason } = request;
  return {
    name: 'INIT',
    upstream: replica,
    failoverId: request.idempotencyKey,
    sentTo: replica,
    objectIds,
    order: {
      kind,
      reason,
      sourceClusterId: sourceClusterId.toString(),
      protectionGroupId,
      environment,
    },
    dryRun: request.dryRun,
    planToken: request.planToken,
    planNeeded: true,
    looks: (call) => looksAt(context, request, call),
    send: (ability, call) => send(ability, request, call),
  };
};

const send = async (
  ability: FailoverWorkflowAbility,
  { idempotencyKey, objectIds, protectionGroupId, sourceClusterId, environment }: InitFailoverRequest,
  call: CallOptions,
): Promise<Details> => {
  const opening = { objectIds, protectionGroupId, sourceClusterId, environment };
  return written(await ability.init(idempotencyKey, opening, call));
};

const looksAt = (context: WorkflowContext, request: InitFailoverRequest, call: CallOptions): StepLooks => {
  const { replica, sourceClusterId, protectionGroupId: groupId, objectIds, kind, sourceIsAlive } = request;
  const session = freshly(context.session, call);
  const group = quietly(findGroup(session, { upstream: replica, groupId, objectIds }));
  const isUnplanned = kind === 'UNPLANNED';
  const age = isUnplanned ? quietly(group.then((found) => ageOfGroup(context, session, found))) : Promise.resolve(null);
  const clusters = async (): Promise<Finding> => {
    const source = await sourceNamed(context, session, sourceClusterId, replica);
    return clustersKnown(context, replica, { sourceClusterId, source }, { mustAnswer: !isUnplanned, call });
  };
  const silent = (): Promise<Finding> =>
    sourceIsAlive
      ? Promise.resolve(good('sourceIsAlive: the source was not asked.'))
      : clusterSilent(context, session, replica, sourceClusterId);
  const unplanned: readonly Look[] = isUnplanned
    ? [
        ...confirmationLooks(request, group, age),
        look('SOURCE_SILENT', silent, 'CONFIRMATION_REQUIRED', 'sourceIsAlive'),
      ]
    : [];
  return {
    ageSeconds: age,
    looks: [
      look('CLUSTERS_KNOWN', clusters, 'NOT_POSSIBLE', 'sourceClusterId'),
      look('GROUP_KNOWN', async () => groupKnown(await group), 'NOT_FOUND', 'protectionGroupId'),
      ...unplanned,
    ],
  };
};
