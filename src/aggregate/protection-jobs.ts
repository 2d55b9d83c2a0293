import type { Connection } from '../domain/connection.js';
import { byName } from '../domain/order.js';
import { type PageArguments, pageOf, toPageRequest } from '../domain/page.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { Read } from '../upstream/call.js';
import { clientsNamed } from './clients.js';
import type { Asked, ListContext } from './lists.js';
import { reportOf } from './report.js';

export interface ProtectionJobFilter {
  readonly upstreams?: readonly string[] | null | undefined;
  readonly name?: string | null | undefined;
  readonly environments?: readonly string[] | null | undefined;
  readonly isActive?: boolean | null | undefined;
  readonly isDeleted?: boolean | null | undefined;
  readonly isPaused?: boolean | null | undefined;
}

const matches = (filter: ProtectionJobFilter, job: ProtectionJob): boolean =>
  job.name.toLowerCase().includes((filter.name ?? '').toLowerCase()) &&
  (filter.environments ?? [job.environment ?? '']).includes(job.environment ?? '') &&
  (filter.isActive ?? job.isActive) === job.isActive &&
  (filter.isDeleted ?? job.isDeleted) === job.isDeleted &&
  (filter.isPaused ?? job.isPaused) === job.isPaused;

/** `protectionJobs`: one call for each cluster, which sends all its jobs at once. */
export const listProtectionJobs = async (
  { clients, loaders, limits }: ListContext,
  args: PageArguments & { readonly filter?: ProtectionJobFilter | null | undefined },
  asked: Asked,
): Promise<Connection<ProtectionJob>> => {
  const request = toPageRequest(args, 'protectionJobs', byName, limits.maxPageSize);
  const filter = args.filter ?? {};
  const upstreams = clientsNamed(clients, filter.upstreams, 'filter.upstreams')
    .filter(({ kind }) => kind === 'COHESITY')
    .map(({ upstream }) => upstream.name);
  const reads = await Promise.all(
    upstreams.map(async (upstream) => ({ upstream, ...(await settled(loaders.protectionJobs.load(upstream))) })),
  );
  const jobs = reads.flatMap(({ read }) => read?.records ?? []).filter((job) => matches(filter, job));
  const upstreamReports = reads.map(({ upstream, read, error }) =>
    reportOf({ upstream, observedAt: read?.observedAt ?? null, unreadable: read?.unreadable ?? 0, error }),
  );
  return {
    ...pageOf<ProtectionJob>(jobs, byName, request),
    list: 'protectionJobs',
    order: byName,
    windowFrom: null,
    totalCount: asked.totalCount && upstreamReports.every(({ complete }) => complete) ? jobs.length : null,
    upstreamReports,
  };
};

interface Settled {
  readonly read: Read<ProtectionJob> | null;
  readonly error: UpstreamError | null;
}

const settled = async (reading: Promise<Read<ProtectionJob>>): Promise<Settled> => {
  try {
    return { read: await reading, error: null };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { read: null, error };
  }
};
