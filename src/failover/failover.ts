import { createHash } from 'node:crypto';
import { BadInputError } from '../domain/bad-input.js';
import type { PlannedRun } from '../domain/failover.js';
import { type FailoverRequest, canonicalBody, problemOf } from '../domain/failover-input.js';
import type { FailoverResult } from '../domain/failover-result.js';
import { refusal } from '../domain/refusal.js';
import type { FailoverAbility } from '../upstream/product.js';
import { clock } from '../calling/clock.js';
import { clientsNamed } from '../upstream/clients.js';
import type { Action } from './action.js';
import { planFailover } from './plan.js';
import { press } from './press.js';
import { toFailover } from './status.js';
import type { MutationContext } from './mutation-context.js';

/** Starts a planned failover, or makes a plan. At most one planned run is started under a key. */
export const failover = async (context: MutationContext, request: FailoverRequest): Promise<FailoverResult> => {
  const problem = problemOf(request);
  if (problem !== null)
    return refusal('InvalidFailoverInput', 'BAD_USER_INPUT', problem.message, { path: problem.path });
  const ability = findAbility(context, request.upstream);
  if ('__typename' in ability) return ability;
  if (request.dryRun) return planFailover(context, request);
  return press(context, context.failoverGuard.presses, plannedRunOf(ability, request));
};

/** The planned run as an action. Its key is the workflow id, which the cluster knows. */
const plannedRunOf = (ability: FailoverAbility, request: FailoverRequest): Action<PlannedRun, FailoverResult> => {
  const { upstream, idempotencyKey: key } = request;
  return {
    name: 'failover',
    upstream,
    key,
    bodyDigest: createHash('sha256').update(canonicalBody(request)).digest('hex'),
    about: {
      objectIds: request.objects.map(({ objectId }) => objectId.toString()),
      replicationClusterId: request.replicationClusterId.toString(),
      step: null,
      subject: null, // the cluster decides which runs may run at once
    },
    allowWithoutLock: request.allowWithoutLock,
    upstreamKnowsKey: true,
    find: (_attempt, call) => ability.poll(key, call),
    admit: async () => ({
      ground: [],
      send: async (call) => {
        await ability.start(key, request, call);
        return { seen: null, madeId: null };
      },
    }),
    madeIdOf: () => null,
    answers: answersOf(upstream, key),
  };
};

const answersOf = (upstream: string, key: string): Action<PlannedRun, FailoverResult>['answers'] => ({
  accepted: (planned, attempt) => ({
    __typename: 'FailoverAccepted',
    failover: toFailover(upstream, key, { planned, attempt, now: clock() }),
  }),
  conflict: () =>
    refusal(
      'FailoverConflict',
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotencyKey belongs to a failover with another body. Nothing was sent. For another failover choose another key; to repeat the first one, send its body.',
      { path: ['input', 'idempotencyKey'] },
    ),
  rejected: (code, message) => refusal('FailoverRejected', code, message),
  refused: ({ status, errorCode }) =>
    refusal(
      'FailoverRejected',
      'REJECTED_BY_CLUSTER',
      `Upstream ${upstream} ${status === 429 ? 'asks to slow down' : 'refused the planned run'}; no run was started. The same request can be pressed again under this key, a changed one needs another.`,
      { errorCode },
    ),
  blocked: ({ key: earlier }) =>
    refusal('FailoverRejected', 'LOCK_UNAVAILABLE', `The failover ${earlier} is not over. Nothing was sent.`),
});

const findAbility = ({ session: { clients } }: MutationContext, upstream: string): FailoverAbility | FailoverResult => {
  const invalid = (message: string): FailoverResult =>
    refusal('InvalidFailoverInput', 'BAD_USER_INPUT', message, { path: ['input', 'upstream'] });
  try {
    const [found] = clientsNamed(clients, [upstream], 'input.upstream');
    return found?.failover ?? invalid(`input.upstream names ${upstream}, which cannot fail over.`);
  } catch (error) {
    if (error instanceof BadInputError) return invalid(error.message);
    throw error;
  }
};
