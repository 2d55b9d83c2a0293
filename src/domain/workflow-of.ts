import type { Failover, FailoverProgress } from './failover.js';
import { type Details, type FailoverAttempt, mayHaveArrived } from './failover-attempt.js';
import {
  SENT_BEFORE,
  type FailoverStep,
  type FailoverStepName,
  type StepAttempt,
  type TakenStepName,
  detailId,
  failoverStepNames,
  stepOf,
  stepOfKey,
  textOf,
} from './failover-step.js';
import type { FailoverKind, FailoverObject, OpeningRecord } from './failover-workflow.js';
import { encodeId } from './global-id.js';
import { isMapping } from './mapping.js';
import type { Micros } from './micros.js';
import { workflowObjects } from './workflow-objects.js';

/** A failover workflow as copygraph knows it: the recorded requests, and the poll of its planned run. */
export interface FailoverWorkflow {
  readonly __typename: 'FailoverWorkflow';
  readonly id: string;
  readonly upstream: string; // the cluster that takes over
  readonly failoverId: string;
  readonly kind: FailoverKind;
  readonly reason: string | null;
  readonly sourceClusterId: bigint | null;
  readonly source: string | null; // null: no configured upstream that the caller may see
  readonly protectionGroupId: string | null; // on the cluster that takes over
  readonly sourceGroupId: string | null; // as the answer to INIT has it
  readonly objects: readonly FailoverObject[];
  readonly steps: readonly FailoverStep[];
  readonly nextSteps: readonly FailoverStepName[];
  readonly plannedRun: Failover | null;
  readonly activatedGroupId: string | null;
  readonly reverseReplication: { readonly enabled: boolean | null; readonly error: string | null } | null;
  readonly attempts: readonly StepAttempt[]; // in the order in which they began
}

/** The inputs of a workflow. */
interface WorkflowFacts {
  readonly upstream: string;
  readonly failoverId: string;
  readonly attempts: readonly FailoverAttempt[]; // of any key of the upstream
  readonly source: string | null;
  readonly planned: { readonly failover: Failover; readonly progress: FailoverProgress } | null;
  readonly now: Micros;
  readonly longest: number; // the longest time that a request takes, in microseconds
}

/** Whether no request under the key of an attempt has left: neither its own nor one before it. */
const neverLeft = ({ outcome, ground }: FailoverAttempt): boolean =>
  outcome === 'notSent' && !ground.includes(SENT_BEFORE);

/** The attempts at the steps of one workflow, in the order in which they began, without those that never left. */
export const stepAttemptsOf = (attempts: readonly FailoverAttempt[], failoverId: string): readonly StepAttempt[] =>
  attempts
    .flatMap((attempt): StepAttempt | [] => {
      const step = stepOfKey(attempt.key);
      return step?.failoverId !== failoverId || neverLeft(attempt) ? [] : { name: step.name, attempt };
    })
    .sort((one, other) => one.attempt.startedAt - other.attempt.startedAt);

export const openingOf = ({ order }: FailoverAttempt): OpeningRecord => ({
  kind: order?.['kind'] === 'UNPLANNED' ? 'UNPLANNED' : 'PLANNED',
  reason: textOf(order?.['reason']),
  sourceClusterId: detailId(order?.['sourceClusterId']),
  protectionGroupId: textOf(order?.['protectionGroupId']),
});

const notStarted = (name: FailoverStepName): FailoverStep => ({
  name,
  state: 'NOT_STARTED',
  upstream: null,
  requestedAt: null,
  answeredAt: null,
  evidence: null,
  message: null,
});

const plannedStep = (planned: WorkflowFacts['planned']): FailoverStep => {
  if (planned === null) return notStarted('PLANNED_RUN');
  const { failover, progress } = planned;
  const told = { upstream: failover.upstream, requestedAt: failover.requestedAt, answeredAt: null };
  const step = { name: 'PLANNED_RUN', ...told, evidence: 'POLL', message: progress.message } as const;
  if (progress.state === 'SUCCEEDED') return { ...step, state: 'DONE' };
  if (progress.state === 'FAILED' || progress.state === 'CANCELED')
    return { ...step, state: 'REJECTED', message: progress.message ?? `The planned run is ${progress.state}.` };
  return progress.state === 'UNCONFIRMED'
    ? { ...step, state: 'UNCONFIRMED', evidence: 'AUDIT' }
    : { ...step, state: 'REQUESTED' };
};

/** An unconfirmed attempt decides on its step; otherwise the last one does. */
const stepFor = (name: TakenStepName, attempts: readonly StepAttempt[], facts: WorkflowFacts): FailoverStep => {
  const steps = attempts.filter((one) => one.name === name).map((one) => stepOf(one, facts.now, facts.longest));
  const open = steps.find(({ state }) => state === 'UNCONFIRMED') ?? steps.find(({ state }) => state === 'REQUESTED');
  return open ?? steps.at(-1) ?? notStarted(name);
};

