import type { Connection } from '../domain/connection.js';
import { type Order, asListed } from '../domain/order.js';
import { type PageArguments, cutPage, pageOf, toPageRequest } from '../domain/page.js';
import type { Read } from '../calling/call.js';
import { reportOf } from '../upstream/report.js';

interface Whole<T> extends Read<T> {
  readonly upstream: string;
}

/** A page of records that come completely with another record; in the vendor's own order if none is given. */
export const pageOfParts = <T>(
  list: string,
  { upstream, records, observedAt, unreadable, failure }: Whole<T>,
  args: PageArguments,
  maxPageSize: number,
  sorted?: Order<T>,
): Connection<T> => {
  const order = sorted ?? asListed(records);
  const request = toPageRequest(args, list, order, maxPageSize);
  const isCut = sorted !== undefined || request.after !== null || request.before !== null;
  return {
    list,
    order,
    windowFrom: null,
    totalCount: records.length,
    upstreamReports: [reportOf({ upstream, observedAt, unreadable, error: null, stale: failure ?? null })],
    ...(isCut ? pageOf(records, order, request) : cutPage(records, request)),
  };
};
