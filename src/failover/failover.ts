import { createHash } from 'node:crypto';
import { BadInputError } from '../domain/bad-input.js';
import { decide } from '../domain/failover-attempt.js';
import { type FailoverRequest, canonicalBody, problemOf } from '../domain/failover-input.js';
import type { FailoverResult } from '../domain/failover-result.js';
import { refusal } from '../domain/refusal.js';
import type { FailoverAbility } from '../upstream/product.js';
import { unlessAborted } from '../calling/deadline.js';
import { clientsNamed } from '../upstream/clients.js';
import { planFailover } from './plan.js';
import { acceptedAs, conflict, rejected } from './answers.js';
import { pressOnce } from './press.js';
import { toFailover } from './status.js';
import type { MutationContext } from './mutation-context.js';

/**
 * Starts a planned failover, or says what would happen. However often and from wherever it is called with one key, at
 * most one request is taken on by the cluster: equal calls join here, wait for each other over replicas, look at the
 * cluster and at what is remembered, and send only what nobody can have sent before. An outage before anything was sent
 * is thrown.
 */
export const failover = async (context: MutationContext, request: FailoverRequest): Promise<FailoverResult> => {
  const problem = problemOf(request);
  if (problem !== null)
    return refusal('InvalidFailoverInput', 'BAD_USER_INPUT', problem.message, { path: problem.path });
  const ability = findAbility(context, request.upstream);
  if ('__typename' in ability) return ability;
  if (request.dryRun) return planFailover(context, request);

  const { failoverGuard, call, now } = context;
  const { upstream, idempotencyKey: key } = request;
  const bodyDigest = createHash('sha256').update(canonicalBody(request)).digest('hex');
  const press = failoverGuard.presses.join(
    `${upstream} ${key}`,
    () => pressOnce(context, ability, request, bodyDigest),
    bodyDigest,
  );
  if (press.mark !== bodyDigest) return conflict();
  try {
    // The press goes on whoever waits for it: a caller who goes away must not leave it half done.
    return await unlessAborted(call.signal, press.result, () => new OutOfTimeError());
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) throw error;
    // A press sends nothing once the operation's time is up: what has not begun by now never will.
    const attempt = await failoverGuard.memory.find(upstream, key);
    const decision = decide(attempt, { bodyDigest, isListed: false });
    if (decision === 'conflict') return conflict();
    return decision === 'answer'
      ? acceptedAs(toFailover(upstream, key, { planned: null, attempt, now }))
      : rejected('LOCK_UNAVAILABLE', 'There was no time left to find out whether another replica presses this key.');
  }
};

class OutOfTimeError extends Error {}

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
