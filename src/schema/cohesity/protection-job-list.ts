import type { Connection } from '../../domain/connection.js';
import { isGiven } from '../../domain/copy-filter.js';
import { byName } from '../../domain/order.js';
import { type PageArguments, pageOf, toPageRequest } from '../../domain/page.js';
import type { ProtectionJob } from '../../domain/protection-job.js';
import type { ReplicaFilter } from '../../domain/replica.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { UpstreamReport } from '../../domain/upstream-report.js';
import { clientsNamed } from '../../upstream/clients.js';
import { isCluster } from '../../upstream/cohesity/cluster.js';
import { cohesityLoaders } from '../../upstream/cohesity/loaders.js';
import type { Asked, ListContext } from '../../aggregate/lists.js';
import type { Read } from '../../calling/call.js';
import { orFailure } from '../../calling/outcome.js';
import { createReplicaRule } from '../../upstream/replicas.js';
import { reportOf } from '../../upstream/report.js';

interface ProtectionJobFilter {
  readonly upstreams?: readonly string[] | null | undefined;
  readonly name?: string | null | undefined;
  readonly environments?: readonly string[] | null | undefined;
  readonly isActive?: boolean | null | undefined;
  readonly isDeleted?: boolean | null | undefined;
  readonly isPaused?: boolean | null | undefined;
  readonly replicas?: ReplicaFilter | null | undefined;
}

const matching = ({ name, environments, isActive, isDeleted, isPaused }: ProtectionJobFilter) => {
  const part = (name ?? '').toLowerCase();
  const among = new Set(environments);
  return (job: ProtectionJob): boolean =>
    job.name.toLowerCase().includes(part) &&
    (!isGiven(environments) || among.has(job.environment ?? '')) &&
    (isActive ?? job.isActive) === job.isActive &&
    (isDeleted ?? job.isDeleted) === job.isDeleted &&
    (isPaused ?? job.isPaused) === job.isPaused;
};

interface ClusterRead {
  readonly upstream: string;
  readonly read: Read<ProtectionJob> | UpstreamError;
}

const isRead = ({ read }: ClusterRead): boolean => !(read instanceof UpstreamError) && read.failure === undefined;

const reportOfRead = ({ upstream, read }: ClusterRead): UpstreamReport =>
  read instanceof UpstreamError
    ? reportOf({ upstream, observedAt: null, unreadable: 0, error: read })
    : reportOf({
        upstream,
        observedAt: read.observedAt,
        unreadable: read.unreadable,
        error: null,
        stale: read.failure ?? null,
      });

/** Lists `protectionJobs`: one call for each cluster, which sends all its jobs at once. */
export const listProtectionJobs = async (
  { session, limits }: ListContext,
  args: PageArguments & { readonly filter?: ProtectionJobFilter | null | undefined },
  asked: Asked,
): Promise<Connection<ProtectionJob>> => {
  const request = toPageRequest(args, 'protectionJobs', byName, limits.maxPageSize);
  const filter = args.filter ?? {};
  const upstreams = clientsNamed(session.clients, filter.upstreams, 'filter.upstreams')
    .filter(isCluster)
    .map(({ upstream }) => upstream.name);
  const replicas = createReplicaRule(session, { mode: filter.replicas, clusters: upstreams });
  const readOf = (upstream: string) => orFailure(cohesityLoaders(session).protectionJobs.load({ upstream }));
  const [reads] = await Promise.all([
    Promise.all(upstreams.map(async (upstream) => ({ upstream, read: await readOf(upstream) }))),
    replicas.ready,
  ]);
  const answered = new Set(reads.filter(isRead).map(({ upstream }) => upstream));
  const jobs = reads.flatMap(({ read }) => (read instanceof UpstreamError ? [] : read.records));
  const isTold = (job: ProtectionJob): boolean => answered.has(replicas.toldBy(job) ?? '');
  const found = jobs.filter(matching(filter)).filter((job) => replicas.passes(job) && !isTold(job));
  const upstreamReports = reads.map(reportOfRead).map(replicas.reported);
  return {
    ...pageOf<ProtectionJob>(found, byName, request),
    list: 'protectionJobs',
    order: byName,
    windowFrom: null,
    totalCount: asked.totalCount && upstreamReports.every(({ complete }) => complete) ? found.length : null,
    upstreamReports,
  };
};
