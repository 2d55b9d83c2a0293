import { isFinished, isGood } from './activity.js';
import type { CopyOperation } from './copy-operation.js';
import type { Micros } from './micros.js';
import { listed } from './phrase.js';
import type { Refusal } from './refusal.js';

/** Whether the upstream is known to have taken a retry on. */
export type RetryState = 'REQUESTED' | 'UNCONFIRMED';

/** The checks before a copy is retried. */
export type RetryCheckName =
  | 'KEY_UNUSED'
  | 'SAME_SYSTEM'
  | 'SAFEGUARDS'
  | 'ENDED_BADLY'
  | 'NO_OTHER_COPY'
  | 'NO_RETRY_OPEN'
  | 'SOURCE_THERE'
  | 'CAN_BE_ASKED';

export interface RetryCheck {
  readonly name: RetryCheckName;
  readonly ok: boolean;
  readonly detail: string; // for a person
}

export interface CopyRetryAccepted {
  readonly __typename: 'CopyRetryAccepted';
  readonly operation: CopyOperation | null; // null: not listed yet
  readonly state: RetryState;
  readonly upstream: string;
  readonly requestedAt: Micros | null;
}

export interface CopyRetryPlan {
  readonly __typename: 'CopyRetryPlan';
  readonly checks: readonly RetryCheck[];
  readonly planToken: string | null; // null unless every check passed
}

export type CopyRetryResult =
  | CopyRetryAccepted
  | CopyRetryPlan
  | Refusal<'CopyRetryConflict'>
  | Refusal<'RetryRejected'>
  | Refusal<'InvalidRetryInput'>;

/** The result of one check, without its name. */
type Look = Omit<RetryCheck, 'name'>;

const retryable: ReadonlySet<CopyOperation['state']> = new Set(['FAILED', 'PARTIAL', 'CANCELED', 'MISSED']);

/** The check that a copy ended in a state that allows a retry. */
export const endedBadly = ({ state }: CopyOperation): Look =>
  retryable.has(state)
    ? { ok: true, detail: `It has ended: ${state}.` }
    : {
        ok: false,
        detail: `The copy is ${state}. Only a copy that is FAILED, PARTIAL, CANCELED or MISSED can be retried.`,
      };

/** Whether a copy ended well and, as far as is known, still exists. */
const isThere = ({ state, snapshotDeleted, expiryCleared, expiresAt }: CopyOperation, now: Micros): boolean =>
  isGood(state) && snapshotDeleted !== true && expiryCleared !== true && (expiresAt === null || expiresAt > now);

/** Whether another copy is as new or newer, as far as is known. */
const isYounger = (other: CopyOperation, copy: CopyOperation): boolean =>
  other.startedAt === null || copy.startedAt === null || other.startedAt >= copy.startedAt;

/**
 * The check that no other copy of the same data to the same target is running, or exists and is as new. `copies` are
 * all of them, including the copy itself.
 */
export const noOtherCopy = (copy: CopyOperation, copies: readonly CopyOperation[], now: Micros): Look => {
  const others = copies.filter(({ id }) => id !== copy.id);
  const unfinished = others.filter(({ state }) => !isFinished(state)).map(({ id }) => id);
  if (unfinished.length > 0)
    return { ok: false, detail: `Another copy to that target is running: ${listed(unfinished)}.` };
  const good = others.filter((other) => isThere(other, now) && isYounger(other, copy)).map(({ id }) => id);
  return good.length > 0
    ? { ok: false, detail: `A newer copy to that target exists: ${listed(good)}.` }
    : { ok: true, detail: 'No other copy of it to that target is running, and none that exists is newer.' };
};
