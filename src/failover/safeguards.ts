import type { RefusalCode } from '../domain/refusal.js';
import type { CallOptions } from '../calling/call.js';
import { asError } from '../calling/outcome.js';
import type { IdentityFound } from './identities.js';
import type { MutationContext } from './mutation-context.js';
import type { Planned } from './plan-seal.js';

/** What keeps an action from being taken, whatever it is. */
interface Unmet {
  readonly code: RefusalCode;
  readonly message: string; // of what is wrong
}

/** Whether records can outlive the process. What the sandbox plays needs no memory. */
export const isRemembered = ({ failoverGuard, session }: MutationContext, upstream: string): boolean =>
  failoverGuard.audit.durable || session.clients.get(upstream)?.upstream.sandbox === true;

/** Compares who answers now with who answered first. An outage is thrown. */
export const checkIdentity = (
  { session, failoverGuard }: MutationContext,
  upstream: string,
  call: CallOptions,
): Promise<IdentityFound> => {
  const read = session.clients.get(upstream)?.identityNow;
  if (read === undefined) throw new Error(`${upstream} cannot say who it is, so nothing can be done with it`);
  return failoverGuard.identities.check(upstream, () => read(call));
};

/** The token of a plan of this on that system; an `Error` where Redis, which keeps the secret of tokens, cannot be asked. */
export const sealPlan = (
  { failoverGuard }: MutationContext,
  planned: Planned,
  identity: string,
): Promise<string | Error> => failoverGuard.plans.seal([...planned, identity]).catch(asError);

/**
 * What every action needs before it may be sent: a record that lasts, the system of the start, and the token of a dry
 * run of the same. `null` where all of it is there; an outage of the upstream is thrown, as nothing was sent.
 */
export const unsafe = async (
  context: MutationContext,
  upstream: string,
  call: CallOptions,
  { token, planned }: { readonly token: string | null; readonly planned: Planned },
): Promise<Unmet | null> => {
  if (!isRemembered(context, upstream))
    return { code: 'AUDIT_UNAVAILABLE', message: 'There is no audit.file, which must have the record first.' };
  const found = await checkIdentity(context, upstream, call);
  if (!found.holds) return { code: 'OTHER_SYSTEM', message: found.detail };
  const problem = await context.failoverGuard.plans.problemOf(token, [...planned, found.identity]).catch(asError);
  if (problem instanceof Error)
    return { code: 'LOCK_UNAVAILABLE', message: 'Redis, which keeps the secret of plans, cannot be reached.' };
  return problem === null ? null : { code: 'PLAN_REQUIRED', message: problem };
};
