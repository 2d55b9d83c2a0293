import type { FailoverCheck } from './failover-result.js';
import type { Refusal } from './refusal.js';
import type { ViewFailover, ViewFailoverOrder } from './view-failover.js';

/** A caller's request for a step, with the confirmations. */
export interface ViewFailoverRequest extends ViewFailoverOrder {
  readonly upstream: string; // the cluster that takes over
  readonly viewId: bigint; // its own id of the view
  readonly idempotencyKey: string;
  readonly confirmName: string | null;
  readonly acceptDataLossSeconds: number | null;
  readonly sourceIsAlive: boolean;
  readonly dryRun: boolean;
  readonly planToken: string | null;
}

export interface ViewFailoverAccepted {
  readonly __typename: 'ViewFailoverAccepted';
  readonly failover: ViewFailover;
}

export interface ViewFailoverPlan {
  readonly __typename: 'ViewFailoverPlan';
  readonly checks: readonly FailoverCheck[];
  readonly allowed: readonly string[] | null; // in the cluster's words; null: not reported
  readonly dataAgeSeconds: number | null; // null: not measurable, or not relevant
  readonly planToken: string | null; // null unless every check passed
}

export type ViewFailoverResult =
  | ViewFailoverAccepted
  | ViewFailoverPlan
  | Refusal<'FailoverConflict'>
  | Refusal<'FailoverRejected'>
  | Refusal<'InvalidFailoverInput'>;
