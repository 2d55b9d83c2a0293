import type { Connection } from '../domain/connection.js';
import { isGiven } from '../domain/copy-filter.js';
import { lagReasons } from '../domain/look-back.js';
import { createObjectCopies } from '../domain/object-copies.js';
import { byName } from '../domain/order.js';
import { type PageArguments, pageOf, toPageRequest } from '../domain/page.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import { type ProtectedObjectOrder, orderOf } from '../domain/protected-object-order.js';
import { inTurns } from '../calling/event-loop.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import { clientsNamed } from '../upstream/clients.js';
import { perSession } from '../upstream/per-session.js';
import type { ProtectedObjectFilter } from '../upstream/product.js';
import { clustersAmong } from '../upstream/replicas.js';
import { withReasons } from '../upstream/report.js';
import type { Asked, ListContext } from './lists.js';
import { readObjects } from './object-reads.js';
import type { Summed } from './object-sums.js';

/** Whether a filter needs the sums of objects' copies. */
const asksForPosture = ({ offsiteLagOver, immutable, locked, offsite, sitesBelow }: ProtectedObjectFilter): boolean =>
  [offsiteLagOver, immutable, locked, offsite, sitesBelow].some(isGiven);

/** A cursor of one order is not valid in another. */
const listNameOf = (order: ProtectedObjectOrder | null | undefined): string =>
  isGiven(order) ? `protectedObjects ${order.field} ${order.direction}` : 'protectedObjects';

type Read = ReturnType<typeof readObjects>;

const readsOf = perSession(() => new Map<string, Read>());

/** The objects of a filter, read once for all equal lists of a session: those of 25 jobs take one pass. */
const readOnce = (
  context: ListContext,
  { upstreams, environments, resourceTypes, replicas }: ProtectedObjectFilter,
  { posture, jobs }: { readonly posture: boolean; readonly jobs: boolean },
): Read => {
  const reads = readsOf(context.session);
  const filter = { upstreams, environments, resourceTypes, replicas };
  const key = JSON.stringify([filter, posture, jobs]);
  const createSum = () => createObjectCopies(context.now, { jobs });
  const read = reads.get(key) ?? readObjects(context, filter, { posture, createSum });
  reads.set(key, read);
  return read;
};

/** The filter for a job's objects: all clusters, because another may hold replicas of them, and of this one its own. */
const clustersOf = ({ session: { clients } }: ListContext, filter: ProtectedObjectFilter): ProtectedObjectFilter => {
  const named = clientsNamed(clients, filter.upstreams, 'filter.upstreams').map(({ upstream }) => upstream.name);
  return { ...filter, upstreams: clustersAmong(clients, named) };
};

/** Whether a job copied an object, or names it without having copied it yet. */
const isOfJob = ({ upstream, jobId, sourceIds }: ProtectionJob, { object, sum }: Summed): boolean =>
  sum.isOfJob(upstream, jobId) ||
  (object.upstream === upstream && sourceIds.some((id) => id === object.source?.sourceId));

/**
 * `protectedObjects`: all protected objects, copied or not, from `readObjects`. An upstream whose copies cannot be read
 * completely is left out, because half of the copies would make good objects seem bad; its report says so. If sums or
 * lags are wanted, the recovery points of successful jobs are read too. An unreadable point counts as good, and the
 * report is not complete. With `job`, only that job's objects.
 */
export const listProtectedObjects = async (
  context: ListContext,
  args: PageArguments & {
    readonly filter?: ProtectedObjectFilter | null | undefined;
    readonly orderBy?: ProtectedObjectOrder | null | undefined;
  },
  wanted: Asked,
  job: ProtectionJob | null = null,
): Promise<Connection<ProtectedObject>> => {
  const { orderBy } = args;
  const order = isGiven(orderBy) ? orderOf(orderBy) : byName;
  const list = listNameOf(orderBy);
  const request = toPageRequest(args, list, order, context.limits.maxPageSize);
  const filter = job === null ? (args.filter ?? {}) : clustersOf(context, args.filter ?? {});
  const isByPosture = isGiven(orderBy) && orderBy.field !== 'NAME';
  const posture = wanted.posture || isByPosture || asksForPosture(filter);
  const read = await readOnce(context, filter, { posture, jobs: job !== null });
  const matches = matching(filter);
  const objects: ProtectedObject[] = [];
  await inTurns(read.objects, ({ object, sum }) => {
    if (job !== null && !isOfJob(job, { object, sum })) return;
    const summed = { ...object, copies: posture ? sum.result() : null };
    if (matches(summed)) objects.push(summed);
  });
  const beyond = lagReasons(filter.offsiteLagOver, context.limits.lookBackHours);
  const upstreamReports = read.upstreamReports.map((report) => withReasons(report, beyond));
  return {
    ...pageOf<ProtectedObject>(objects, order, request),
    list,
    order,
    windowFrom: null,
    totalCount: wanted.totalCount && upstreamReports.every(({ complete }) => complete) ? objects.length : null,
    upstreamReports,
  };
};

/** Whether an object passes a filter. The sums of its copies are checked only if the filter needs them. */
export const matching = (filter: ProtectedObjectFilter) => {
  const part = (filter.name ?? '').toLowerCase();
  const [environments, resourceTypes] = [new Set(filter.environments), new Set(filter.resourceTypes)];
  return ({ name, source, resourceType, copies }: ProtectedObject): boolean => {
    // never copied counts as longer than any time
    const lag = copies?.posture.offsiteLagSeconds ?? Number.POSITIVE_INFINITY;
    const posture = copies?.posture ?? null;
    const is = (member: 'immutable' | 'locked' | 'offsite'): boolean =>
      !isGiven(filter[member]) || filter[member] === posture?.[member];
    return (
      name.toLowerCase().includes(part) &&
      (!isGiven(filter.environments) || environments.has(source?.environment ?? '')) &&
      (!isGiven(filter.resourceTypes) || resourceTypes.has(resourceType ?? '')) &&
      lag > (filter.offsiteLagOver ?? Number.NEGATIVE_INFINITY) &&
      is('immutable') &&
      is('locked') &&
      is('offsite') &&
      (posture?.sites ?? 0) < (filter.sitesBelow ?? Number.POSITIVE_INFINITY)
    );
  };
};
