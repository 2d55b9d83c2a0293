import type { FailoverCheck } from './failover-result.js';
import type { Refusal } from './refusal.js';
import type { ViewFailover, ViewFailoverOrder } from './view-failover.js';

/** What a caller asks for, and what they confirm. */
export interface ViewFailoverRequest extends ViewFailoverOrder {
  readonly upstream: string; // that takes over
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
  readonly allowed: readonly string[] | null; // in the cluster's words; null: it does not say
  readonly dataAgeSeconds: number | null; // null: not measurable, or of no importance
  readonly planToken: string | null; // null unless every check is ok
}

export type ViewFailoverResult =
  | ViewFailoverAccepted
  | ViewFailoverPlan
  | Refusal<'FailoverConflict'>
  | Refusal<'FailoverRejected'>
  | Refusal<'InvalidFailoverInput'>;
