import type { FailoverRequest } from '../domain/failover-input.js';
import type { FailoverCheck } from '../domain/failover-result.js';
import type { MutationContext } from './mutation-context.js';

/** What one look before a failover found. */
export type Finding = Pick<FailoverCheck, 'ok' | 'detail'>;

export const good = (detail: string): Finding => ({ ok: true, detail });
export const bad = (detail: string): Finding => ({ ok: false, detail });

/** A check that another one's result makes idle. */
export class CannotTellError extends Error {}

export const noGroup = (): never => {
  throw new CannotTellError('Could not be checked, since the protection group is not known.');
};

/** All jobs of the source cluster: one call, however many checks want them. */
export const jobsOf = async ({ loaders }: MutationContext, { upstream }: FailoverRequest) =>
  (await loaders.protectionJobs.load({ upstream })).records;

export const sourceIdsOf = ({ objects }: FailoverRequest): readonly bigint[] => objects.map(({ objectId }) => objectId);
