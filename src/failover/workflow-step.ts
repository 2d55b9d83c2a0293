import { BadInputError } from '../domain/bad-input.js';
import type { FailoverAttempt } from '../domain/failover-attempt.js';
import type { FailoverCheck } from '../domain/failover-result.js';
import { type FailoverStep, type TakenStepName, stepOf } from '../domain/failover-step.js';
import type {
  FailoverStepPlan,
  FailoverStepResult,
  StepRefusal,
  WorkflowPlace,
} from '../domain/failover-workflow-result.js';
import { refusal } from '../domain/refusal.js';
import { clock } from '../calling/clock.js';
import { orNull } from '../calling/outcome.js';
import { clientsNamed } from '../upstream/clients.js';
import type { UpstreamClient } from '../upstream/product.js';
import { orUnread } from './confirmations.js';
import { nothingOpen, openingChecks } from './plan-checks.js';
import { press } from './press.js';
import { isRemembered } from './safeguards.js';
import { type WorkflowContext, loadFailoverWorkflow } from './workflow.js';
import { type StepAction, type StepOrder, rejected, stepAction } from './workflow-action.js';

export const invalid = (member: string, message: string): StepRefusal =>
  refusal('InvalidFailoverInput', 'BAD_USER_INPUT', `input.${member} ${message}`, { path: ['input', member] });

/** The reason why no step of a workflow can be taken here; `null` if one can. */
export const closedTo = (context: WorkflowContext, upstream: string): StepRefusal | null => {
  if (!context.workflow.enabled)
    return refusal(
      'InvalidFailoverInput',
      'NOT_POSSIBLE',
      'The failover workflow is an experiment, and off: experimental.failoverWorkflow: true in the config turns it on. Nothing was sent.',
    );
  return isRemembered(context, upstream)
    ? null
    : refusal(
        'InvalidFailoverInput',
        'AUDIT_UNAVAILABLE',
        'No audit.file is configured, and it is the only lasting memory of a failover workflow. Nothing was sent.',
      );
};

/** The client that an input names; a refusal if it cannot take part. */
export const participant = (
  { session: { clients } }: WorkflowContext,
  member: string,
  name: string,
): UpstreamClient | StepRefusal => {
  try {
    const [found] = clientsNamed(clients, [name], `input.${member}`);
    return found?.failoverWorkflow === undefined
      ? invalid(member, `names ${name}, which takes no part in such failovers.`)
      : found;
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    return refusal('InvalidFailoverInput', 'BAD_USER_INPUT', error.message, { path: ['input', member] });
  }
};

/** The longest time that a request takes, in microseconds. */
const longestOf = ({ limits }: WorkflowContext): number => limits.requestTimeoutMs * 1000;

/** The workflow after a step was taken. */
export const taken = async (
  context: WorkflowContext,
  place: WorkflowPlace,
  name: TakenStepName,
  attempt: FailoverAttempt,
): Promise<FailoverStepResult> => {
  const workflow = await loadFailoverWorkflow({ ...context, now: clock() }, place);
  // The attempt was another process's, which has given up by now.
  if (workflow === null)
    return rejected('LOCK_UNAVAILABLE', 'Another process used this key a moment ago, and nothing was started.');
  const step: FailoverStep = stepOf({ name, attempt }, clock(), longestOf(context));
  return { __typename: 'FailoverStepTaken', workflow, step };
};

/** Takes a step, or makes a plan. At most one POST is sent for equal requests. */
export const takeStep = async (context: WorkflowContext, step: StepOrder): Promise<FailoverStepResult> => {
  const action = stepAction(context, step);
  if (step.dryRun) return planStep(context, step, action);
  const pressed = await press(context, context.failoverGuard.steps, action);
  return pressed.__typename === 'FailoverStepTaken' ? taken(context, step, step.name, pressed.attempt) : pressed;
};

/** Checks a step without sending anything; has a token if all checks pass. */
const planStep = async (context: WorkflowContext, step: StepOrder, action: StepAction): Promise<FailoverStepPlan> => {
  const opening = await openingChecks(context, action);
  const { looks, ageSeconds } = step.looks(context.call);
  const looked = await Promise.all(
    looks.map(async ({ name, find }): Promise<FailoverCheck> => {
      const { ok, detail } = await find().catch(orUnread);
      return { name, ok, detail };
    }),
  );
  const alone: readonly FailoverCheck[] =
    step.name === 'INIT' ? [{ name: 'NO_FAILOVER_UNDER_WAY', ...(await nothingOpen(context, action)) }] : [];
  // Only INIT has a key of its own.
  const opened = opening.checks.filter(({ name }) => name !== 'KEY_UNUSED' || step.name === 'INIT');
  const checks = [...opened, ...looked, ...alone];
  return {
    __typename: 'FailoverStepPlan',
    checks,
    dataAgeSeconds: await orNull(ageSeconds),
    planToken: opening.tokenFor(checks),
  };
};
