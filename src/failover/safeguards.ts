import type { RefusalCode } from '../domain/refusal.js';
import type { CallOptions } from '../calling/call.js';
import { asError } from '../calling/outcome.js';
import type { Action } from './action.js';
import type { Answer } from './answers.js';
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

/** The upstream that an action asks. */
export const askedOf = <Seen, Result extends Answer>({ upstream, about }: Action<Seen, Result>): string =>
  about.sentTo ?? upstream;

const plannedOf = <Seen, Result extends Answer>(
  { name, upstream, key, bodyDigest }: Action<Seen, Result>,
  identity: string,
): Planned => [name, upstream, key, bodyDigest, identity];

/** The token of a plan on that system; an `Error` if Redis, which holds the secret of tokens, cannot be reached. */
export const sealPlan = <Seen, Result extends Answer>(
  { failoverGuard }: MutationContext,
  action: Action<Seen, Result>,
  identity: string,
): Promise<string | Error> => failoverGuard.plans.seal(plannedOf(action, identity)).catch(asError);

/**
 * The conditions of every request, planned or not: a durable record, and the same system as at the start. An outage of
 * the upstream is thrown, because nothing was sent.
 */
export const unfit = async (
  context: MutationContext,
  upstream: string,
  call: CallOptions,
): Promise<Unmet | Extract<IdentityFound, { holds: true }>> => {
  if (!isRemembered(context, upstream))
    return { code: 'AUDIT_UNAVAILABLE', message: 'No audit.file is configured, and the record must be written first.' };
  const found = await checkIdentity(context, upstream, call);
  return found.holds ? found : { code: 'OTHER_SYSTEM', message: found.detail };
};

/**
 * The same for an action, which also needs the token of an equal dry run; `null` if all hold. Without `planNeeded` the
 * token may be absent, but not wrong.
 */
export const unsafe = async <Seen, Result extends Answer>(
  context: MutationContext,
  action: Action<Seen, Result>,
  call: CallOptions,
  token: string | null,
  planNeeded = true,
): Promise<Unmet | null> => {
  const found = await unfit(context, askedOf(action), call);
  if ('code' in found) return found;
  if (token === null && !planNeeded) return null;
  const planned = plannedOf(action, found.identity);
  const problem = await context.failoverGuard.plans.problemOf(token, planned).catch(asError);
  if (problem instanceof Error)
    return { code: 'LOCK_UNAVAILABLE', message: 'Redis, which keeps the secret of plans, cannot be reached.' };
  return problem === null ? null : { code: 'PLAN_REQUIRED', message: problem };
};
