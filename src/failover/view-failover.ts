import { createHash } from 'node:crypto';
import { BadInputError } from '../domain/bad-input.js';
import { attemptKey } from '../domain/failover-attempt.js';
import { workflowId } from '../domain/global-id.js';
import { type RefusalCode, refusal } from '../domain/refusal.js';
import { type ListedViewFailover, subjectOfView } from '../domain/view-failover.js';
import type { ViewFailoverRequest, ViewFailoverResult } from '../domain/view-failover-result.js';
import type { CallOptions } from '../calling/call.js';
import { clientsNamed } from '../upstream/clients.js';
import type { ViewFailoverAbility } from '../upstream/view-failover-ability.js';
import type { Admitted } from './action.js';
import type { MutationContext } from './mutation-context.js';
import { press } from './press.js';
import { unsafe } from './safeguards.js';
import { failoverOfAttempt, findListed } from './view-failovers.js';
import { looksAtView } from './view-looks.js';
import { type ViewAction, planViewFailover } from './view-plan.js';

const rejected = (code: RefusalCode, message: string, path: readonly string[] = []): ViewFailoverResult =>
  refusal('FailoverRejected', code, `${message} Nothing was sent.`, { path });

const invalid = (member: string, message: string): ViewFailoverResult =>
  refusal('InvalidFailoverInput', 'BAD_USER_INPUT', `input.${member} ${message}`, { path: ['input', member] });

const problemOf = (request: ViewFailoverRequest): ViewFailoverResult | null => {
  const { idempotencyKey, viewId, action, reverseReplication, acceptDataLossSeconds } = request;
  if (!workflowId.test(idempotencyKey))
    return invalid('idempotencyKey', 'must be 1 to 64 characters out of A-Z, a-z, 0-9, _ and -.');
  if (viewId <= 0n) return invalid('viewId', 'must be the id of a view, a positive number.');
  if (action === 'FINALIZE' && reverseReplication !== null)
    return invalid('reverseReplication', 'is said to PREPARE; FINALIZE takes it from there.');
  if (acceptDataLossSeconds !== null && acceptDataLossSeconds < 0)
    return invalid('acceptDataLossSeconds', 'must be a number of seconds, 0 or more.');
  return null;
};

const findAbility = (
  { session: { clients } }: MutationContext,
  upstream: string,
): ViewFailoverAbility | ViewFailoverResult => {
  try {
    const [found] = clientsNamed(clients, [upstream], 'input.upstream');
    return found?.viewFailover ?? invalid('upstream', `names ${upstream}, which takes no views over.`);
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    return refusal('InvalidFailoverInput', 'BAD_USER_INPUT', error.message, { path: ['input', 'upstream'] });
  }
};

/** Begins a step of a view's failover, or makes a plan. At most one POST is sent under a key. */
export const viewFailover = async (
  context: MutationContext,
  request: ViewFailoverRequest,
): Promise<ViewFailoverResult> => {
  const problem = problemOf(request);
  if (problem !== null) return problem;
  const ability = findAbility(context, request.upstream);
  if ('__typename' in ability) return ability;
  const action = actionOf(context, ability, request);
  if (request.dryRun) return planViewFailover(context, { ability, request, action });
  return press(context, context.failoverGuard.viewFailovers, action);
};

/** A key belongs to the request that is sent; the confirmations may be written differently the next time. */
const digestOf = ({ viewId, action, reverseReplication }: ViewFailoverRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([viewId.toString(), action, reverseReplication]))
    .digest('hex');

const actionOf = (context: MutationContext, ability: ViewFailoverAbility, request: ViewFailoverRequest): ViewAction => {
  const { upstream, viewId, idempotencyKey } = request;
  const action: ViewAction = {
    name: 'viewFailover',
    upstream,
    key: attemptKey('viewFailover', idempotencyKey),
    bodyDigest: digestOf(request),
    about: {
      objectIds: [viewId.toString()],
      replicationClusterId: null,
      step: request.action,
      subject: subjectOfView(viewId),
    },
    allowWithoutLock: false,
    upstreamKnowsKey: false,
    find: async (attempt, call) =>
      attempt === null ? null : findListed(context.failoverGuard, viewId, attempt, ability.list(viewId, call)),
    admit: (call) => admit(context, ability, { request, action }, call),
    madeIdOf: ({ failoverId }) => failoverId,
    answers: answersOf(request),
  };
  return action;
};

/** Repeats every check of a dry run; the first that fails is the answer. */
const admit = async (
  context: MutationContext,
  ability: ViewFailoverAbility,
  { request, action }: { readonly request: ViewFailoverRequest; readonly action: ViewAction },
  call: CallOptions,
): Promise<Admitted<ListedViewFailover> | ViewFailoverResult> => {
  const { viewId } = request;
  const unmet = await unsafe(context, action, call, request.planToken);
  if (unmet !== null) return rejected(unmet.code, unmet.message);
  const { looks, facts } = looksAtView(context, ability, request, call);
  for (const { find, code, path } of looks) {
    const found = await find();
    if (!found.ok) return rejected(found.code ?? code, found.detail, path);
  }
  return {
    ground: (await facts.listed).map(({ failoverId }) => failoverId),
    send: async (options) => {
      const seen = await ability.start(viewId, request, options);
      return { seen, madeId: seen.failoverId };
    },
  };
};

const answersOf = ({ upstream, viewId }: ViewFailoverRequest): ViewAction['answers'] => ({
  accepted: (listed, attempt) => {
    if (attempt === null) throw new Error('a view failover that nobody pressed');
    return { __typename: 'ViewFailoverAccepted', failover: failoverOfAttempt(attempt, viewId, listed) };
  },
  conflict: () =>
    refusal(
      'FailoverConflict',
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotencyKey belongs to another step or another view. Nothing was sent. Choose another key.',
      { path: ['input', 'idempotencyKey'] },
    ),
  rejected: (code, message) => refusal('FailoverRejected', code, message),
  refused: ({ reason, errorCode }) =>
    refusal(
      'FailoverRejected',
      'REJECTED_BY_CLUSTER',
      `Upstream ${upstream} ${reason === 'throttled' ? 'asks to slow down' : 'refused the failover of the view'}; nothing was started. The same key can be used again, with a new plan.`,
      { errorCode },
    ),
  blocked: ({ key, outcome, step }) =>
    rejected(
      outcome === 'accepted' ? 'NOT_POSSIBLE' : 'UNCONFIRMED',
      `An earlier ${step ?? 'step'} of this view, ${key.replace('viewFailover:', 'under the key ')}, ${outcome === 'accepted' ? 'was taken on and does not show yet' : 'may have been taken on'}: check the cluster.`,
    ),
});
