import type { FailoverCheck } from '../domain/failover-result.js';
import { UpstreamError } from '../domain/upstream-error.js';
import { asError, orFailure } from '../calling/outcome.js';
import type { Action } from './action.js';
import type { Answer } from './answers.js';
import { type Finding, bad, good, unread } from './finding.js';
import { recall } from './guard.js';
import type { IdentityFound } from './identities.js';
import type { MutationContext } from './mutation-context.js';
import { openAttemptAbout } from './ready.js';
import { askedOf, checkIdentity, isRemembered, sealPlan } from './safeguards.js';

const notRead = (): Finding => bad('Could not be checked: the earlier requests cannot be read.');

/** The check that nothing was started under the key of an action. */
const keyUnused = async <Seen, Result extends Answer>(
  { failoverGuard }: MutationContext,
  { upstream, key }: Action<Seen, Result>,
): Promise<Finding> => {
  const attempt = await recall(failoverGuard, upstream, key).catch(asError);
  if (attempt instanceof Error) return notRead();
  return attempt === null || attempt.outcome === 'notSent' || attempt.outcome === 'refused'
    ? good('Nothing was started under the idempotencyKey.')
    : bad('The idempotencyKey is taken: pressing it answers with what it started and starts nothing.');
};

/** The check that the same system answers as at the start. */
const sameSystem = (identity: IdentityFound | UpstreamError): Finding => {
  if (identity instanceof UpstreamError) return unread(identity);
  return identity.holds ? good(`It is ${identity.identity}, as at the start.`) : bad(identity.detail);
};

/** The check that the request would be remembered; `token` is from `sealPlan`. */
const safeguards = (context: MutationContext, upstream: string, token: string | Error | null): Finding => {
  if (!isRemembered(context, upstream)) return bad('No audit.file is configured. Nothing is sent without it.');
  return token instanceof Error
    ? bad('Redis, which keeps the lock and the secret of plans, cannot be reached.')
    : good('Each request is recorded before it is sent.');
};

/** The check that no attempt of ours on the same subject is open under another key. */
export const nothingOpen = async <Seen, Result extends Answer>(
  context: MutationContext,
  action: Action<Seen, Result>,
): Promise<Finding> => {
  const open = await openAttemptAbout(context.failoverGuard, action, context.call).catch(asError);
  if (open instanceof UpstreamError) return unread(open);
  if (open instanceof Error) return notRead();
  return open === null
    ? good('No earlier request for it is open.')
    : bad(`An earlier request, under the key ${open.key.replace(/^\w+:/, '')}, does not show yet.`);
};

interface Opening {
  readonly checks: readonly (FailoverCheck & { readonly name: 'KEY_UNUSED' | 'SAME_SYSTEM' | 'SAFEGUARDS' })[];
  /** The token of the plan, for when every check passes; `null` otherwise. */
  tokenFor(checks: readonly Pick<FailoverCheck, 'ok'>[]): string | null;
}

/** The first checks of every plan, which need nothing of its subject. */
export const openingChecks = async <Seen, Result extends Answer>(
  context: MutationContext,
  action: Action<Seen, Result>,
): Promise<Opening> => {
  const upstream = askedOf(action);
  const identity = await orFailure(checkIdentity(context, upstream, context.call));
  const token =
    identity instanceof UpstreamError || !identity.holds ? null : await sealPlan(context, action, identity.identity);
  return {
    checks: [
      { name: 'KEY_UNUSED', ...(await keyUnused(context, action)) },
      { name: 'SAME_SYSTEM', ...sameSystem(identity) },
      { name: 'SAFEGUARDS', ...safeguards(context, upstream, token) },
    ],
    tokenFor: (checks) => (checks.every(({ ok }) => ok) && typeof token === 'string' ? token : null),
  };
};
