import { type CopyFilter, isOfJob } from '../domain/copy-filter.js';
import { encodeId } from '../domain/global-id.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import { clientsNamed } from '../upstream/clients.js';
import type { Clients } from '../upstream/product.js';
import { checkFilter } from './copy-operations.js';

/**
 * Narrows the filter of a list's arguments to one Cohesity job. Its other members still apply: with other upstreams or
 * jobs in it, no record passes. Throws a `BadInputError` for an invalid filter, because narrowing would hide it.
 */
export const narrowedTo = <Args extends { readonly filter?: CopyFilter | null | undefined }>(
  clients: Clients,
  job: ProtectionJob,
  args: Args,
) => {
  const filter: NonNullable<Args['filter']> | Record<never, never> = args.filter ?? {};
  const { upstreams }: CopyFilter = filter;
  checkFilter(clients, filter);
  const named = clientsNamed(clients, upstreams, 'filter.upstreams');
  const asked = named.some(({ upstream }) => upstream.name === job.upstream) && isOfJob(filter, job);
  return {
    ...args,
    filter: {
      ...filter,
      upstreams: asked ? [job.upstream] : [],
      protectionJobIds: [encodeId('ProtectionJob', job.upstream, job.jobId)],
    },
  };
};
