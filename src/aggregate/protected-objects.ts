import { isGood } from '../domain/activity.js';
import type { Connection } from '../domain/connection.js';
import { isGiven } from '../domain/copy-filter.js';
import type { CopyJob } from '../domain/copy-job.js';
import { lagReasons } from '../domain/look-back.js';
import { type ObjectCopy, createObjectCopies } from '../domain/object-copies.js';
import { byName } from '../domain/order.js';
import { type PageArguments, pageOf, toPageRequest } from '../domain/page.js';
import { type ProtectedObject, objectOfCopy, objectOfSource } from '../domain/protected-object.js';
import type { ReplicaFilter } from '../domain/replica.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { toReportedError } from '../domain/error-code.js';
import type { Read } from '../calling/call.js';
import { type UpstreamClient, clientsNamed, isAwsBackup } from './clients.js';
import { copyJobSource } from './copy-job-pages.js';
import type { Asked, ListContext } from './lists.js';
import { type Source, merge } from './merge.js';
import { lookBackFrom } from './object-copies.js';
import { type ObjectSums, createObjectSums, joinReplicas } from './object-sums.js';
import { orFailure } from '../calling/outcome.js';
import { type ReplicaRule, createReplicaRule } from './replicas.js';
import { reasonOfFailure, staleReport, withReasons } from './report.js';
import { readResources } from './protected-object.js';
import { readAllPoints } from './recovery-points.js';
import { protectionRunSource } from './protection-runs.js';

export interface ProtectedObjectFilter {
  readonly upstreams?: readonly string[] | null | undefined;
  readonly name?: string | null | undefined;
  readonly environments?: readonly string[] | null | undefined;
  readonly resourceTypes?: readonly string[] | null | undefined;
  readonly offsiteLagOver?: number | null | undefined; // seconds
  readonly replicas?: ReplicaFilter | null | undefined;
}

/** All copies of everything on an upstream, object by object. */
const copiesOf = ({ loaders }: ListContext, client: UpstreamClient): Source<ObjectCopy> => {
  const upstream = client.upstream.name;
  return isAwsBackup(client)
    ? copyJobSource({ upstream, loaders, slices: client.slices, queries: [{}] })
    : protectionRunSource<ObjectCopy>({
        upstream,
        loaders,
        slices: client.slices,
        detail: 'tasks',
        jobIds: null,
        recordsOf: ({ copyRuns }) => copyRuns.flatMap(({ tasks }) => tasks ?? []),
      });
};

interface Found {
  readonly objects: readonly ProtectedObject[];
  readonly report: UpstreamReport;
}

/**
 * `protectedObjects`: everything that is protected, copied or not. One pass over each upstream's copies as far back as
 * the gateway looks, and its inventory: for a cluster its jobs and the names of their sources, for AWS the pages of
 * `ListProtectedResources`. An upstream whose copies cannot be read whole is left out, with its report: half of the
 * copies would make good objects look bad. Where postures or lags are wanted, the recovery points of the jobs that ended
 * well too; what cannot be read counts as good, and the report is not complete.
 */
export const listProtectedObjects = async (
  context: ListContext,
  args: PageArguments & { readonly filter?: ProtectedObjectFilter | null | undefined },
  wanted: Asked,
): Promise<Connection<ProtectedObject>> => {
  const request = toPageRequest(args, 'protectedObjects', byName, context.limits.maxPageSize);
  const filter = args.filter ?? {};
  const posture = wanted.posture || isGiven(filter.offsiteLagOver);
  const asked = clientsNamed(context.clients, filter.upstreams, 'filter.upstreams').filter(({ kind }) =>
    concerns(filter, kind),
  );
  const replicas = createReplicaRule(context.loaders, {
    mode: filter.replicas,
    clusters: asked.filter(({ kind }) => kind === 'COHESITY').map(({ upstream }) => upstream.name),
  });
  const reads = await Promise.all(asked.map((client) => readUpstream(context, client, { replicas, posture })));
  const answered = new Set(
    reads.filter(({ isRead, report }) => isRead && !report.stale).map(({ report }) => report.upstream),
  );
  joinReplicas(new Map(reads.map(({ report, sums }) => [report.upstream, sums])), answered, context.now);
  const found = reads.map((read) => foundIn(context, read, posture));
  const objects = found.flatMap((one) => one.objects).filter(matching(filter));
  const beyond = lagReasons(filter.offsiteLagOver, context.limits.lookBackHours);
  const upstreamReports = found.map(({ report }) => withReasons(replicas.reported(report), beyond));
  return {
    ...pageOf<ProtectedObject>(objects, byName, request),
    list: 'protectedObjects',
    order: byName,
    windowFrom: null,
    totalCount: wanted.totalCount && upstreamReports.every(({ complete }) => complete) ? objects.length : null,
    upstreamReports,
  };
};

/** A member that one vendor has no notion of leaves that vendor out. */
const concerns = (
  { environments, resourceTypes, replicas }: ProtectedObjectFilter,
  kind: UpstreamClient['kind'],
): boolean => (kind === 'COHESITY' ? !isGiven(resourceTypes) : !isGiven(environments) && replicas !== 'ONLY');

