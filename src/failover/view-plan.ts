import type { FailoverCheck } from '../domain/failover-result.js';
import type { ListedViewFailover } from '../domain/view-failover.js';
import type { ViewFailoverPlan, ViewFailoverRequest, ViewFailoverResult } from '../domain/view-failover-result.js';
import { orFailure, orNull } from '../calling/outcome.js';
import type { ViewFailoverAbility } from '../upstream/view-failover-ability.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { Action } from './action.js';
import type { MutationContext } from './mutation-context.js';
import { keyUnused, nothingOpen, safeguards, sameSystem } from './plan-checks.js';
import type { Planned } from './plan-seal.js';
import { checkIdentity, sealPlan } from './safeguards.js';
import { looksAtView, orUnread } from './view-looks.js';

export type ViewAction = Action<ListedViewFailover, ViewFailoverResult>;

interface Asked {
  readonly ability: ViewFailoverAbility;
  readonly request: ViewFailoverRequest;
  readonly action: ViewAction;
  readonly planned: Planned;
}

/** Both checks must pass: the cluster lists no running failover, and no attempt of ours is open. */
const joined = (one: FailoverCheck, other: Pick<FailoverCheck, 'ok' | 'detail'>): FailoverCheck =>
  one.ok ? { ...other, name: one.name } : one;

/** Checks a step without starting anything; returns a token if all checks pass. */
export const planViewFailover = async (
  context: MutationContext,
  { ability, request, action, planned }: Asked,
): Promise<ViewFailoverPlan> => {
  const { upstream } = action;
  const identity = await orFailure(checkIdentity(context, upstream, context.call));
  const token =
    identity instanceof UpstreamError || !identity.holds ? null : await sealPlan(context, planned, identity.identity);
  const { looks, facts } = looksAtView(context, ability, request, context.call);
  const looked = await Promise.all(
    looks.map(async ({ name, find }): Promise<FailoverCheck> => {
      const { ok, detail } = await find().catch(orUnread);
      return { name, ok, detail };
    }),
  );
  const open = await nothingOpen(context, action);
  const checks: readonly FailoverCheck[] = [
    { name: 'KEY_UNUSED', ...(await keyUnused(context, action)) },
    { name: 'SAME_SYSTEM', ...sameSystem(identity) },
    { name: 'SAFEGUARDS', ...safeguards(context, upstream, token) },
    ...looked.map((one) => (one.name === 'NO_FAILOVER_UNDER_WAY' ? joined(one, open) : one)),
  ];
  const ok = checks.every((check) => check.ok);
  return {
    __typename: 'ViewFailoverPlan',
    checks,
    allowed: await orNull(facts.operations),
    dataAgeSeconds: await orNull(facts.ageSeconds),
    planToken: ok && typeof token === 'string' ? token : null,
  };
};
