import type { FailoverStepName } from '../domain/failover-step.js';
import type { FailoverObject } from '../domain/failover-workflow.js';
import type { WorkflowPlace } from '../domain/failover-workflow-result.js';
import { listed } from '../domain/phrase.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import { identityOfCluster } from '../domain/upstream.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { RefusalCode } from '../domain/refusal.js';
import { ageSecondsOf } from '../domain/view-failover.js';
import type { FailoverWorkflow } from '../domain/workflow-of.js';
import type { CallOptions } from '../calling/call.js';
import { clock } from '../calling/clock.js';
import type { Session } from '../upstream/product.js';
import { type Look, SINCE_RUN, dataLossAccepted, look, nameConfirmed } from './confirmations.js';
import { CannotTellError, type Finding, bad, good, mustFailOver } from './finding.js';
import { recall } from './guard.js';
import { uidOf } from './plan.js';
import { checkIdentity } from './safeguards.js';
import { newestGoodRun } from './view-source.js';
import { type WorkflowContext, mustLoadWorkflow } from './workflow.js';

/** A group on one cluster, by its id or by its objects. */
interface WantedGroup {
  readonly upstream: string;
  readonly groupId: string | null;
  readonly objectIds: readonly bigint[];
}

/** The named group, otherwise the only one that has all the objects; `null` if there is none. */
export const findGroup = async (
  session: Session,
  { upstream, groupId, objectIds }: WantedGroup,
): Promise<ProtectionJob | null> => {
  const jobs = await mustFailOver(session, upstream).jobs(session);
  if (groupId !== null) return jobs.find((job) => uidOf(job) === groupId) ?? null;
  const holding = jobs.filter(
    ({ sourceIds, isDeleted }) => !isDeleted && objectIds.every((id) => sourceIds.includes(id)),
  );
  return holding.length === 1 ? (holding[0] ?? null) : null;
};

export const groupKnown = (group: ProtectionJob | null): Finding =>
  group === null
    ? bad('The cluster shows no such group, or no single group has all the objects: name it in protectionGroupId.')
    : good(`The group is ${group.name}.`);

/** The age of the data on a cluster, by the newest good run of a group there. */
export const ageOfGroup = async (
  context: WorkflowContext,
  session: Session,
  group: ProtectionJob | null,
): Promise<number | null> => {
  const start = group === null ? null : await newestGoodRun(context, session, [group]);
  return start === null ? null : ageSecondsOf(start, clock());
};

interface Given {
  readonly confirmName: string | null;
  readonly acceptDataLossSeconds: number | null;
}

/** The confirmations that a person must give. */
export const confirmationLooks = (
  given: Given,
  group: Promise<ProtectionJob | null>,
  age: Promise<number | null>,
): readonly Look[] => [
  look(
    'NAME_CONFIRMED',
    async () => nameConfirmed('protection group', (await group)?.name ?? null, given.confirmName),
    'CONFIRMATION_REQUIRED',
    'confirmName',
  ),
  look(
    'DATA_LOSS_ACCEPTED',
    async () => dataLossAccepted(await age, given.acceptDataLossSeconds, SINCE_RUN),
    'CONFIRMATION_REQUIRED',
    'acceptDataLossSeconds',
  ),
];

/** A failed read belongs to its own check, and must not be an unhandled rejection elsewhere. */
export const quietly = <T>(read: Promise<T>): Promise<T> => {
  read.catch(() => undefined);
  return read;
};

/** Whether the source's upstream is the cluster that the workflow names. A source that may be lost is not asked. */
const sourceIs = async (
  context: WorkflowContext,
  { sourceClusterId, source }: Pick<FailoverWorkflow, 'sourceClusterId' | 'source'>,
  mustAnswer: boolean,
  call: CallOptions,
): Promise<Finding> => {
  if (sourceClusterId === null) return bad('The id of the source cluster is not on record.');
  if (source === null)
    return mustAnswer
      ? bad(`No upstream that you may see is cluster ${sourceClusterId}, or it has never answered.`)
      : good(`Cluster ${sourceClusterId}, the source, is no upstream that you may see.`);
  if (!mustAnswer) return good(`The source is ${source}, by its id at the start.`);
  const found = await checkIdentity(context, source, call);
  if (!found.holds) return bad(found.detail);
  return found.identity === identityOfCluster(sourceClusterId)
    ? good(`The source is ${source}.`)
    : bad(`${source} is ${found.identity}, and the source is cluster ${sourceClusterId}.`);
};

