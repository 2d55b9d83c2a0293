import { groupIdProblem, objectsProblem } from '../domain/failover-input.js';
import type { FailoverObject } from '../domain/failover-workflow.js';
import type { DeactivateSourceRequest, FailoverStepResult } from '../domain/failover-workflow-result.js';
import { deactivationOf } from '../domain/workflow-objects.js';
import type { FailoverWorkflow } from '../domain/workflow-of.js';
import type { CallOptions } from '../calling/call.js';
import { look } from './confirmations.js';
import { commonLooks, placeProblem } from './failover-steps.js';
import { freshly } from './freshly.js';
import { type WorkflowContext, loadFailoverWorkflow } from './workflow.js';
import { type StepLooks, rejected } from './workflow-action.js';
import {
  ageOfGroup,
  confirmationLooks,
  findGroup,
  objectsAllowed,
  quietly,
  stepAllowed,
  workflowNow,
} from './workflow-looks.js';
import { invalid, takeStep } from './workflow-step.js';

/**
 * The object of a source id. If the answer to INIT was lost, no pair is known: then the step waits until every object is
 * activated.
 */
const bySource =
  (workflow: FailoverWorkflow | null) =>
  (id: bigint): FailoverObject | undefined => {
    const objects = workflow?.objects ?? [];
    if (objects.some(({ sourceObjectId }) => sourceObjectId !== null))
      return objects.find(({ sourceObjectId }) => sourceObjectId === id);
    const object = objects.find(({ activated }) => activated !== true) ?? objects[0];
    return object === undefined ? undefined : { ...object, deactivated: deactivationOf(workflow?.attempts ?? [], id) };
  };

const problemOfObject = ({ activated, deactivated }: FailoverObject): string | null => {
  if (activated !== true) return 'is not known to be activated on the cluster that takes over';
  return deactivated === true ? 'is deactivated already' : deactivated === null ? 'may be deactivated already' : null;
};

const looksAt = (
  context: WorkflowContext,
  request: DeactivateSourceRequest,
  source: string,
  call: CallOptions,
): StepLooks => {
  const { upstream, objectIds, keepObjects, protectionGroupId } = request;
  const session = freshly(context.session, call);
  const workflow = workflowNow(context, session, request);
  const group = async () => {
    const groupId = protectionGroupId ?? (await workflow)?.sourceGroupId ?? null;
    return findGroup(session, { upstream: source, groupId, objectIds });
  };
  const age = async () => {
    const replicas = ((await workflow)?.objects ?? []).flatMap(({ replicaObjectId }) => replicaObjectId ?? []);
    const groupId = (await workflow)?.protectionGroupId ?? null;
    return ageOfGroup(context, session, await findGroup(session, { upstream, groupId, objectIds: replicas }));
  };
  const ageSeconds = keepObjects ? Promise.resolve(null) : quietly(age());
  return {
    ageSeconds,
    looks: [
      ...commonLooks(context, workflow, { name: 'DEACTIVATE', upstream, mustAnswer: true, call }),
      look(
        'OBJECTS_ALLOWED',
        async () => objectsAllowed(objectIds, bySource(await workflow), problemOfObject),
        'NOT_POSSIBLE',
        'objects',
      ),
      ...(keepObjects ? [] : confirmationLooks(request, quietly(group()), ageSeconds)),
    ],
  };
};

/** Stops the backups of objects on the source, or makes a plan. */
export const deactivateFailoverSource = async (
  context: WorkflowContext,
  request: DeactivateSourceRequest,
): Promise<FailoverStepResult> => {
  const { upstream, failoverId, objectIds, protectionGroupId, keepObjects, dryRun, planToken } = request;
  const problem = objectsProblem(objectIds);
  const group = groupIdProblem(protectionGroupId);
  const refused =
    placeProblem(context, request) ??
    (problem === null ? null : invalid('objects', problem)) ??
    (group === null ? null : invalid('protectionGroupId', group));
  if (refused !== null) return refused;
  const session = freshly(context.session, context.call);
  const workflow = await loadFailoverWorkflow(context, request);
  if (workflow === null) return rejected('NOT_FOUND', stepAllowed(null, 'DEACTIVATE').detail, ['input', 'workflow']);
  const { source } = workflow;
  if (source === null)
    return rejected('NOT_POSSIBLE', 'The source is no upstream that you may see, or it has never answered.');
  const replicationClusterId = await session.clients.get(upstream)?.ownId?.(session);
  if (replicationClusterId === undefined) return rejected('NOT_POSSIBLE', `${upstream} does not report its own id.`);
  return takeStep(context, {
    ...{ name: 'DEACTIVATE', upstream, failoverId, sentTo: source, objectIds },
    order: { replicationClusterId: replicationClusterId.toString(), protectionGroupId, keepObjects },
    ...{ dryRun, planToken, planNeeded: true },
    looks: (call) => looksAt(context, request, source, call),
    send: async (ability, call) => {
      await ability.deactivate(failoverId, { replicationClusterId, objectIds, protectionGroupId, keepObjects }, call);
      return {};
    },
  });
};
