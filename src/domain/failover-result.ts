import type { Failover } from './failover.js';
import type { Refusal } from './refusal.js';

/** The checks before a planned failover, in the order of its plan. */
export const failoverCheckNames = [
  'KEY_UNUSED',
  'GROUP_KNOWN',
  'GROUP_ACTIVE',
  'OBJECTS_IN_GROUP',
  'REPLICATION_CLUSTER_KNOWN',
  'REPLICATION_CLUSTER_REACHABLE',
  'RECENT_COPY',
  'NO_FAILOVER_UNDER_WAY',
  'RUNNING_RUNS',
] as const;

/** Those that only a step of a view has. */
export const viewCheckNames = [
  'SAME_SYSTEM',
  'SAFEGUARDS',
  'VIEW_KNOWN',
  'OPERATION_ALLOWED',
  'PREPARED',
  'NAME_CONFIRMED',
  'DATA_LOSS_ACCEPTED',
  'SOURCE_SILENT',
] as const;

/** Those that only a step of a failover workflow has. */
export const workflowCheckNames = ['CLUSTERS_KNOWN', 'STEP_ALLOWED', 'OBJECTS_ALLOWED'] as const;

export type FailoverCheckName =
  (typeof failoverCheckNames)[number] | (typeof viewCheckNames)[number] | (typeof workflowCheckNames)[number];

export interface FailoverCheck {
  readonly name: FailoverCheckName;
  readonly ok: boolean;
  readonly detail: string; // for a person
}

export interface FailoverAccepted {
  readonly __typename: 'FailoverAccepted';
  readonly failover: Failover;
}

export interface FailoverPlan {
  readonly __typename: 'FailoverPlan';
  readonly checks: readonly FailoverCheck[];
}

type FailoverConflict = Refusal<'FailoverConflict'>;
type FailoverRejected = Refusal<'FailoverRejected'>;
type InvalidFailoverInput = Refusal<'InvalidFailoverInput'>;

export type FailoverResult =
  FailoverAccepted | FailoverPlan | FailoverConflict | FailoverRejected | InvalidFailoverInput;
