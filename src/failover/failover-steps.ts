import { groupIdProblem, objectsProblem } from '../domain/failover-input.js';
import type { FailoverObject } from '../domain/failover-workflow.js';
import type { TakenStepName } from '../domain/failover-step.js';
import type {
  ActivateFailoverRequest,
  CancelWorkflowRequest,
  FailoverStepResult,
  LinkObjectsRequest,
  StepRefusal,
  WorkflowPlace,
} from '../domain/failover-workflow-result.js';
import type { FailoverWorkflow } from '../domain/workflow-of.js';
import type { CallOptions } from '../calling/call.js';
import { type Look, look } from './confirmations.js';
import { type Finding, good } from './finding.js';
import { freshly } from './freshly.js';
import type { WorkflowContext } from './workflow.js';
import { type StepLooks, written } from './workflow-action.js';
import {
  ageOfGroup,
  clustersKnown,
  confirmationLooks,
  findGroup,
  quietly,
  replicasAllowed,
  stepAllowed,
  workflowNow,
} from './workflow-looks.js';
import { closedTo, invalid, participant, takeStep } from './workflow-step.js';

/** The checks that every step after INIT begins with. */
export const commonLooks = (
  context: WorkflowContext,
  workflow: Promise<FailoverWorkflow | null>,
  {
    name,
    upstream,
    mustAnswer,
    call,
  }: { name: TakenStepName; upstream: string; mustAnswer: boolean; call: CallOptions },
): readonly Look[] => [
  look('STEP_ALLOWED', async () => stepAllowed(await workflow, name)),
  look('CLUSTERS_KNOWN', async (): Promise<Finding> => {
    const found = await workflow;
    return found === null
      ? good('There is no workflow whose clusters could be compared.')
      : clustersKnown(context, upstream, found, { mustAnswer, call });
  }),
];

const notActivated = ({ activated }: FailoverObject): string | null =>
  activated === true ? 'is activated already' : activated === null ? 'may be activated already' : null;

const linkProblem = (object: FailoverObject): string | null =>
  notActivated(object) ??
  (object.recoveredObjectId === null ? null : `is linked already, with ${object.recoveredObjectId}`);

const activationProblem = (object: FailoverObject): string | null =>
  notActivated(object) ?? (object.recoveredObjectId === null ? 'is not linked with a recovered object yet' : null);

/** The reason why no request can be made for a workflow; `null` if one can. */
export const placeProblem = (context: WorkflowContext, { upstream }: WorkflowPlace): StepRefusal | null => {
  const closed = closedTo(context, upstream);
  if (closed !== null) return closed;
  const replica = participant(context, 'workflow', upstream);
  return '__typename' in replica ? replica : null;
};

/** Reports to the cluster which recovered object continues which replica, or makes a plan. */
export const linkFailoverObjects = async (
  context: WorkflowContext,
  request: LinkObjectsRequest,
): Promise<FailoverStepResult> => {
  const { upstream, failoverId, links, dryRun, planToken } = request;
  const replicas = links.map(({ replicaObjectId }) => replicaObjectId);
  const problem = objectsProblem(replicas) ?? objectsProblem(links.map(({ recoveredObjectId }) => recoveredObjectId));
  const refused = placeProblem(context, request) ?? (problem === null ? null : invalid('links', problem));
  if (refused !== null) return refused;
  const looks = (call: CallOptions): StepLooks => {
    const workflow = workflowNow(context, freshly(context.session, call), request);
    return {
      ageSeconds: Promise.resolve(null),
      looks: [
        ...commonLooks(context, workflow, { name: 'LINK', upstream, mustAnswer: false, call }),
        look(
          'OBJECTS_ALLOWED',
          async () => replicasAllowed(context, await workflow, replicas, linkProblem),
          'NOT_POSSIBLE',
          'links',
        ),
      ],
    };
  };
  const sorted = [...links].sort((one, other) => (one.replicaObjectId < other.replicaObjectId ? -1 : 1));
  return takeStep(context, {
    ...{ name: 'LINK', upstream, failoverId, sentTo: upstream, objectIds: replicas },
    ...{ order: written({ links: sorted }), dryRun, planToken, planNeeded: true, looks },
    send: async (ability, call) => {
      await ability.link(failoverId, links, call);
      return {};
    },
  });
};

