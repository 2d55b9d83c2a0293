import { toReportedError } from '../domain/error-code.js';
import type { FailoverRequest } from '../domain/failover-input.js';
import type { FailoverCheck } from '../domain/failover-result.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import type { FailoverAbility, Session } from '../upstream/product.js';
import type { MutationContext } from './mutation-context.js';
import { abilityOf } from './status.js';

/** The result of one check before a failover. */
export type Finding = Pick<FailoverCheck, 'ok' | 'detail'>;

export const good = (detail: string): Finding => ({ ok: true, detail });
export const bad = (detail: string): Finding => ({ ok: false, detail });

/** A check that could not be made is not ok, and says so. */
export const unread = (error: UpstreamError): Finding => bad(`Could not be checked: ${toReportedError(error).message}`);

/** A check that cannot run because of another one's result. */
export class CannotTellError extends Error {}

export const noGroup = (): never => {
  throw new CannotTellError('Could not be checked: the protection group is not known.');
};

/** All jobs of the source cluster: one call for all checks. */
export const jobsOf = ({ session }: MutationContext, { upstream }: FailoverRequest) =>
  mustFailOver(session, upstream).jobs(session);

/** An upstream's ability to fail over; throws if it has none. */
export const mustFailOver = (session: Session, upstream: string): FailoverAbility => {
  const ability = abilityOf(session, upstream);
  if (ability === undefined) throw new Error(`${upstream} cannot fail over`);
  return ability;
};

export const sourceIdsOf = ({ objects }: FailoverRequest): readonly bigint[] => objects.map(({ objectId }) => objectId);
