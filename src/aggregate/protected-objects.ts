import type { Connection } from '../domain/connection.js';
import { isGiven } from '../domain/copy-filter.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import { toReportedError } from '../domain/error-code.js';
import type { CopyWorth } from '../domain/good-copy.js';
import { lagReasons } from '../domain/look-back.js';
import { createObjectCopies } from '../domain/object-copies.js';
import { byName } from '../domain/order.js';
import { type PageArguments, pageOf, toPageRequest } from '../domain/page.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import type { ReplicaRule } from '../domain/replica.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { orFailure } from '../calling/outcome.js';
import { clientsNamed } from '../upstream/clients.js';
import type { Inventory, Objects, ProtectedObjectFilter } from '../upstream/product.js';
import { clustersAmong, createReplicaRule } from '../upstream/replicas.js';
import { reasonOfFailure, staleReport, withReasons } from '../upstream/report.js';
import type { Asked, ListContext } from './lists.js';
import { merge } from './merge.js';
import { lookBackFrom, weigh } from './object-copies.js';
import { type ObjectSums, createObjectSums, joinReplicas } from './object-sums.js';

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
  const { session } = context;
  const asked = clientsNamed(session.clients, filter.upstreams, 'filter.upstreams').flatMap(({ upstream, objects }) =>
    objects?.concerns(filter) === true ? [{ upstream: upstream.name, objects }] : [],
  );
  const replicas = createReplicaRule(session, {
    mode: filter.replicas,
    clusters: clustersAmong(
      session.clients,
      asked.map(({ upstream }) => upstream),
    ),
  });
  const reads = await Promise.all(asked.map(({ objects }) => readUpstream(context, objects, { replicas, posture })));
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

const noWorth: CopyWorth = { good: false, dataAt: null, locked: false, immutable: false };

/** `posture`: whether what the copies come to is wanted; only then is read what they are worth. */
const readUpstream = async (
  context: ListContext,
  objects: Objects,
  { replicas, posture }: { readonly replicas: ReplicaRule; readonly posture: boolean },
): Promise<UpstreamRead> => {
  const { session, now } = context;
  const sums = createObjectSums(now, replicas);
  const unweighed: CopyOperation[] = [];
  let unnamed = false;
  const [copies, inventory] = await Promise.all([
    merge<CopyOperation>({
      sources: [objects.copies(session)],
      window: { from: lookBackFrom(context), to: null },
      now,
      matches: replicas.passes,
      replicas: { ready: replicas.ready, toldBy: () => null }, // what another upstream tells is joined by object
      page: null,
      each: (copy) => {
        const object = objects.objectOf(copy);
        unnamed ||= object === null; // a copy of something, and nobody knows of what
        const worth = posture ? objects.worthOf(copy, now) : noWorth;
        if (worth === null) unweighed.push(copy);
        else sums.add(copy, object, worth);
      },
    }),
    orFailure(objects.inventory(session, replicas)),
  ]);
  const [first] = copies.upstreamReports;
  if (first === undefined) throw new Error('one source gives one report');
  if (copies.failures.length > 0) return { sums, isRead: false, report: first, inventory };
  const { weighed, reasons, stale } = await weigh(context, objects, unweighed);
  for (const { copy, worth } of weighed) sums.add(copy, objects.objectOf(copy), worth);
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
