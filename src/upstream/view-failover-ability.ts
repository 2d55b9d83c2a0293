import type { ListedViewFailover, ProtectedView, ViewFailoverOrder } from '../domain/view-failover.js';
import type { CallOptions } from '../calling/call.js';

/** The ability to take over views from another cluster. Ids of views are the upstream's own. Nothing is cached. */
export interface ViewFailoverAbility {
  /** Whether it may be used although it cannot report the allowed operations. */
  readonly withoutOperations: boolean;
  view(viewId: bigint, call: CallOptions): Promise<ProtectedView | null>;
  /** The operations allowed now, in its own words; `null` if it has no such read. */
  operations(viewId: bigint, call: CallOptions): Promise<readonly string[] | null>;
  list(viewId: bigint, call: CallOptions): Promise<readonly ListedViewFailover[]>;
  /** Sends one POST, and never repeats it. */
  start(viewId: bigint, order: ViewFailoverOrder, call: CallOptions): Promise<ListedViewFailover>;
  cancel(viewId: bigint, call: CallOptions): Promise<void>;
}
