import type { Connection } from '../domain/connection.js';
import type { Order } from '../domain/order.js';
import { type PageArguments, pageOf, toPageRequest } from '../domain/page.js';
import type { Read } from '../calling/call.js';
import { reportOf } from '../upstream/report.js';

interface Whole<T> extends Read<T> {
  readonly upstream: string;
}

/** A page of records that hang on another one and are at hand whole. */
export const pageOfParts = <T>(
  list: string,
  order: Order<T>,
  { upstream, records, observedAt, unreadable, failure }: Whole<T>,
  args: PageArguments,
  maxPageSize: number,
): Connection<T> => ({
  ...pageOf(records, order, toPageRequest(args, list, order, maxPageSize)),
  list,
  order,
  windowFrom: null,
  totalCount: records.length,
  upstreamReports: [reportOf({ upstream, observedAt, unreadable, error: null, stale: failure ?? null })],
});
