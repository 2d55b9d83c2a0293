import { randomUUID } from 'node:crypto';
import { type FailoverAttempt, attemptKey } from '../domain/failover-attempt.js';
import { type TakenStepName, WORKFLOWS, stepActions, stepOf } from '../domain/failover-step.js';
import type { AcknowledgeStepRequest, FailoverStepResult } from '../domain/failover-workflow-result.js';
import { formatDateTime } from '../domain/micros.js';
import type { FailoverWorkflow } from '../domain/workflow-of.js';
import { clock } from '../calling/clock.js';
import { asError } from '../calling/outcome.js';
import { toAuditRecord } from './audited.js';
import { placeProblem } from './failover-steps.js';
import { freshly } from './freshly.js';
import { withSubject } from './subject-turn.js';
import { type WorkflowContext, mustLoadWorkflow } from './workflow.js';
import { rejected } from './workflow-action.js';
import { invalid, taken } from './workflow-step.js';

const LONGEST_NOTE = 1000;

/**
 * Records what a person saw of a step: of one whose answer was lost, of objects that a partial activation did not name,
 * or of a step that was taken in the console and ends the workflow. Sends nothing to a cluster.
 */
export const acknowledgeFailoverStep = async (
  context: WorkflowContext,
  request: AcknowledgeStepRequest,
): Promise<FailoverStepResult> => {
  const { upstream, note, step } = request;
  const refused = placeProblem(context, request);
  if (refused !== null) return refused;
  if (step === 'PLANNED_RUN') return invalid('step', 'names PLANNED_RUN, which is polled: nobody needs to judge it.');
  if (note.trim() === '') return invalid('note', 'must say what was seen, and where.');
  if (note.length > LONGEST_NOTE) return invalid('note', `takes at most ${LONGEST_NOTE} characters.`);
  return withSubject<FailoverStepResult>(
    context,
    { upstream, subject: WORKFLOWS, thing: 'workflow' },
    () => underLock(context, { ...request, step }),
    (why) => rejected('LOCK_UNAVAILABLE', why),
  );
};

/** A step that can be judged. */
interface Judgement extends AcknowledgeStepRequest {
  readonly step: TakenStepName;
}

const underLock = async (context: WorkflowContext, request: Judgement): Promise<FailoverStepResult> => {
  const fresh = { ...context, session: freshly(context.session, context.call), now: clock() };
  const workflow = await mustLoadWorkflow(fresh, request).catch(asError);
  if (workflow instanceof Error)
    return rejected('AUDIT_UNAVAILABLE', 'The earlier requests cannot be read, so none can be judged.');
  if (workflow === null) return rejected('NOT_FOUND', 'There is no workflow of this id.', ['input', 'workflow']);
  const found = judgedBy(context, workflow, request);
  if ('__typename' in found) return found;
  if (found.isKnown) return taken(context, request, request.step, found.attempt);
  const { principal, failoverGuard } = context;
  if (context.workflow.twoPerson && principal.name === found.attempt.principal)
    return rejected('CONFIRMATION_REQUIRED', 'failover.twoPerson: another person than the one who requested the step.');
  return record(
    context,
    request,
    {
      ...found.attempt,
      outcome: request.happened || found.attempt.outcome === 'accepted' ? 'accepted' : 'refused',
      acknowledged: {
        by: principal.name,
        at: formatDateTime(clock()),
        happened: request.happened,
        note: request.note,
      },
    },
    failoverGuard,
  );
};

/** The attempt that a person judges; `isKnown`: the same was said of it before. */
const judgedBy = (
  context: WorkflowContext,
  workflow: FailoverWorkflow,
  { step, happened }: Judgement,
): { readonly attempt: FailoverAttempt; readonly isKnown: boolean } | ReturnType<typeof rejected> => {
  const all = workflow.attempts.filter(({ name }) => name === step);
  const longest = context.limits.requestTimeoutMs * 1000;
  const isLost = (one: (typeof all)[number]): boolean => stepOf(one, clock(), longest).state === 'UNCONFIRMED';
  const lost = all.find(isLost) ?? (step === 'ACTIVATE' ? partialOf(workflow) : undefined);
  if (lost !== undefined) return { attempt: lost.attempt, isKnown: false };
  const judged = all.findLast(({ attempt }) => attempt.acknowledged?.happened === happened);
  if (judged !== undefined) return { attempt: judged.attempt, isKnown: true };
  const state = workflow.steps.find(({ name }) => name === step)?.state ?? 'NOT_STARTED';
  if (!happened || !mayEndElsewhere(workflow, step))
    return rejected('NOT_POSSIBLE', `${step} is ${state}: only a step that is UNCONFIRMED can be acknowledged.`);
  return { attempt: elsewhere(context, workflow, step), isKnown: false };
};

/** The last activation that left open which objects it activated. */
const partialOf = ({ attempts, objects }: FailoverWorkflow) => {
  const unknown = objects.filter(({ activated }) => activated === null).map((one) => one.replicaObjectId?.toString());
  return attempts.findLast(
    ({ name, attempt }) =>
      name === 'ACTIVATE' && attempt.acknowledged === undefined && attempt.objectIds.some((id) => unknown.includes(id)),
  );
};

/** Whether a person may have ended the workflow in a console: canceled it, or deactivated the source. */
const mayEndElsewhere = (workflow: FailoverWorkflow, step: TakenStepName): boolean => {
  const isQuiet = workflow.steps.every(({ state }) => state !== 'UNCONFIRMED' && state !== 'REQUESTED');
  if (step === 'DEACTIVATE') return isQuiet && workflow.objects.some(({ activated }) => activated === true);
  return step === 'CANCEL' && isQuiet;
};

/** A step that no request of ours took; its record belongs to who began the workflow. */
const elsewhere = (
  { principal }: WorkflowContext,
  { upstream, failoverId, attempts }: FailoverWorkflow,
  step: TakenStepName,
): FailoverAttempt => ({
  attemptId: randomUUID(),
  upstream,
  key: attemptKey(stepActions[step], `${failoverId}:elsewhere`),
  bodyDigest: '',
  objectIds: [],
  replicationClusterId: null,
  step,
  subject: WORKFLOWS,
  ground: [],
  madeId: null,
  principal: attempts[0]?.attempt.principal ?? principal.name,
  startedAt: clock(),
  outcome: null,
});

/** Writes the record where every replica reads it: into the file first, and nothing counts before it is there. */
const record = async (
  context: WorkflowContext,
  request: Judgement,
  attempt: FailoverAttempt,
  { audit, memory, shared }: WorkflowContext['failoverGuard'],
): Promise<FailoverStepResult> => {
  try {
    await audit.before(toAuditRecord({ ...attempt, action: stepActions[request.step] }, 'acknowledged', clock()));
  } catch {
    return rejected('AUDIT_UNAVAILABLE', 'The audit record could not be written, so nothing is acknowledged.');
  }
  await memory.end(attempt);
  await shared?.attempts.end(attempt).catch(() => undefined); // the file has it, and is read as well
  return taken(context, request, request.step, attempt);
};