const activationLooks = (context: WorkflowContext, request: ActivateFailoverRequest, call: CallOptions): StepLooks => {
  const { upstream, objectIds } = request;
  const session = freshly(context.session, call);
  const workflow = workflowNow(context, session, request);
  const group = quietly(
    workflow.then((found) => findGroup(session, { upstream, groupId: found?.protectionGroupId ?? null, objectIds })),
  );
  const age = quietly(group.then((found) => ageOfGroup(context, session, found)));
  return {
    ageSeconds: age,
    looks: [
      ...commonLooks(context, workflow, { name: 'ACTIVATE', upstream, mustAnswer: false, call }),
      look(
        'OBJECTS_ALLOWED',
        async () => replicasAllowed(context, await workflow, objectIds, activationProblem),
        'NOT_POSSIBLE',
        'objects',
      ),
      ...confirmationLooks(request, group, age),
    ],
  };
};

/** Begins to protect objects on the cluster that takes over, or makes a plan. */
export const activateFailover = async (
  context: WorkflowContext,
  request: ActivateFailoverRequest,
): Promise<FailoverStepResult> => {
  const { upstream, failoverId, objectIds, protectionGroupId, dryRun, planToken } = request;
  const problem = objectsProblem(objectIds);
  const group = groupIdProblem(protectionGroupId);
  const refused =
    placeProblem(context, request) ??
    (problem === null ? null : invalid('objects', problem)) ??
    (group === null ? null : invalid('protectionGroupId', group));
  if (refused !== null) return refused;
  const { enableReverseReplication, policyId, environment, doNotProtect, createObjectBackup } = request;
  const order = {
    protectionGroupId,
    enableReverseReplication,
    policyId,
    environment,
    doNotProtect,
    createObjectBackup,
  };
  return takeStep(context, {
    ...{ name: 'ACTIVATE', upstream, failoverId, sentTo: upstream, objectIds },
    ...{ order, dryRun, planToken, planNeeded: true },
    looks: (call) => activationLooks(context, request, call),
    send: async (ability, call) => written(await ability.activate(failoverId, { objectIds, ...order }, call)),
  });
};

/** Cancels a workflow on one of its clusters, or makes a plan. A plan is not needed, as for every cancel. */
export const cancelFailoverWorkflow = async (
  context: WorkflowContext,
  request: CancelWorkflowRequest,
): Promise<FailoverStepResult> => {
  const { upstream, failoverId, asked, dryRun, planToken } = request;
  const client = participant(context, 'upstream', asked);
  if ('__typename' in client) return client;
  const refused = closedTo(context, upstream);
  if (refused !== null) return refused;
  const isOne = (workflow: FailoverWorkflow | null): Finding =>
    workflow === null || asked === upstream || asked === workflow.source
      ? good(`${asked} is one of the two clusters.`)
      : { ok: false, detail: `${asked} is neither the cluster that takes over nor the source.` };
  const looks = (call: CallOptions): StepLooks => {
    const workflow = workflowNow(context, freshly(context.session, call), request);
    return {
      ageSeconds: Promise.resolve(null),
      looks: [
        look('STEP_ALLOWED', async () => stepAllowed(await workflow, 'CANCEL')),
        look('CLUSTERS_KNOWN', async () => isOne(await workflow), 'NOT_POSSIBLE', 'upstream'),
      ],
    };
  };
  return takeStep(context, {
    ...{ name: 'CANCEL', upstream, failoverId, sentTo: asked, objectIds: [], order: {} },
    ...{ dryRun, planToken, planNeeded: false, looks },
    send: async (ability, call) => {
      await ability.cancel(failoverId, call);
      return {};
    },
  });
};