const stepsOf = (kind: FailoverKind, attempts: readonly StepAttempt[], facts: WorkflowFacts): readonly FailoverStep[] =>
  failoverStepNames
    .filter((name) => name !== 'PLANNED_RUN' || kind === 'PLANNED')
    .map((name) => (name === 'PLANNED_RUN' ? plannedStep(facts.planned) : stepFor(name, attempts, facts)));

/** Whether a cancel was accepted by that cluster, or a person reports one. */
const isCanceledAt = (attempts: readonly StepAttempt[], upstream: string): boolean =>
  attempts.some(
    ({ name, attempt }) =>
      name === 'CANCEL' && attempt.outcome === 'accepted' && (attempt.sentTo ?? attempt.upstream) === upstream,
  );

type Unfinished = Omit<FailoverWorkflow, 'nextSteps'>;

const cancelsLeft = ({ attempts, upstream, source }: Unfinished): boolean =>
  [upstream, ...(source === null ? [] : [source])].some((one) => !isCanceledAt(attempts, one));

/** The steps that may be taken now; none while one is under way or unconfirmed, save that a planned run may go on. */
const nextStepsOf = (workflow: Unfinished): readonly FailoverStepName[] => {
  const { steps, kind, objects, attempts, source, upstream, plannedRun } = workflow;
  const stateOf = (name: FailoverStepName) => steps.find((step) => step.name === name)?.state;
  const isOpen = ({ name, state }: FailoverStep): boolean =>
    state === 'UNCONFIRMED' || (state === 'REQUESTED' && name !== 'PLANNED_RUN');
  if (steps.some(isOpen)) return [];
  if (stateOf('INIT') !== 'DONE') return ['INIT'];
  const wasHandedOver = attempts.some(({ name }) => name === 'ACTIVATE' || name === 'DEACTIVATE');
  const cancel: readonly FailoverStepName[] = !wasHandedOver && cancelsLeft(workflow) ? ['CANCEL'] : [];
  const isCanceled = isCanceledAt(attempts, upstream) || (source !== null && isCanceledAt(attempts, source));
  if (isCanceled) return cancel;
  const isGrounded = kind === 'UNPLANNED' || stateOf('PLANNED_RUN') === 'DONE';
  const next: readonly (readonly [FailoverStepName, boolean])[] = [
    ['PLANNED_RUN', kind === 'PLANNED' && plannedRun === null],
    ['LINK', isGrounded && objects.some((one) => one.recoveredObjectId === null && one.activated === false)],
    ['ACTIVATE', isGrounded && objects.some((one) => one.recoveredObjectId !== null && one.activated === false)],
    ['DEACTIVATE', source !== null && objects.some((one) => one.activated === true && one.deactivated === false)],
  ];
  return [...next.flatMap(([name, may]) => (may ? [name] : [])), ...cancel];
};

/** The report of the last accepted activation. */
const activationResult = (attempts: readonly StepAttempt[]) => {
  const last = attempts.findLast(({ name, attempt }) => name === 'ACTIVATE' && attempt.outcome === 'accepted');
  const answer: Details = last?.attempt.answer ?? {};
  const reverse = answer['reverseReplication'];
  return {
    activatedGroupId: textOf(answer['protectionGroupId']),
    reverseReplication: isMapping(reverse)
      ? {
          enabled: typeof reverse['enabled'] === 'boolean' ? reverse['enabled'] : null,
          error: textOf(reverse['error']),
        }
      : null,
  };
};

/** The workflow of an id, out of the records alone; `null` if nothing was sent under it. */
export const toFailoverWorkflow = (facts: WorkflowFacts): FailoverWorkflow | null => {
  const { upstream, failoverId, source, planned } = facts;
  const attempts = stepAttemptsOf(facts.attempts, failoverId);
  const init = attempts.find(({ name }) => name === 'INIT')?.attempt;
  if (init === undefined) return null;
  const answered = init.answer?.['source'];
  const opening = openingOf(init);
  const workflow: Unfinished = {
    __typename: 'FailoverWorkflow',
    id: encodeId('FailoverWorkflow', upstream, failoverId),
    upstream,
    failoverId,
    ...opening,
    source,
    sourceGroupId: isMapping(answered) ? textOf(answered['protectionGroupId']) : null,
    objects: workflowObjects(init, attempts),
    steps: stepsOf(opening.kind, attempts, facts),
    plannedRun: planned?.failover ?? null,
    ...activationResult(attempts),
    attempts,
  };
  return { ...workflow, nextSteps: nextStepsOf(workflow) };
};

/** Whether a workflow still holds an object, so that no other may begin for it. */
export const holds = (attempts: readonly StepAttempt[], replicaObjectId: string): boolean => {
  const init = attempts.find(({ name }) => name === 'INIT')?.attempt;
  if (init === undefined || !mayHaveArrived(init) || !init.objectIds.includes(replicaObjectId)) return false;
  if (isCanceledAt(attempts, init.upstream)) return false;
  const object = workflowObjects(init, attempts).find((one) => one.replicaObjectId?.toString() === replicaObjectId);
  return object?.activated !== true || object.deactivated !== true;
};
