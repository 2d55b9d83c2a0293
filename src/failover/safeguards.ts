import type { RefusalCode } from '../domain/refusal.js';
import type { CallOptions } from '../calling/call.js';
import { asError } from '../calling/outcome.js';
import type { IdentityFound } from './identities.js';
import type { MutationContext } from './mutation-context.js';
import type { Planned } from './plan-seal.js';

/** A condition that prevents any action. */
interface Unmet {
  readonly code: RefusalCode;
  readonly message: string; // about the missing condition
}

/** Whether records can outlive the process. The sandbox needs no memory. */
export const isRemembered = ({ failoverGuard, session }: MutationContext, upstream: string): boolean =>
  failoverGuard.audit.durable || session.clients.get(upstream)?.upstream.sandbox === true;

/** Compares the system that answers now with the first one. An outage is thrown. */
export const checkIdentity = (
  { session, failoverGuard }: MutationContext,
  upstream: string,
  call: CallOptions,
): Promise<IdentityFound> => {
  const read = session.clients.get(upstream)?.identityNow;
  if (read === undefined) throw new Error(`${upstream} does not report its identity, so no action is possible`);
  return failoverGuard.identities.check(upstream, () => read(call));
};

/** The token of a plan on that system; an `Error` if Redis, which holds the secret of tokens, cannot be reached. */
export const sealPlan = (
  { failoverGuard }: MutationContext,
  planned: Planned,
  identity: string,
): Promise<string | Error> => failoverGuard.plans.seal([...planned, identity]).catch(asError);

/**
 * The conditions of every action: a durable record, the same system as at the start, and the token of an equal dry run.
 * `null` if all hold. An outage of the upstream is thrown, because nothing was sent.
 */
export const unsafe = async (
  context: MutationContext,
  upstream: string,
  call: CallOptions,
  { token, planned }: { readonly token: string | null; readonly planned: Planned },
): Promise<Unmet | null> => {
  if (!isRemembered(context, upstream))
    return { code: 'AUDIT_UNAVAILABLE', message: 'No audit.file is configured, and the record must be written first.' };
  const found = await checkIdentity(context, upstream, call);
  if (!found.holds) return { code: 'OTHER_SYSTEM', message: found.detail };
  const problem = await context.failoverGuard.plans.problemOf(token, [...planned, found.identity]).catch(asError);
  if (problem instanceof Error)
    return { code: 'LOCK_UNAVAILABLE', message: 'Redis, which keeps the secret of plans, cannot be reached.' };
  return problem === null ? null : { code: 'PLAN_REQUIRED', message: problem };
};
