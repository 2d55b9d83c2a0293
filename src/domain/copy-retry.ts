import { isFinished, isGood } from './activity.js';
import type { CopyOperation } from './copy-operation.js';
import type { Micros } from './micros.js';
import { listed } from './phrase.js';
import type { Refusal } from './refusal.js';

/** Whether the upstream is known to have taken a retry on. */
export type RetryState = 'REQUESTED' | 'UNCONFIRMED';

/** What is looked at before a copy is made again. */
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
  readonly operation: CopyOperation | null; // null: it does not show yet
  readonly state: RetryState;
  readonly upstream: string;
  readonly requestedAt: Micros | null;
}

export interface CopyRetryPlan {
  readonly __typename: 'CopyRetryPlan';
  readonly checks: readonly RetryCheck[];
  readonly planToken: string | null; // null unless every check is ok
}

export type CopyRetryResult =
  | CopyRetryAccepted
  | CopyRetryPlan
  | Refusal<'CopyRetryConflict'>
  | Refusal<'RetryRejected'>
  | Refusal<'InvalidRetryInput'>;

/** One look, without its name. */
type Look = Omit<RetryCheck, 'name'>;

const retryable: ReadonlySet<CopyOperation['state']> = new Set(['FAILED', 'PARTIAL', 'CANCELED', 'MISSED']);

/** Whether a copy ended in a way that calls for another. */
export const endedBadly = ({ state }: CopyOperation): Look =>
  retryable.has(state)
    ? { ok: true, detail: `It has ended: ${state}.` }
    : {
        ok: false,
        detail: `The copy is ${state}. Only one that is FAILED, PARTIAL, CANCELED or MISSED is made again.`,
      };

/** It ended well, and nothing says that it is no longer there. */
const isThere = ({ state, snapshotDeleted, expiryCleared, expiresAt }: CopyOperation, now: Micros): boolean =>
  isGood(state) && snapshotDeleted !== true && expiryCleared !== true && (expiresAt === null || expiresAt > now);

/** No older, as far as is known. */
const isYounger = (other: CopyOperation, copy: CopyOperation): boolean =>
  other.startedAt === null || copy.startedAt === null || other.startedAt >= copy.startedAt;

/**
 * Whether another copy of the same data to the same target goes on, or is there and no older. `copies` are all of them,
 * the copy itself among them.
 */
export const noOtherCopy = (copy: CopyOperation, copies: readonly CopyOperation[], now: Micros): Look => {
  const others = copies.filter(({ id }) => id !== copy.id);
  const unfinished = others.filter(({ state }) => !isFinished(state)).map(({ id }) => id);
  if (unfinished.length > 0)
    return { ok: false, detail: `Another copy to that target goes on: ${listed(unfinished)}.` };
  const good = others.filter((other) => isThere(other, now) && isYounger(other, copy)).map(({ id }) => id);
  return good.length > 0
    ? { ok: false, detail: `A newer copy to that target is there: ${listed(good)}.` }
    : { ok: true, detail: 'No other copy of it to that target goes on, or is there and newer.' };
};
