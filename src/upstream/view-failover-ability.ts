import type { ListedViewFailover, ProtectedView, ViewFailoverOrder } from '../domain/view-failover.js';
import type { CallOptions } from '../calling/call.js';

/** The ability to take views over from another cluster. Ids of views are the upstream's own. Nothing is kept. */
export interface ViewFailoverAbility {
  /** Whether it may be asked though it cannot say what it allows. */
  readonly withoutOperations: boolean;
  view(viewId: bigint, call: CallOptions): Promise<ProtectedView | null>;
  /** What it allows now, in its own words; `null` where it has no such read. */
  operations(viewId: bigint, call: CallOptions): Promise<readonly string[] | null>;
  list(viewId: bigint, call: CallOptions): Promise<readonly ListedViewFailover[]>;
  /** Sends one POST, and never repeats it. */
  start(viewId: bigint, order: ViewFailoverOrder, call: CallOptions): Promise<ListedViewFailover>;
  cancel(viewId: bigint, call: CallOptions): Promise<void>;
}
