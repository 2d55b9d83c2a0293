import type { FailoverCheck } from './failover-result.js';
import type { FailoverStep, FailoverStepName } from './failover-step.js';
import type { FailoverActivationOrder, FailoverKind, FailoverLink } from './failover-workflow.js';
import type { FailoverAttempt } from './failover-attempt.js';
import type { Refusal } from './refusal.js';
import type { FailoverWorkflow } from './workflow-of.js';

/** Whether the workflow exists here, and who may acknowledge. From the config. */
export interface WorkflowRules {
  readonly enabled: boolean;
  readonly twoPerson: boolean;
}

interface Planning {
  readonly dryRun: boolean;
  readonly planToken: string | null;
}

interface Confirmation {
  readonly confirmName: string | null;
  readonly acceptDataLossSeconds: number | null;
}

export interface InitFailoverRequest extends Planning, Confirmation {
  readonly replica: string;
  readonly sourceClusterId: bigint;
  readonly protectionGroupId: string | null;
  readonly environment: string | null;
  readonly objectIds: readonly bigint[];
  readonly kind: FailoverKind;
  readonly reason: string | null;
  readonly sourceIsAlive: boolean;
  readonly idempotencyKey: string;
}

/** The place of a workflow: the cluster that takes over, and the workflow id. */
export interface WorkflowPlace {
  readonly upstream: string;
  readonly failoverId: string;
}

export interface LinkObjectsRequest extends Planning, WorkflowPlace {
  readonly links: readonly FailoverLink[];
}

export interface ActivateFailoverRequest extends Planning, WorkflowPlace, Confirmation, FailoverActivationOrder {}

export interface DeactivateSourceRequest extends Planning, WorkflowPlace, Confirmation {
  readonly objectIds: readonly bigint[]; // ids of the source
  readonly protectionGroupId: string | null;
  readonly keepObjects: boolean;
}

export interface CancelWorkflowRequest extends Planning, WorkflowPlace {
  readonly asked: string; // the upstream that is asked to cancel
}

export interface AcknowledgeStepRequest extends WorkflowPlace {
  readonly step: FailoverStepName;
  readonly happened: boolean;
  readonly note: string;
}

/** The request was sent, now or earlier: the attempt alone, before the workflow is read again. */
interface StepSent {
  readonly __typename: 'FailoverStepTaken';
  readonly attempt: FailoverAttempt;
}

export interface FailoverStepTaken {
  readonly __typename: 'FailoverStepTaken';
  readonly workflow: FailoverWorkflow;
  readonly step: FailoverStep;
}

export interface FailoverStepPlan {
  readonly __typename: 'FailoverStepPlan';
  readonly checks: readonly FailoverCheck[];
  readonly dataAgeSeconds: number | null; // null: not measurable, or not relevant
  readonly planToken: string | null; // null unless every check passed
}

export type StepRefusal = Refusal<'FailoverConflict'> | Refusal<'FailoverRejected'> | Refusal<'InvalidFailoverInput'>;

/** The result of one press, before the workflow is read again. */
export type StepPressed = StepSent | StepRefusal;

export type FailoverStepResult = FailoverStepTaken | FailoverStepPlan | StepRefusal;
