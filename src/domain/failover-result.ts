import type { Failover } from './failover.js';
import type { Refusal } from './refusal.js';

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
  'SAME_SYSTEM',
  'SAFEGUARDS',
  'VIEW_KNOWN',
  'OPERATION_ALLOWED',
  'PREPARED',
  'NAME_CONFIRMED',
  'DATA_LOSS_ACCEPTED',
  'SOURCE_SILENT',
] as const;

/** The checks before a failover is sent. */
export type FailoverCheckName = (typeof failoverCheckNames)[number];

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
