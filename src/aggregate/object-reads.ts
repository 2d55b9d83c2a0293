import type { CopyOperation } from '../domain/copy-operation.js';
import { toReportedError } from '../domain/error-code.js';
import type { CopyWorth } from '../domain/good-copy.js';
import type { ObjectCopiesSum } from '../domain/object-copies.js';
import type { ReplicaRule } from '../domain/replica.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { orFailure } from '../calling/outcome.js';
import { clientsNamed } from '../upstream/clients.js';
import type { Inventory, Objects, ProtectedObjectFilter } from '../upstream/product.js';
import { clustersAmong, createReplicaRule } from '../upstream/replicas.js';
import { reasonOfFailure, staleReport, withReasons } from '../upstream/report.js';
import type { ListContext } from './lists.js';
import { merge } from './merge.js';
import { lookBackFrom, weigh } from './object-copies.js';
import { type ObjectSums, type Summed, createObjectSums, joinReplicas } from './object-sums.js';

/** The options for reading the copies of objects. */
interface ObjectReading {
  readonly posture: boolean; // whether the sums of copies are wanted; only then are their values read
  readonly createSum: () => ObjectCopiesSum;
}

interface Found {
  readonly objects: readonly Summed[];
  readonly report: UpstreamReport;
}

/**
 * Reads all protected objects, copied or not, with the sum of their copies within the look-back. Makes one pass over
 * each upstream's copies, and one over its inventory: a cluster's jobs and the names of their sources, or AWS's pages
 * of `ListProtectedResources`. An upstream whose copies cannot be read completely is left out; its report says so.
 */
export const readObjects = async (
  context: ListContext,
  filter: ProtectedObjectFilter,
  reading: ObjectReading,
): Promise<{ readonly objects: readonly Summed[]; readonly upstreamReports: readonly UpstreamReport[] }> => {
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
  const reads = await Promise.all(asked.map(({ objects }) => readUpstream(context, objects, replicas, reading)));
  const answered = new Set(
    reads.filter(({ isRead, report }) => isRead && !report.stale).map(({ report }) => report.upstream),
  );
  joinReplicas(new Map(reads.map(({ report, sums }) => [report.upstream, sums])), answered, reading.createSum);
  const found = reads.map((read) => foundIn(read, reading.createSum));
  return {
    objects: found.flatMap(({ objects }) => objects),
    upstreamReports: found.map(({ report }) => replicas.reported(report)),
  };
};

interface UpstreamRead {
  readonly sums: ObjectSums;
  readonly isRead: boolean; // whether its copies were read completely
  readonly report: UpstreamReport;
  readonly inventory: Inventory | UpstreamError;
}

const noWorth: CopyWorth = {
  good: false,
  sound: false,
  goodUntil: null,
  dataAt: null,
  locked: false,
  immutable: false,
};

const readUpstream = async (
  context: ListContext,
  objects: Objects,
  replicas: ReplicaRule,
  { posture, createSum }: ObjectReading,
): Promise<UpstreamRead> => {
  const { session, now } = context;
  const sums = createObjectSums(createSum, replicas);
  const unweighed: CopyOperation[] = [];
  let unnamed = false;
  const [copies, inventory] = await Promise.all([
    merge<CopyOperation>({
      sources: [objects.copies(session)],
      window: { from: lookBackFrom(context), to: null },
      now,
      matches: replicas.passes,
      // copies that another upstream returns are joined by object
      replicas: { ready: replicas.ready, toldBy: () => null },
      page: null,
      each: (copy) => {
        const object = objects.objectOf(copy);
        unnamed ||= object === null; // a copy of an unknown object
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

/** The objects of one upstream, once those of all are known. */
const foundIn = (
  { sums: { own: sums }, isRead, report, inventory }: UpstreamRead,
  createSum: () => ObjectCopiesSum,
): Found => {
  if (!isRead) return { objects: [], report };
  const copied = [...sums.values()];
  if (inventory instanceof UpstreamError) {
    const failed = { ...report, ok: false, error: toReportedError(inventory) };
    return { objects: copied, report: withReasons(failed, [reasonOfFailure(inventory)]) };
  }
  // A job may name a whole tree. A source whose children are copied contains objects, and is not one itself.
  const parents = new Set(copied.map(({ object: { source } }) => source?.parentId ?? null));
  const never = inventory.records
    .filter(({ id, source }) => !sums.has(id) && (source === null || !parents.has(source.sourceId)))
    .map((object) => ({ object, sum: createSum() }));
  const objects = [...copied, ...never];
  const { failure, unreadable } = inventory;
  const whole = withReasons(report, unreadable > 0 ? ['UNREADABLE'] : []);
  if (failure === undefined || !whole.ok) return { objects, report: whole };
  return { objects, report: staleReport(whole, failure) };
};