/** The check that both clusters are the ones that the workflow names. */
export const clustersKnown = async (
  context: WorkflowContext,
  replica: string,
  of: Pick<FailoverWorkflow, 'sourceClusterId' | 'source'>,
  { mustAnswer, call }: { readonly mustAnswer: boolean; readonly call: CallOptions },
): Promise<Finding> => {
  const taking = await checkIdentity(context, replica, call);
  if (!taking.holds) return bad(taking.detail);
  if (of.sourceClusterId !== null && taking.identity === identityOfCluster(of.sourceClusterId))
    return bad('The source and the cluster that takes over are the same cluster.');
  return sourceIs(context, of, mustAnswer, call);
};

/** The reason why a step is not among the next steps. */
const whyNot = (workflow: FailoverWorkflow, name: FailoverStepName): string => {
  const open = workflow.steps.find(({ state }) => state === 'UNCONFIRMED');
  if (open !== undefined)
    return `${open.name} is UNCONFIRMED: say first by acknowledgeFailoverStep whether it happened.`;
  const states = workflow.steps.map((step) => `${step.name} ${step.state}`);
  return `${name} cannot be taken now. The steps are: ${listed(states)}. Next: ${listed(workflow.nextSteps) || 'none'}.`;
};

export const stepAllowed = (
  workflow: FailoverWorkflow | null,
  name: FailoverStepName,
): Finding & { readonly code?: RefusalCode } => {
  if (workflow === null) return { ...bad('There is no workflow of this id.'), code: 'NOT_FOUND' };
  if (workflow.nextSteps.includes(name)) return good(`${name} is one of the next steps.`);
  const isOpen = workflow.steps.some(({ state }) => state === 'UNCONFIRMED');
  return { ...bad(whyNot(workflow, name)), code: isOpen ? 'UNCONFIRMED' : 'NOT_POSSIBLE' };
};

/** The check that a step may be taken for each of its objects. */
export const objectsAllowed = (
  ids: readonly bigint[],
  find: (id: bigint) => FailoverObject | undefined,
  problem: (object: FailoverObject) => string | null,
): Finding => {
  for (const id of ids) {
    const object = find(id);
    if (object === undefined) return bad(`Object ${id} is not part of the workflow.`);
    const why = problem(object);
    if (why !== null) return bad(`Object ${id} ${why}.`);
  }
  return good('The step may be taken for each of the objects.');
};

/** The objects of a list that the planned run did not bring here, and the reason, if its request is on record. */
const notBrought = async (
  { failoverGuard }: WorkflowContext,
  { kind, source, failoverId, upstream, objects }: FailoverWorkflow,
  replicas: readonly bigint[],
): Promise<string | null> => {
  if (kind === 'UNPLANNED' || source === null) return null;
  const attempt = await recall(failoverGuard, source, failoverId);
  if (attempt === null) return null;
  const here = failoverGuard.identities.pinned(upstream);
  const target = attempt.replicationClusterId;
  if (target !== null && here !== null && identityOfCluster(BigInt(target)) !== here)
    return `The planned run went to cluster ${target}, which is not the one that takes over.`;
  const sources = replicas.map((id) => objects.find((one) => one.replicaObjectId === id)?.sourceObjectId ?? null);
  const missing = sources.filter((id) => id !== null).find((id) => !attempt.objectIds.includes(id.toString()));
  return missing === undefined ? null : `The planned run did not name object ${missing} of the source.`;
};

/** The check that a step on the cluster that takes over may be taken for these replicas. */
export const replicasAllowed = async (
  context: WorkflowContext,
  workflow: FailoverWorkflow | null,
  replicas: readonly bigint[],
  problem: (object: FailoverObject) => string | null,
): Promise<Finding> => {
  const find = (id: bigint) => workflow?.objects.find(({ replicaObjectId }) => replicaObjectId === id);
  const allowed = objectsAllowed(replicas, find, problem);
  if (!allowed.ok || workflow === null) return allowed;
  const why = await notBrought(context, workflow, replicas).catch(cannotRead);
  return why === null ? allowed : bad(why);
};

const cannotRead = (error: unknown): never => {
  if (error instanceof UpstreamError) throw error;
  throw new CannotTellError('Could not be checked: the earlier requests cannot be read.');
};

/** The workflow as it is now, by all stores and a new poll. */
export const workflowNow = (
  context: WorkflowContext,
  session: Session,
  place: WorkflowPlace,
): Promise<FailoverWorkflow | null> =>
  quietly(mustLoadWorkflow({ ...context, session, now: clock() }, place).catch(cannotRead));
