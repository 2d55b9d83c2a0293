import { BadInputError } from '../../domain/bad-input.js';
import { type CopyFilter, concernsTargetsOf, isGiven, isOfUnfinished } from '../../domain/copy-filter.js';
import type { CopyOperation } from '../../domain/copy-operation.js';
import type { CopyTargetKind } from '../../domain/copy-target-kind.js';
import { parseId } from '../../domain/global-id.js';
import { clientsNamed, refuseHidden } from '../clients.js';
import type { Clients, LiveRead, Session, Want } from '../product.js';
import type { Source } from '../source.js';
import { type ClusterClient, isCluster } from './cluster.js';
import { type OfRun, type RunView, type RunsRequest, protectionRunSource, runViews } from './run-source.js';

const targetKinds: ReadonlySet<CopyTargetKind> = new Set([
  'LOCAL',
  'REMOTE',
  'ARCHIVAL',
  'CLOUD_DEPLOY',
  'CLOUD_REPLICATION',
  'UNKNOWN',
]);

/** Whether any copy of a cluster can pass the filter. */
const concerns = ({ accountIds, resourceTypes, messageCategories, targetKinds: kinds }: CopyFilter): boolean =>
  !isGiven(accountIds) &&
  !isGiven(resourceTypes) &&
  !isGiven(messageCategories) &&
  (!isGiven(kinds) || kinds.some((kind) => targetKinds.has(kind)));

const toJobId = (clients: Clients, id: string): { upstream: string; jobId: string } => {
  const parsed = parseId(id);
  const [jobId] = parsed?.parts ?? [];
  if (parsed?.type !== 'ProtectionJob' || jobId === undefined) {
    throw new BadInputError(
      'filter.protectionJobIds',
      'filter.protectionJobIds takes ids of the form ProtectionJob:<upstream>:<job id>, unchanged from ProtectionJob.id.',
    );
  }
  refuseHidden(clients, 'filter.protectionJobIds', parsed.upstream);
  return { upstream: parsed.upstream, jobId };
};

const jobsNamed = (clients: Clients, filter: CopyFilter) => filter.protectionJobIds?.map((id) => toJobId(clients, id));

/** Throws for a malformed or hidden job id in the filter. */
export const checkJobIds = (clients: Clients, filter: CopyFilter): void => void jobsNamed(clients, filter);

interface RunsShown<R extends OfRun> extends Pick<RunsRequest<R>, 'detail' | 'view'> {
  readonly filter: CopyFilter;
}

/** One cluster's runs; `null` if none can pass the filter. */
const runSource = <R extends OfRun>(
  session: Session,
  cluster: ClusterClient,
  { filter, detail, view }: RunsShown<R>,
): Source<R> | null => {
  const jobs = jobsNamed(session.clients, filter);
  const jobIds = jobs?.filter(({ upstream }) => upstream === cluster.upstream.name).map(({ jobId }) => jobId) ?? null;
  const isAsked = concerns(filter) && concernsTargetsOf(filter, cluster.upstream.name);
  if (!isAsked || jobIds?.length === 0) return null;
  const settled = isOfUnfinished(filter) ? 'none' : 'all';
  return protectionRunSource(session, cluster, { detail, jobIds, view, settled });
};

/** A source for each cluster that may have matching runs. */
export const runSources = <R extends OfRun>(session: Session, shown: RunsShown<R>): readonly Source<R>[] => {
  const named = clientsNamed(session.clients, shown.filter.upstreams, 'filter.upstreams');
  checkJobIds(session.clients, shown.filter);
  return named
    .filter(isCluster)
    .map((cluster) => runSource(session, cluster, shown))
    .filter((source) => source !== null);
};

/** The detail to read of each run: without tasks the answer is far smaller. */
export const detailFor = (filter: CopyFilter, parts: boolean): 'tasks' | 'copies' =>
  parts || isGiven(filter.objectName) ? 'tasks' : 'copies';

const viewOf = (runs: boolean, tasks: boolean): RunView<CopyOperation & OfRun> =>
  runs && tasks ? runViews.copiesAndTasks : tasks ? runViews.tasks : runViews.copies;

/** A cluster's copies of the wanted types: one read of its runs brings runs and tasks. */
export const copiesOf = (
  session: Session,
  cluster: ClusterClient,
  { filter, types, parts }: Want,
): Source<CopyOperation> | null => {
  const [runs, tasks] = [types.has('COPY_RUN'), types.has('COPY_SNAPSHOT_TASK')];
  if (!runs && !tasks) return null;
  return runSource(session, cluster, { filter, detail: detailFor(filter, tasks || parts), view: viewOf(runs, tasks) });
};

/** One read for all streams; each stream applies its own filter. */
export const liveReads = (cluster: ClusterClient, { filter, types }: Want): readonly LiveRead[] => {
  if (!types.has('COPY_RUN') && !types.has('COPY_SNAPSHOT_TASK')) return [];
  const detail = detailFor(filter, types.has('COPY_SNAPSHOT_TASK'));
  const view = viewOf(true, detail === 'tasks');
  const copies = (session: Session): Source<CopyOperation> =>
    protectionRunSource(session, cluster, { detail, jobIds: null, view, settled: 'kept' }); // a copy may have ended since
  return [{ key: detail, passing: false, copies }];
};
