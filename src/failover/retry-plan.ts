import type { CopyOperation } from '../domain/copy-operation.js';
import {
  type CopyRetryPlan,
  type CopyRetryResult,
  type RetryCheck,
  endedBadly,
  noOtherCopy,
} from '../domain/copy-retry.js';
import type { Micros } from '../domain/micros.js';
import { clock } from '../calling/clock.js';
import type { Retryable } from '../upstream/retryable.js';
import type { Action } from './action.js';
import { bad, good } from './finding.js';
import type { MutationContext } from './mutation-context.js';
import { nothingOpen, openingChecks } from './plan-checks.js';

export type RetryAction = Action<CopyOperation, CopyRetryResult>;

/** The checks of a retry on the copy itself: the same for a plan and for the request. */
export const looksOf = ({ copy, copies, source, send }: Retryable, now: Micros): readonly RetryCheck[] => [
  { name: 'ENDED_BADLY', ...endedBadly(copy) },
  { name: 'NO_OTHER_COPY', ...noOtherCopy(copy, copies, now) },
  { name: 'SOURCE_THERE', ...source },
  {
    name: 'CAN_BE_ASKED',
    ...('why' in send ? bad(send.why) : good('The upstream can repeat this copy and no other.')),
  },
];

/** Checks a retry without starting anything; returns a token if all checks pass. */
export const planRetry = async (
  context: MutationContext,
  action: RetryAction,
  retryable: Retryable,
): Promise<CopyRetryPlan> => {
  const opening = await openingChecks(context, action);
  const checks: readonly RetryCheck[] = [
    ...opening.checks,
    ...looksOf(retryable, clock()),
    { name: 'NO_RETRY_OPEN', ...(await nothingOpen(context, action)) },
  ];
  return { __typename: 'CopyRetryPlan', checks, planToken: opening.tokenFor(checks) };
};
