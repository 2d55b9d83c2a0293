/** The request that opens a failover workflow. All ids but the source cluster's belong to the cluster that takes over. */
export interface FailoverOpening {
  readonly objectIds: readonly bigint[];
  readonly protectionGroupId: string | null; // null members are not sent
  readonly sourceClusterId: bigint;
  readonly environment: string | null; // the vendor's word, such as kVMware
}

/** One object on both clusters; `null` if the cluster did not report it. */
interface FailoverPair {
  readonly replicaObjectId: bigint | null;
  readonly sourceObjectId: bigint | null;
}

/** The source of a planned run, with its own ids. Source: Cohesity v2 FailoverSourceCluster. */
interface FailoverSource {
  readonly clusterId: bigint | null;
  readonly incarnationId: bigint | null;
  readonly protectionGroupId: string | null;
  readonly viewId: bigint | null;
}

/** The answer to an opening. Source: Cohesity v2 InitFailoverResponse. */
export interface OpenedFailover {
  readonly pairs: readonly FailoverPair[];
  readonly source: FailoverSource | null;
}

/** A replica, and the object that a recovery made from it on the same cluster. */
export interface FailoverLink {
  readonly replicaObjectId: bigint;
  readonly recoveredObjectId: bigint;
}

/** The request to protect objects on the cluster that takes over; `null` members are not sent. */
export interface FailoverActivationOrder {
  readonly objectIds: readonly bigint[];
  readonly protectionGroupId: string | null;
  readonly enableReverseReplication: boolean;
  readonly policyId: string | null; // sent as targetFailoverPolicyId
  readonly environment: string | null; // sent as targetFailoverEnvironment
  readonly doNotProtect: boolean | null;
  readonly createObjectBackup: boolean | null;
}

/** An error of one object within an accepted activation. */
interface FailoverObjectError {
  readonly objectId: bigint | null; // null: the vendor documents no id in it
  readonly error: string;
}

/**
 * The answer to an activation. With errors it has succeeded in part.
 * Source: Cohesity v2 ReplicationBackupActivationResult.
 */
export interface FailoverActivation {
  readonly protectionGroupId: string | null;
  readonly objectIds: readonly bigint[] | null; // null: not reported
  readonly reverseReplication: { readonly enabled: boolean | null; readonly error: string | null } | null;
  readonly objectErrors: readonly FailoverObjectError[];
}

/** The request to stop the backups of objects on the source, with that cluster's ids; `null` members are not sent. */
export interface FailoverDeactivationOrder {
  readonly replicationClusterId: bigint;
  readonly objectIds: readonly bigint[];
  readonly protectionGroupId: string | null;
  readonly keepObjects: boolean; // sent as keepFailoverObjects
}

export type FailoverKind = 'PLANNED' | 'UNPLANNED';

/** One object of a workflow, as the answers and the people have reported it. */
export interface FailoverObject {
  readonly sourceObjectId: bigint | null; // null: the answer to INIT was lost, or lacks it
  readonly replicaObjectId: bigint | null;
  readonly recoveredObjectId: bigint | null; // null: not linked
  readonly activated: boolean | null; // null: unknown
  readonly deactivated: boolean | null; // on the source
  readonly error: string | null; // of its last activation
}

/** The opening as it is remembered. */
export interface OpeningRecord {
  readonly kind: FailoverKind;
  readonly reason: string | null;
  readonly sourceClusterId: bigint | null;
  readonly protectionGroupId: string | null; // on the cluster that takes over
}
