import type { CancelViewFailoverResult } from '../domain/cancel-result.js';
import type { ParsedId } from '../domain/global-id.js';
import { type ListedViewFailover, type ViewFailover, isUnderWay, subjectOfView } from '../domain/view-failover.js';
import { orNull } from '../calling/outcome.js';
import type { ViewFailoverAbility } from '../upstream/view-failover-ability.js';
import { cancelRejected, sendCancel } from './cancel.js';
import { freshly } from './freshly.js';
import type { MutationContext } from './mutation-context.js';
import { unfit } from './safeguards.js';
import { withSubject } from './subject-turn.js';
import { newestOf } from './view-facts.js';
import { loadViewFailover, viewAbilityOf } from './view-failovers.js';

const requested = (failover: ViewFailover): CancelViewFailoverResult => ({
  __typename: 'ViewFailoverAccepted',
  failover,
});

/**
 * Cancels a view's running failover, if it is the named one, because the cluster cancels by the view alone. If it is
 * already canceled, nothing is sent.
 */
export const cancelViewFailover = (context: MutationContext, id: ParsedId): Promise<CancelViewFailoverResult> =>
  context.failoverGuard.viewFailoverCancels.join([id.upstream, ...id.parts].join(' '), () => underLock(context, id))
    .result;

/** No step of the view can begin during the cancel. */
const underLock = async (context: MutationContext, id: ParsedId): Promise<CancelViewFailoverResult> => {
  const { upstream, parts } = id;
  const ability = viewAbilityOf(context, upstream);
  if (ability === undefined) return cancelRejected('NOT_FOUND', `Upstream ${upstream} takes no views over.`);
  const found = await unfit(context, upstream, context.call);
  if ('code' in found) return cancelRejected(found.code, `${found.message} Nothing was sent.`);
  const subject = subjectOfView(BigInt(parts[0] ?? ''));
  return withSubject(
    context,
    { upstream, subject, thing: 'view' },
    () => cancelOnce(context, ability, id),
    (why) => cancelRejected('LOCK_UNAVAILABLE', `${why} Nothing was sent.`),
  );
};

const readNow = (context: MutationContext, { upstream, parts }: ParsedId): Promise<ViewFailover | null> =>
  loadViewFailover({ ...context, session: freshly(context.session, context.call) }, upstream, parts);

/** The reason why a failover cannot be canceled; `null` if it can. */
const whyNot = async (
  { call }: MutationContext,
  ability: ViewFailoverAbility,
  viewId: bigint,
  { failoverId, state, endedAt }: Pick<ListedViewFailover, 'failoverId' | 'state' | 'endedAt'>,
): Promise<string | null> => {
  const [all, operations] = await Promise.all([ability.list(viewId, call), ability.operations(viewId, call)]);
  const newest = newestOf(all);
  if (newest?.failoverId !== failoverId)
    return 'It is not the newest failover of the view. A cancel stops only the newest.';
  if (operations !== null)
    return operations.includes('Cancel') ? null : `The cluster does not allow it: the failover is ${state}.`;
  if (!ability.withoutOperations)
    return 'The cluster does not report whether it allows a cancel: it has no operations of views.';
  return isUnderWay({ ...newest, state, endedAt }) ? null : `It has ended: ${state}.`;
};

const cancelOnce = async (
  context: MutationContext,
  ability: ViewFailoverAbility,
  id: ParsedId,
): Promise<CancelViewFailoverResult> => {
  const before = await readNow(context, id);
  if (before === null) return cancelRejected('NOT_FOUND', 'There is no failover of this id.');
  const { listed, viewId } = before;
  if (listed === null)
    return cancelRejected(
      'NOT_CANCELABLE',
      'The cluster does not list it. A cancel would stop another failover of the view. Nothing was sent.',
    );
  if (listed.state === 'CANCELED') return requested(before);
  const why = await whyNot(context, ability, viewId, listed);
  if (why !== null) return cancelRejected('NOT_CANCELABLE', `${why} Nothing was sent.`);
  const outcome = await sendCancel(context, {
    action: 'cancelViewFailover',
    upstream: id.upstream,
    key: before.id,
    send: (signal) => ability.cancel(viewId, { signal }),
    look: (signal) => effectOf(ability, viewId, listed, signal),
  });
  if ('__typename' in outcome) return outcome;
  return requested((await orNull(readNow(context, id))) ?? before);
};

/** The visible effect of a cancel: it has failed or is canceled. One that had ended can no longer be canceled. */
const effectOf = async (
  ability: ViewFailoverAbility,
  viewId: bigint,
  before: ListedViewFailover,
  signal: AbortSignal,
): Promise<ListedViewFailover | null> => {
  const now = (await ability.list(viewId, { signal })).find(({ failoverId }) => failoverId === before.failoverId);
  if (now === undefined) return null;
  if (now.state !== before.state) return now.state === 'FAILED' || now.state === 'CANCELED' ? now : null;
  if (isUnderWay(now)) return null;
  const operations = await ability.operations(viewId, { signal });
  return operations === null || operations.includes('Cancel') ? null : now;
};
