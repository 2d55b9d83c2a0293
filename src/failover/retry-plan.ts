import type { CopyOperation } from '../domain/copy-operation.js';
import {
  type CopyRetryPlan,
  type CopyRetryResult,
  type RetryCheck,
  endedBadly,
  noOtherCopy,
} from '../domain/copy-retry.js';
import { toReportedError } from '../domain/error-code.js';
import type { Micros } from '../domain/micros.js';
import { UpstreamError } from '../domain/upstream-error.js';
import { clock } from '../calling/clock.js';
import { asError } from '../calling/outcome.js';
import type { Retryable } from '../upstream/retryable.js';
import type { Action } from './action.js';
import { type Finding, bad, good } from './finding.js';
import { recall } from './guard.js';
import type { IdentityFound } from './identities.js';
import type { MutationContext } from './mutation-context.js';
import type { Planned } from './plan-seal.js';
import { openAttemptAbout } from './ready.js';
import { checkIdentity, isRemembered, sealPlan } from './safeguards.js';

export type RetryAction = Action<CopyOperation, CopyRetryResult>;

/** What the copy itself says for and against a retry: the same looks for a plan and for a press. */
export const looksOf = ({ copy, copies, source, send }: Retryable, now: Micros): readonly RetryCheck[] => [
  { name: 'ENDED_BADLY', ...endedBadly(copy) },
  { name: 'NO_OTHER_COPY', ...noOtherCopy(copy, copies, now) },
  { name: 'SOURCE_THERE', ...source },
  {
    name: 'CAN_BE_ASKED',
    ...('why' in send ? bad(send.why) : good('The upstream can be asked for this copy and no other.')),
  },
];

/** What would stand in the way of a retry, without starting anything; with a token where nothing does. */
export const planRetry = async (
  context: MutationContext,
  action: RetryAction,
  retryable: Retryable,
  planned: Planned,
): Promise<CopyRetryPlan> => {
  const { upstream } = action;
  const identity = await checkIdentity(context, upstream, context.call).catch(unlessBug);
  const token =
    identity instanceof UpstreamError || !identity.holds ? null : await sealPlan(context, planned, identity.identity);
  const checks: readonly RetryCheck[] = [
    { name: 'KEY_UNUSED', ...(await keyUnused(context, action)) },
    { name: 'SAME_SYSTEM', ...sameSystem(identity) },
    { name: 'SAFEGUARDS', ...safeguards(context, upstream, token) },
    ...looksOf(retryable, clock()),
    { name: 'NO_RETRY_OPEN', ...(await noRetryOpen(context, action)) },
  ];
  const ok = checks.every((check) => check.ok);
  return { __typename: 'CopyRetryPlan', checks, planToken: ok && typeof token === 'string' ? token : null };
};

const unlessBug = (error: unknown): UpstreamError => {
  if (error instanceof UpstreamError) return error;
  throw error;
};

const notRead = (): Finding => bad('Could not be checked: what was pressed before cannot be read.');

const keyUnused = async ({ failoverGuard }: MutationContext, { upstream, key }: RetryAction): Promise<Finding> => {
  const attempt = await recall(failoverGuard, upstream, key).catch(asError);
  if (attempt instanceof Error) return notRead();
  return attempt === null || attempt.outcome === 'notSent' || attempt.outcome === 'refused'
    ? good('Nothing was started under the idempotencyKey.')
    : bad('The idempotencyKey is taken: pressing it answers with that retry and starts nothing.');
};

const sameSystem = (identity: IdentityFound | UpstreamError): Finding => {
  if (identity instanceof UpstreamError) return bad(`Could not be checked: ${toReportedError(identity).message}`);
  return identity.holds ? good(`It is ${identity.identity}, as at the start.`) : bad(identity.detail);
};

const safeguards = (context: MutationContext, upstream: string, token: string | Error | null): Finding => {
  if (!isRemembered(context, upstream)) return bad('There is no audit.file, without which nothing is sent.');
  return token instanceof Error
    ? bad('Redis, which keeps the lock and the secret of plans, cannot be reached.')
    : good('What is pressed is written down before it is sent.');
};

const noRetryOpen = async (context: MutationContext, action: RetryAction): Promise<Finding> => {
  const open = await openAttemptAbout(context.failoverGuard, action, context.call).catch(asError);
  if (open instanceof UpstreamError) return bad(`Could not be checked: ${toReportedError(open).message}`);
  if (open instanceof Error) return notRead();
  return open === null
    ? good('No earlier retry of it is open.')
    : bad(`An earlier retry of it, ${open.key.replace('retryCopy:', 'under the key ')}, has not shown yet.`);
};
