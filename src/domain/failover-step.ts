import type { AttemptAction, Details, FailoverAttempt } from './failover-attempt.js';
import { isMapping } from './mapping.js';
import { type Micros, parseDateTime } from './micros.js';

/** The steps of a failover workflow, in their order. */
export const failoverStepNames = ['INIT', 'PLANNED_RUN', 'LINK', 'ACTIVATE', 'DEACTIVATE', 'CANCEL'] as const;

export type FailoverStepName = (typeof failoverStepNames)[number];

/** The steps that a mutation of the workflow takes. The planned run is `failover`'s. */
export type TakenStepName = Exclude<FailoverStepName, 'PLANNED_RUN'>;

export type FailoverStepState = 'NOT_STARTED' | 'REQUESTED' | 'DONE' | 'PARTIAL' | 'REJECTED' | 'UNCONFIRMED';

/** The source of a step's state. */
export type FailoverStepEvidence = 'ANSWER' | 'POLL' | 'AUDIT' | 'PERSON';

export interface FailoverStep {
  readonly name: FailoverStepName;
  readonly state: FailoverStepState;
  readonly upstream: string | null; // null: not started
  readonly requestedAt: Micros | null;
  readonly answeredAt: Micros | null;
  readonly evidence: FailoverStepEvidence | null;
  readonly message: string | null; // for a person
}

export const stepActions: Readonly<Record<TakenStepName, AttemptAction>> = {
  INIT: 'initFailover',
  LINK: 'linkFailoverObjects',
  ACTIVATE: 'activateFailover',
  DEACTIVATE: 'deactivateFailoverSource',
  CANCEL: 'cancelFailoverWorkflow',
};

const takenSteps: readonly TakenStepName[] = ['INIT', 'LINK', 'ACTIVATE', 'DEACTIVATE', 'CANCEL'];

/** The subject of all workflows of a cluster that takes over: one request for them at a time. */
export const WORKFLOWS = 'failover workflows';

/** The parts of an attempt's key: the step, and the workflow id. `null` for an attempt of another kind. */
export const stepOfKey = (key: string): { readonly name: TakenStepName; readonly failoverId: string } | null => {
  const [action, failoverId] = key.split(':');
  const name = takenSteps.find((one) => stepActions[one] === action);
  return name === undefined || failoverId === undefined ? null : { name, failoverId };
};

/** A mark in the `ground` of an attempt: an earlier one under its key left for the cluster, and was refused. */
export const SENT_BEFORE = 'sent before';

/** One attempt at a step. */
export interface StepAttempt {
  readonly name: TakenStepName;
  readonly attempt: FailoverAttempt;
}

export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** An id in `Details`: a decimal text. */
export const detailId = (value: unknown): bigint | null =>
  typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : null;

export const mappingsOf = (value: unknown): readonly Details[] => (Array.isArray(value) ? value.filter(isMapping) : []);

export const idsOf = (value: unknown): readonly bigint[] | null =>
  Array.isArray(value) ? value.flatMap((one) => detailId(one) ?? []) : null;

/** Whether an attempt may still be on its way; after this time its answer is lost. */
const isYoung = ({ startedAt }: FailoverAttempt, now: Micros, longest: number): boolean => now - startedAt <= longest;

const told = (attempt: FailoverAttempt): Pick<FailoverStep, 'upstream' | 'requestedAt' | 'answeredAt'> => ({
  upstream: attempt.sentTo ?? attempt.upstream,
  requestedAt: attempt.startedAt,
  answeredAt: parseDateTime(textOf(attempt.answer?.['answeredAt']) ?? ''),
});

const acceptedStep = ({ answer }: FailoverAttempt): Pick<FailoverStep, 'state' | 'evidence' | 'message'> => {
  const errors = mappingsOf(answer?.['objectErrors']).map(({ error }) => textOf(error) ?? 'an error without a text');
  return errors.length === 0
    ? { state: 'DONE', evidence: 'ANSWER', message: null }
    : { state: 'PARTIAL', evidence: 'ANSWER', message: errors.join('; ') };
};

const LOST =
  'It was sent or was about to be sent, and its answer is lost. The vendor has no read of this step: check the cluster, and say by acknowledgeFailoverStep whether it happened.';

/** The state of an attempt at a step. `longest`: the longest time that a request takes, in microseconds. */
export const stepOf = ({ name, attempt }: StepAttempt, now: Micros, longest: number): FailoverStep => {
  const { outcome, acknowledged } = attempt;
  const step = { name, ...told(attempt) };
  if (acknowledged !== undefined) {
    const { happened, by, note, at } = acknowledged;
    const state = !happened && outcome !== 'accepted' ? 'REJECTED' : acceptedStep(attempt).state;
    const message = `${by}: ${happened ? 'it happened' : 'it did not happen'}. ${note}`;
    return { ...step, state, evidence: 'PERSON', answeredAt: step.answeredAt ?? parseDateTime(at), message };
  }
  if (outcome === 'accepted') return { ...step, ...acceptedStep(attempt) };
  if (outcome === 'refused')
    return { ...step, state: 'REJECTED', evidence: 'ANSWER', message: 'The cluster refused it; nothing was done.' };
  if (outcome === 'notSent')
    return {
      ...step,
      state: 'REJECTED',
      evidence: 'AUDIT',
      message: 'An earlier request was refused. The last never left.',
    };
  return outcome === null && isYoung(attempt, now, longest)
    ? { ...step, state: 'REQUESTED', evidence: 'AUDIT', message: 'It is being sent.' }
    : { ...step, state: 'UNCONFIRMED', evidence: 'AUDIT', message: LOST };
};
