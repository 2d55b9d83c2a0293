import { createHash } from 'node:crypto';
import type { Details, FailoverAttempt } from '../domain/failover-attempt.js';
import { attemptKey, mayHaveArrived } from '../domain/failover-attempt.js';
import { SENT_BEFORE, type TakenStepName, WORKFLOWS, stepActions, stepOfKey } from '../domain/failover-step.js';
import type { StepPressed, StepRefusal, WorkflowPlace } from '../domain/failover-workflow-result.js';
import { formatDateTime } from '../domain/micros.js';
import { type RefusalCode, refusal } from '../domain/refusal.js';
import { holds, stepAttemptsOf } from '../domain/workflow-of.js';
import type { CallOptions } from '../calling/call.js';
import { clock } from '../calling/clock.js';
import { asError } from '../calling/outcome.js';
import type { FailoverWorkflowAbility } from '../upstream/failover-workflow-ability.js';
import type { Action } from './action.js';
import type { Look } from './confirmations.js';
import { CannotTellError, type Finding, bad } from './finding.js';
import { recall } from './guard.js';
import { unsafe } from './safeguards.js';
import type { WorkflowContext } from './workflow.js';

/** A step has no visible effect. */
export type StepAction = Action<never, StepPressed>;

/** The checks of a step, and the age of the data; made again for the request after the plan. */
export interface StepLooks {
  readonly looks: readonly Look[];
  readonly ageSeconds: Promise<number | null>;
}

/** One step as its mutation describes it. */
export interface StepOrder extends WorkflowPlace {
  readonly name: TakenStepName;
  readonly sentTo: string; // the upstream asked
  readonly objectIds: readonly bigint[];
  readonly order: Details; // everything that is asked, as it is remembered
  readonly dryRun: boolean;
  readonly planToken: string | null;
  readonly planNeeded: boolean;
  looks(call: CallOptions): StepLooks;
  /** Sends the one request; resolves with the answer as it is remembered. */
  send(ability: FailoverWorkflowAbility, call: CallOptions): Promise<Details>;
}

export const rejected = (code: RefusalCode, message: string, path: readonly string[] = []): StepRefusal =>
  refusal('FailoverRejected', code, `${message} Nothing was sent.`, { path });

/** A mapping as it is remembered: ids are written as decimal texts. */
export const written = (value: object): Details =>
  JSON.parse(
    JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? member.toString() : member)),
  );

const sorted = (objectIds: readonly bigint[]): readonly string[] => objectIds.map(String).sort();

/** The body of a step. Equal steps for equal sets of objects give equal text. */
const digestOf = ({ name, sentTo, objectIds, order }: StepOrder): string =>
  createHash('sha256')
    .update(JSON.stringify([name, sentTo, sorted(objectIds), order]))
    .digest('hex');

/** INIT is known by the workflow id, which the caller chose; every other step by that and its body. */
const keyOf = (step: StepOrder, digest: string): string =>
  attemptKey(
    stepActions[step.name],
    step.name === 'INIT' ? step.failoverId : `${step.failoverId}:${digest.slice(0, 32)}`,
  );

/** The attempt of another workflow that holds one of the objects. Only a new workflow asks. */
const heldBy = ({ name, failoverId, objectIds }: StepOrder, others: readonly FailoverAttempt[]) => {
  if (name !== 'INIT') return null;
  const ids = objectIds.map(String);
  const isHolder = (attempt: FailoverAttempt): boolean => {
    const step = stepOfKey(attempt.key);
    if (step === null || step.name !== 'INIT' || step.failoverId === failoverId) return false;
    const attempts = stepAttemptsOf(others, step.failoverId);
    return ids.some((id) => holds(attempts, id));
  };
  return others.find((attempt) => mayHaveArrived(attempt) && isHolder(attempt)) ?? null;
};

export const stepAction = (context: WorkflowContext, step: StepOrder): StepAction => {
  const bodyDigest = digestOf(step);
  const action: StepAction = {
    name: stepActions[step.name],
    upstream: step.upstream,
    key: keyOf(step, bodyDigest),
    bodyDigest,
    about: {
      objectIds: sorted(step.objectIds),
      replicationClusterId: null,
      step: step.name,
      subject: WORKFLOWS,
      order: step.order,
      ...(step.sentTo !== step.upstream && { sentTo: step.sentTo }),
    },
    allowWithoutLock: false,
    upstreamKnowsKey: false,
    canBeFound: false,
    blockedBy: (others) => heldBy(step, others),
    find: () => Promise.resolve(null),
    admit: (call) => admit(context, step, action, call),
    madeIdOf: () => null,
    answers: answersOf(step),
  };
  return action;
};

/** A check that cannot be made is not ok; an outage is thrown, because nothing was sent. */
const orCannotTell = (error: unknown): Finding & { readonly code?: RefusalCode } => {
  if (error instanceof CannotTellError) return bad(error.message);
  throw error;
};

/** Repeats every check of a dry run; the first that fails is the answer. */
const admit = async (
  context: WorkflowContext,
  step: StepOrder,
  action: StepAction,
  call: CallOptions,
): ReturnType<StepAction['admit']> => {
  const ability = context.session.clients.get(step.sentTo)?.failoverWorkflow;
  if (ability === undefined) return rejected('NOT_FOUND', `Upstream ${step.sentTo} takes no part in such failovers.`);
  const unmet = await unsafe(context, action, call, step.planToken, step.planNeeded);
  if (unmet !== null) return rejected(unmet.code, unmet.message);
  for (const { find, code, path } of step.looks(call).looks) {
    const found = await find().catch(orCannotTell);
    if (!found.ok) return rejected(found.code ?? code, found.detail, path);
  }
  const before = await recall(context.failoverGuard, action.upstream, action.key).catch(asError);
  if (before instanceof Error) return rejected('AUDIT_UNAVAILABLE', 'The earlier requests cannot be read.');
  const wasSent = before?.outcome === 'refused' || before?.ground.includes(SENT_BEFORE) === true;
  return {
    ground: wasSent ? [SENT_BEFORE] : [],
    send: async (options) => {
      const answer = await step.send(ability, options);
      return { seen: null, madeId: null, answer: { ...answer, answeredAt: formatDateTime(clock()) } };
    },
  };
};

const answersOf = ({ sentTo, name }: StepOrder): StepAction['answers'] => ({
  accepted: (_seen, attempt) => {
    if (attempt === null) throw new Error('a step that nobody requested');
    return { __typename: 'FailoverStepTaken', attempt };
  },
  conflict: () =>
    refusal(
      'FailoverConflict',
      'IDEMPOTENCY_KEY_REUSED',
      'This workflow id belongs to another request. Nothing was sent. Choose another key.',
      { path: ['input', name === 'INIT' ? 'idempotencyKey' : 'workflow'] },
    ),
  rejected: (code, message) => refusal('FailoverRejected', code, message),
  refused: ({ reason, errorCode }) =>
    refusal(
      'FailoverRejected',
      'REJECTED_BY_CLUSTER',
      `Upstream ${sentTo} ${reason === 'throttled' ? 'asks to slow down' : `refused ${name}`}; nothing was done. It can be requested again, with a new plan.`,
      { errorCode },
    ),
  blocked: ({ key, outcome }) =>
    rejected(
      outcome === 'accepted' ? 'NOT_POSSIBLE' : 'UNCONFIRMED',
      `The workflow ${stepOfKey(key)?.failoverId ?? key} holds one of these objects. Deactivate its source or cancel it first.`,
    ),
});
