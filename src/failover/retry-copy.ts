import { createHash } from 'node:crypto';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { CopyRetryAccepted, CopyRetryResult } from '../domain/copy-retry.js';
import { type FailoverAttempt, attemptKey, mayStillAppear } from '../domain/failover-attempt.js';
import { type ParsedId, workflowId } from '../domain/global-id.js';
import { type RefusalCode, refusal } from '../domain/refusal.js';
import type { RetryAbility } from '../upstream/product.js';
import type { Retryable } from '../upstream/retryable.js';
import type { CallOptions } from '../calling/call.js';
import { clock } from '../calling/clock.js';
import { orNull } from '../calling/outcome.js';
import type { Admitted } from './action.js';
import { freshly } from './freshly.js';
import type { MutationContext } from './mutation-context.js';
import { press } from './press.js';
import { unsafe } from './safeguards.js';
import { type RetryAction, looksOf, planRetry } from './retry-plan.js';

/** A caller's retry request: the copy, and the key. */
interface RetryRequest {
  readonly copyId: string; // in the form that the graph shows
  readonly id: ParsedId;
  readonly idempotencyKey: string;
  readonly dryRun: boolean;
  readonly planToken: string | null;
}

const rejected = (code: RefusalCode, message: string): CopyRetryResult =>
  refusal('RetryRejected', code, `${message} Nothing was sent.`);

const invalid = (member: string, message: string): CopyRetryResult =>
  refusal('InvalidRetryInput', 'BAD_USER_INPUT', message, { path: ['input', member] });

/** Retries a copy that did not end well, or makes a plan. At most one request is sent under a key. */
export const retryCopy = async (context: MutationContext, request: RetryRequest): Promise<CopyRetryResult> => {
  const { id, idempotencyKey } = request;
  if (!workflowId.test(idempotencyKey))
    return invalid('idempotencyKey', 'input.idempotencyKey must be 1 to 64 characters out of A-Z, a-z, 0-9, _ and -.');
  const { session, failoverGuard } = context;
  const ability = session.clients.get(id.upstream)?.retry;
  if (ability === undefined) return invalid('id', `input.id is a copy of ${id.upstream}, which makes no copy again.`);
  const retryable = await ability.find(freshly(session, context.call), id);
  const action = actionOf(context, ability, request, retryable);
  if (!request.dryRun) return press(context, failoverGuard.retries, action);
  return retryable === null ? noSuchCopy() : planRetry(context, action, retryable);
};

const noSuchCopy = (): CopyRetryResult => rejected('NOT_FOUND', 'The upstream has no copy of this id (any more).');

/** The copy that shows the effect of an attempt; `null` if none does. */
const shownBy = (
  ability: RetryAbility,
  { copies }: Retryable,
  { madeId, ground }: Pick<FailoverAttempt, 'madeId' | 'ground'>,
): CopyOperation | null => {
  if (madeId !== null) return copies.find(({ id }) => id === madeId) ?? null;
  const isNew = (copy: CopyOperation): boolean => {
    const mark = ability.markOf(copy);
    return mark !== null && !ground.includes(mark);
  };
  return copies.find(isNew) ?? null;
};

const actionOf = (
  context: MutationContext,
  ability: RetryAbility,
  request: RetryRequest,
  retryable: Retryable | null,
): RetryAction => {
  const { id, copyId, idempotencyKey } = request;
  const { upstream } = id;
  const find: RetryAction['find'] = async (attempt, call) => {
    if (attempt === null || attempt.outcome === 'refused' || attempt.outcome === 'notSent') return null;
    const now = await ability.find(freshly(context.session, call), id);
    return now === null ? null : shownBy(ability, now, attempt);
  };
  const action: RetryAction = {
    name: 'retryCopy',
    upstream,
    key: attemptKey('retryCopy', idempotencyKey),
    bodyDigest: createHash('sha256')
      .update(JSON.stringify([copyId]))
      .digest('hex'),
    about: { objectIds: [copyId], replicationClusterId: null, step: null, subject: retryable?.subject ?? copyId },
    allowWithoutLock: false,
    upstreamKnowsKey: false,
    find,
    admit: (call) => admit(context, ability, request, action, call),
    madeIdOf: () => null,
    answers: answersOf(upstream),
  };
  return action;
};

