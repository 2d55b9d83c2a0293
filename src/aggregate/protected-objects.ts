import type { Connection } from '../domain/connection.js';
import { isGiven } from '../domain/copy-filter.js';
import { lagReasons } from '../domain/look-back.js';
import { createObjectCopies } from '../domain/object-copies.js';
import { byName } from '../domain/order.js';
import { type PageArguments, pageOf, toPageRequest } from '../domain/page.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import { type ProtectedObjectOrder, orderOf } from '../domain/protected-object-order.js';
import { inTurns } from '../calling/event-loop.js';
import type { ProtectedObjectFilter } from '../upstream/product.js';
import { withReasons } from '../upstream/report.js';
import type { Asked, ListContext } from './lists.js';
import { readObjects } from './object-reads.js';

/** Whether a filter asks about what the copies of an object come to. */
const asksForPosture = ({ offsiteLagOver, immutable, locked, offsite, sitesBelow }: ProtectedObjectFilter): boolean =>
  [offsiteLagOver, immutable, locked, offsite, sitesBelow].some(isGiven);

/** Cursors of one order mean nothing in another. */
const listNameOf = (order: ProtectedObjectOrder | null | undefined): string =>
  isGiven(order) ? `protectedObjects ${order.field} ${order.direction}` : 'protectedObjects';

/**
 * `protectedObjects`: everything that is protected, copied or not, as `readObjects` reads it. An upstream whose copies
 * cannot be read whole is left out, with its report: half of the copies would make good objects look bad. Where postures
 * or lags are wanted, the recovery points of the jobs that ended well too; what cannot be read counts as good, and the
 * report is not complete.
 */
export const listProtectedObjects = async (
  context: ListContext,
  args: PageArguments & {
    readonly filter?: ProtectedObjectFilter | null | undefined;
    readonly orderBy?: ProtectedObjectOrder | null | undefined;
  },
  wanted: Asked,
): Promise<Connection<ProtectedObject>> => {
  const { orderBy } = args;
  const order = isGiven(orderBy) ? orderOf(orderBy) : byName;
  const list = listNameOf(orderBy);
  const request = toPageRequest(args, list, order, context.limits.maxPageSize);
  const filter = args.filter ?? {};
  const isByPosture = isGiven(orderBy) && orderBy.field !== 'NAME';
  const posture = wanted.posture || isByPosture || asksForPosture(filter);
  const read = await readObjects(context, filter, { posture, createSum: () => createObjectCopies(context.now) });
  const matches = matching(filter);
  const objects: ProtectedObject[] = [];
  await inTurns(read.objects, ({ object, sum }) => {
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

/** Whether an object is among those that a filter asks for; what its copies come to is looked at where it asks for that. */
export const matching = (filter: ProtectedObjectFilter) => {
  const part = (filter.name ?? '').toLowerCase();
  const [environments, resourceTypes] = [new Set(filter.environments), new Set(filter.resourceTypes)];
  return ({ name, source, resourceType, copies }: ProtectedObject): boolean => {
    const lag = copies?.posture.offsiteLagSeconds ?? Number.POSITIVE_INFINITY; // never is longer than any time
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
