import type {
  FailoverActivation,
  FailoverActivationOrder,
  FailoverDeactivationOrder,
  FailoverLink,
  FailoverOpening,
  OpenedFailover,
} from '../domain/failover-workflow.js';
import type { CallOptions } from '../calling/call.js';

/**
 * The ability to take part in the failover of objects, as the source or as the cluster that takes over. Each method
 * sends one POST, and never repeats it. The vendor has no read of any of them.
 */
export interface FailoverWorkflowAbility {
  /** To the cluster that takes over. An answer of another shape is an `UpstreamError`, as if it was lost. */
  init(failoverId: string, opening: FailoverOpening, call: CallOptions): Promise<OpenedFailover>;
  /** To the cluster that takes over, after the recoveries there. */
  link(failoverId: string, links: readonly FailoverLink[], call: CallOptions): Promise<void>;
  /** To the cluster that takes over. An answer of another shape is an `UpstreamError`, as if it was lost. */
  activate(failoverId: string, order: FailoverActivationOrder, call: CallOptions): Promise<FailoverActivation>;
  /** To the source. */
  deactivate(failoverId: string, order: FailoverDeactivationOrder, call: CallOptions): Promise<void>;
  /** To either cluster: the vendor does not document which. */
  cancel(failoverId: string, call: CallOptions): Promise<void>;
}
