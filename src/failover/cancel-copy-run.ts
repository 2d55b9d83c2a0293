import { isFinished } from '../domain/activity.js';
import type { CopyRun } from '../domain/copy-run.js';
import type { CancelCopyRunResult } from '../domain/cancel-result.js';
import type { ParsedId } from '../domain/global-id.js';
import { cancelRejected, sendCancel } from './cancel.js';
import type { MutationContext } from './mutation-context.js';
import { orNull } from '../calling/outcome.js';

const requested = (copyRun: CopyRun): CancelCopyRunResult => ({ __typename: 'CopyRunCancelRequested', copyRun });

const isStopping = ({ state }: CopyRun): boolean => state === 'CANCELING' || state === 'CANCELED';

/**
 * Asks one copy to stop: a read of its run, the cancel, and a read of the result. If the copy is already stopping,
 * nothing is sent.
 */
export const cancelCopyRun = (context: MutationContext, id: ParsedId): Promise<CancelCopyRunResult> =>
  context.failoverGuard.copyRunCancels.join([id.upstream, ...id.parts].join(' '), () => cancelOnce(context, id)).result;

const cancelOnce = async (context: MutationContext, id: ParsedId): Promise<CancelCopyRunResult> => {
  const { session } = context;
  const ability = session.clients.get(id.upstream)?.cancel;
  const copyRun = (await ability?.find(session, id)) ?? null;
  if (ability === undefined || copyRun === null)
    return cancelRejected('NOT_FOUND', 'The cluster has no copy run of this id (any more).');
  if (isStopping(copyRun)) return requested(copyRun);
  if (copyRun.target?.kind === 'LOCAL') {
    return cancelRejected(
      'NOT_CANCELABLE',
      'This is the local snapshot of a run and no copy of it: it ends with its run.',
    );
  }
  if (isFinished(copyRun.state)) return cancelRejected('NOT_CANCELABLE', `The copy has ended: ${copyRun.state}.`);
  const { taskUid } = copyRun;
  if (taskUid === null) {
    return cancelRejected('NOT_CANCELABLE', 'The cluster gave this copy no taskUid, so a cancel cannot name it.');
  }
  const read = (signal?: AbortSignal): Promise<CopyRun | null> =>
    ability.find({ ...session, call: { signal, maxAgeMs: 0 }, base: null }, id);
  const outcome = await sendCancel(context, {
    action: 'cancelCopyRun',
    upstream: id.upstream,
    key: copyRun.id,
    send: (signal) => ability.cancel(copyRun, taskUid, { signal }),
    look: async (signal) => {
      const now = await read(signal);
      return now !== null && isStopping(now) ? now : null;
    },
  });
  if ('__typename' in outcome) return outcome;
  const after = outcome.seen ?? (await orNull(read(context.call.signal))); // accepted, whether or not it can be read
  ability.forget(session);
  return requested(after ?? copyRun);
};
