import type { FailoverCheck } from '../domain/failover-result.js';
import type { ListedViewFailover } from '../domain/view-failover.js';
import type { ViewFailoverPlan, ViewFailoverRequest, ViewFailoverResult } from '../domain/view-failover-result.js';
import { orNull } from '../calling/outcome.js';
import type { ViewFailoverAbility } from '../upstream/view-failover-ability.js';
import type { Action } from './action.js';
import { orUnread } from './confirmations.js';
import type { MutationContext } from './mutation-context.js';
import { nothingOpen, openingChecks } from './plan-checks.js';
import { looksAtView } from './view-looks.js';

export type ViewAction = Action<ListedViewFailover, ViewFailoverResult>;

interface Asked {
  readonly ability: ViewFailoverAbility;
  readonly request: ViewFailoverRequest;
  readonly action: ViewAction;
}

/** Both checks must pass: the cluster lists no running failover, and no attempt of ours is open. */
const joined = (one: FailoverCheck, other: Pick<FailoverCheck, 'ok' | 'detail'>): FailoverCheck =>
  one.ok ? { ...other, name: one.name } : one;

/** Checks a step without starting anything; returns a token if all checks pass. */
export const planViewFailover = async (
  context: MutationContext,
  { ability, request, action }: Asked,
): Promise<ViewFailoverPlan> => {
  const opening = await openingChecks(context, action);
  const { looks, facts } = looksAtView(context, ability, request, context.call);
  const looked = await Promise.all(
    looks.map(async ({ name, find }): Promise<FailoverCheck> => {
      const { ok, detail } = await find().catch(orUnread);
      return { name, ok, detail };
    }),
  );
  const open = await nothingOpen(context, action);
  const checks: readonly FailoverCheck[] = [
    ...opening.checks,
    ...looked.map((one) => (one.name === 'NO_FAILOVER_UNDER_WAY' ? joined(one, open) : one)),
  ];
  return {
    __typename: 'ViewFailoverPlan',
    checks,
    allowed: await orNull(facts.operations),
    dataAgeSeconds: await orNull(facts.ageSeconds),
    planToken: opening.tokenFor(checks),
  };
};