const matching = (filter: ProtectedObjectFilter) => {
  const part = (filter.name ?? '').toLowerCase();
  const [environments, resourceTypes] = [new Set(filter.environments), new Set(filter.resourceTypes)];
  return ({ name, source, resourceType, copies }: ProtectedObject): boolean => {
    const lag = copies?.offsiteLagSeconds ?? Number.POSITIVE_INFINITY; // never is longer than any time
    return (
      name.toLowerCase().includes(part) &&
      (!isGiven(filter.environments) || environments.has(source?.environment ?? '')) &&
      (!isGiven(filter.resourceTypes) || resourceTypes.has(resourceType ?? '')) &&
      lag > (filter.offsiteLagOver ?? Number.NEGATIVE_INFINITY)
    );
  };
};

interface UpstreamRead {
  readonly sums: ObjectSums;
  readonly isRead: boolean; // its copies, whole
  readonly report: UpstreamReport;
  readonly inventory: Inventory | UpstreamError;
}

/** `posture`: whether what the copies come to is wanted; only then are recovery points read. */
const readUpstream = async (
  context: ListContext,
  client: UpstreamClient,
  { replicas, posture }: { readonly replicas: ReplicaRule; readonly posture: boolean },
): Promise<UpstreamRead> => {
  const sums = createObjectSums(context.now, replicas);
  const ended: CopyJob[] = [];
  let unnamed = false;
  const [copies, inventory] = await Promise.all([
    merge<ObjectCopy>({
      sources: [copiesOf(context, client)],
      window: { from: lookBackFrom(context), to: null },
      now: context.now,
      matches: replicas.passes,
      replicas: { ready: replicas.ready, toldBy: () => null }, // what another upstream tells is joined by object
      page: null,
      each: (copy) => {
        unnamed ||= objectOfCopy(copy) === null; // a copy of something, and nobody knows of what
        if (posture && copy.__typename === 'CopyJob' && isGood(copy.state)) ended.push(copy);
        else sums.add(copy);
      },
    }),
    orFailure(readInventory(context, client, replicas)),
  ]);
  const [first] = copies.upstreamReports;
  if (first === undefined) throw new Error('one source gives one report');
  if (copies.failures.length > 0) return { sums, isRead: false, report: first, inventory };
  const { read, reasons, stale } = await readAllPoints(context, ended);
  for (const { job, points } of read) sums.add(job, points);
  const missing = [...reasons, ...(unnamed ? (['UNREADABLE'] as const) : [])];
  const report = stale === null ? first : staleReport(first, stale);
  return { sums, isRead: true, report: withReasons(report, missing), inventory };
};

/** The objects of one upstream, when those of all are known. */
const foundIn = (
  context: ListContext,
  { sums: { own: sums }, isRead, report, inventory }: UpstreamRead,
  posture: boolean,
): Found => {
  if (!isRead) return { objects: [], report };
  const copied = [...sums.values()].map(({ object, sum }) => ({ ...object, copies: posture ? sum.result() : null }));
  if (inventory instanceof UpstreamError) {
    const failed = { ...report, ok: false, error: toReportedError(inventory) };
    return { objects: copied, report: withReasons(failed, [reasonOfFailure(inventory)]) };
  }
  // A job may name a whole tree; a source whose children are copied is where they live, and not an object by itself.
  const parents = new Set(copied.map(({ source }) => source?.parentId ?? null));
  const never = inventory.records
    .filter(({ id, source }) => !sums.has(id) && (source === null || !parents.has(source.sourceId)))
    .map((object) => ({ ...object, copies: posture ? createObjectCopies(context.now).result() : null }));
  const objects = [...copied, ...never];
  const { failure, unreadable } = inventory;
  const whole = withReasons(report, unreadable > 0 ? ['UNREADABLE'] : []);
  if (failure === undefined || !whole.ok) return { objects, report: whole };
  return { objects, report: staleReport(whole, failure) };
};

type Inventory = Pick<Read<ProtectedObject>, 'records' | 'failure' | 'unreadable'>;

/** What an upstream protects, whether it was ever copied or not. */
const readInventory = async (
  context: ListContext,
  client: UpstreamClient,
  replicas: ReplicaRule,
): Promise<Inventory> => {
  const { loaders } = context;
  const upstream = client.upstream.name;
  if (client.kind === 'AWS_BACKUP') return readResources(loaders, upstream);
  const [{ records, failure, unreadable }] = await Promise.all([
    loaders.protectionJobs.load({ upstream }),
    replicas.ready,
  ]);
  // The objects of a replica's job are in the inventory of its owner.
  const own = records.filter((job) => replicas.passes(job) && replicas.ownerOf(job) === null);
  const ids = new Set(own.filter((job) => job.isActive && !job.isDeleted).flatMap(({ sourceIds }) => sourceIds));
  const sources = await Promise.all(
    [...ids].map((id) => loaders.protectionSource.load({ upstream, id: id.toString() }).catch(nullIfUnreadable)),
  );
  const objects = sources.map(objectOfSource).filter((object) => object !== null);
  // A source that a job names and the cluster does not tell of may be an object that was never copied.
  return { records: objects, failure, unreadable: unreadable + sources.length - objects.length };
};

const nullIfUnreadable = (error: unknown): null => {
  if (error instanceof UpstreamError && error.reason === 'malformed') return null;
  throw error;
};
