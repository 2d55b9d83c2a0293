import type { Micros } from './micros.js';
import type { Order } from './order.js';
import type { Page } from './page.js';
import type { UpstreamReport } from './upstream-report.js';

/** A page of a list with its totals and reports; `list` and `windowFrom` go into the cursors. */
export interface Connection<T> extends Page<T> {
  readonly list: string;
  readonly order: Order<T>;
  readonly windowFrom: Micros | null;
  readonly totalCount: number | null; // null: not asked for, or not known exactly
  readonly upstreamReports: readonly UpstreamReport[];
}
