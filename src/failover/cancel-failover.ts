import type { CancelFailoverResult } from '../domain/cancel-result.js';
import type { Failover } from '../domain/failover.js';
import type { ParsedId } from '../domain/global-id.js';
import { cancelRejected, sendCancel } from './cancel.js';
import { recall } from './guard.js';
import { abilityOf, loadFailover, loadFailoverProgress, toFailover } from './status.js';
import type { MutationContext } from './mutation-context.js';
import { orNull } from '../calling/outcome.js';

const requested = (failover: Failover): CancelFailoverResult => ({ __typename: 'FailoverCancelRequested', failover });

/**
 * Cancels a failover, up to the activation of the backup, which the cluster checks. If it is already canceled, nothing
 * is sent. A failover unknown to this gateway is left to the cluster, because a poll may not list it yet.
 */
export const cancelFailover = (
  context: MutationContext,
  { upstream, parts }: ParsedId,
): Promise<CancelFailoverResult> => {
  const [key = ''] = parts;
  return context.failoverGuard.failoverCancels.join(`${upstream} ${key}`, () => cancelOnce(context, upstream, key))
    .result;
};

const cancelOnce = async (context: MutationContext, upstream: string, key: string): Promise<CancelFailoverResult> => {
  const { session, failoverGuard, now } = context;
  const ability = abilityOf(session, upstream);
  if (ability === undefined)
    return cancelRejected('NOT_FOUND', `Upstream ${upstream} cannot fail over, so it has no failovers.`);
  const before = await loadFailover(context, upstream, key);
  if (before !== null && (await loadFailoverProgress(session, before)).state === 'CANCELED') return requested(before);

  const outcome = await sendCancel(context, {
    action: 'cancelFailover',
    upstream,
    key,
    send: (signal) => ability.cancel(key, { signal }),
    look: async (signal) => {
      const planned = await ability.poll(key, { signal });
      return planned?.backupState === 'CANCELED' || planned?.backupState === 'CANCELING' ? planned : null;
    },
  });
  if ('__typename' in outcome) return outcome;
  // The earlier check may have read the run; the answer needs a new read.
  ability.forget(session, key);
  // The cancel was accepted, whether or not its effect can be read.
  const planned = (await orNull(ability.planned(session, key))) ?? before?.planned ?? null;
  const attempt = await recall(failoverGuard, upstream, key).catch(() => null);
  return requested(toFailover(upstream, key, { planned, attempt, now }));
};