/** Repeats every check of a dry run. */
const admit = async (
  context: MutationContext,
  ability: RetryAbility,
  request: RetryRequest,
  action: RetryAction,
  call: CallOptions,
): Promise<Admitted<CopyOperation> | CopyRetryResult> => {
  const { session } = context;
  const unmet = await unsafe(context, action, call, request.planToken);
  if (unmet !== null) return rejected(unmet.code, unmet.message);
  const retryable = await ability.find(freshly(session, call), request.id);
  if (retryable === null) return noSuchCopy();
  const { send, copies, subject } = retryable;
  const failed = looksOf(retryable, clock()).find(({ ok }) => !ok);
  if (failed !== undefined || 'why' in send)
    return rejected('NOT_RETRYABLE', failed?.detail ?? 'It cannot be asked for.');
  if (subject !== action.about.subject)
    return rejected('NOT_RETRYABLE', 'The upstream reports the copy differently than a moment ago: try again.');
  const ground = copies.flatMap((copy) => ability.markOf(copy) ?? []);
  return {
    ground,
    send: async (options) => {
      const madeId = await send(tokenOf(action, request), options);
      ability.forget(session);
      return { madeId, seen: await orNull(shownAfter(context, ability, request, { madeId, ground })) };
    },
  };
};

/** The effect that is visible at once, for the answer. The request was accepted, whether or not it can be read. */
const shownAfter = async (
  { session, call }: MutationContext,
  ability: RetryAbility,
  { id }: RetryRequest,
  made: Pick<FailoverAttempt, 'madeId' | 'ground'>,
): Promise<CopyOperation | null> => {
  const now = await ability.find(freshly(session, call), id);
  return now === null ? null : shownBy(ability, now, made);
};

/** The token by which AWS recognizes a repeated request; equal for the same upstream, copy and key. */
const tokenOf = ({ upstream }: RetryAction, { copyId, idempotencyKey }: RetryRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([upstream, copyId, idempotencyKey]))
    .digest('hex');

const stateOf = (seen: CopyOperation | null, attempt: FailoverAttempt | null): CopyRetryAccepted['state'] => {
  const isKnown = attempt !== null && (attempt.madeId !== null || mayStillAppear(attempt, clock()));
  return seen !== null || isKnown ? 'REQUESTED' : 'UNCONFIRMED';
};

const answersOf = (upstream: string): RetryAction['answers'] => ({
  accepted: (operation, attempt) => ({
    __typename: 'CopyRetryAccepted',
    operation,
    state: stateOf(operation, attempt),
    upstream,
    requestedAt: attempt?.startedAt ?? null,
  }),
  conflict: () =>
    refusal(
      'CopyRetryConflict',
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotencyKey belongs to the retry of another copy. Nothing was sent. Choose another key.',
      { path: ['input', 'idempotencyKey'] },
    ),
  rejected: (code, message) => refusal('RetryRejected', code, message),
  refused: ({ reason, errorCode }) =>
    refusal(
      'RetryRejected',
      'REJECTED_BY_CLUSTER',
      `Upstream ${upstream} ${reason === 'throttled' ? 'asks to slow down' : 'refused the retry'}; no copy was started. The same key can be used again, with a new plan.`,
      { errorCode },
    ),
  blocked: ({ key, outcome }) =>
    rejected(
      outcome === 'accepted' ? 'NOT_RETRYABLE' : 'UNCONFIRMED',
      `An earlier retry of this copy, ${key.replace('retryCopy:', 'under the key ')}, ${outcome === 'accepted' ? 'was taken on and does not show yet' : 'may have been taken on'}: check the upstream.`,
    ),
});
