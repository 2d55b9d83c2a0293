/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The state of an activity, in words common to all vendors. `upstreamState` has the vendor’s own. */
export type ActivityState =
  /** Stopped on request. Cohesity kCanceled, also spelled kCancelled. Finished. */
  | 'CANCELED'
  /** Asked to stop, but not stopped yet. Cohesity kCanceling. */
  | 'CANCELING'
  /** Not done. `error` has the vendor’s message, if there is one. Cohesity kFailure, AWS FAILED. Finished. */
  | 'FAILED'
  /** Never started, because its time had passed. Cohesity kMissed. Finished. */
  | 'MISSED'
  /** Paused, and may continue. Cohesity kOnHold. */
  | 'ON_HOLD'
  /** Some members of a composite job failed. AWS PARTIAL. Finished. */
  | 'PARTIAL'
  /** Accepted and waiting. Cohesity kAccepted, AWS CREATED. An AWS job may wait for hours. */
  | 'QUEUED'
  /** In progress. Cohesity kRunning and kFinalizing, AWS RUNNING. */
  | 'RUNNING'
  /** Done, without warnings. Cohesity kSuccess, AWS COMPLETED. Finished. */
  | 'SUCCEEDED'
  /** A state that this version does not know, or none was sent; see `upstreamState`. Does not count as finished. */
  | 'UNKNOWN'
  /** Done, with warnings. Cohesity kWarning. Finished. */
  | 'WARNING';

/** Whether the gateway sends calls to an upstream. */
export type CircuitState =
  /** It sends them. */
  | 'CLOSED'
  /** It sends one, to test whether the upstream has recovered. */
  | 'HALF_OPEN'
  /** It sends none for a moment, because the upstream failed too often. */
  | 'OPEN';

/** The kind of a change of a copy. */
export type CopyChangeKind =
  /** Another fact of the copy changed: its state, end, error, expiry, legal hold, or whether its snapshot exists. Without an operation: an upstream failed or recovered. */
  | 'CHANGED'
  /** The copy ended, well or not. A new copy that started and ended between two polls has this too. */
  | 'FINISHED'
  /** The number of copied bytes changed, or of bytes to copy. */
  | 'PROGRESSED'
  /** The copy was unfinished when the stream began. */
  | 'SNAPSHOT'
  /** The copy is new and unfinished. */
  | 'STARTED';

/** The kind of place that a copy goes to. */
export type CopyTargetKind =
  /** An external target: cloud, tape or NAS. Cohesity kArchival. */
  | 'ARCHIVAL'
  /** Converted and deployed in a cloud. Cohesity kCloudDeploy. */
  | 'CLOUD_DEPLOY'
  /** Replicated into a cloud. Cohesity kCloudReplication. */
  | 'CLOUD_REPLICATION'
  /** The cluster itself: the local snapshot with its expiry, and no copy elsewhere. Cohesity kLocal. */
  | 'LOCAL'
  /** Another Cohesity cluster. Cohesity kRemote. */
  | 'REMOTE'
  /** A kind that this version does not know, or none was sent. */
  | 'UNKNOWN'
  /** An AWS backup vault. */
  | 'VAULT';

/** The kind of error, for a program. The same as `errors[].extensions.code`. */
export type ErrorCode =
  /** The request or one of its arguments is not valid. */
  | 'BAD_USER_INPUT'
  /** The caller may not do this, or may not see that upstream. */
  | 'FORBIDDEN'
  /** A fault of the gateway. The log has it under `extensions.errorId`. */
  | 'INTERNAL'
  /** No trusted document has that hash. Send the text. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** The request has only a hash, and the gateway accepts none. Send the text. */
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  /** The query is too large, too deep or too costly. `extensions.limit` names the limit. */
  | 'QUERY_TOO_COMPLEX'
  /** The caller sends too many requests, or the gateway is overloaded; see retryAfterMs. */
  | 'RATE_LIMITED'
  /** The request has no valid token or key. */
  | 'UNAUTHENTICATED'
  /** The upstream refused the gateway’s credentials. An operator must act. */
  | 'UPSTREAM_AUTH'
  /** The upstream refused the request, or sent an answer that is unreadable, too large or without the id of a record. */
  | 'UPSTREAM_BAD_RESPONSE'
  /** The operation needs more upstream calls than it may make. Ask for less. */
  | 'UPSTREAM_BUDGET_EXCEEDED'
  /** The upstream failed too often and gets no calls for a moment; see retryAfterMs. */
  | 'UPSTREAM_CIRCUIT_OPEN'
  /** The upstream asks the gateway to slow down, or the configured limits on calls leave no time for one; see retryAfterMs. */
  | 'UPSTREAM_RATE_LIMITED'
  /** The upstream did not answer in time, or the operation ran out of time. */
  | 'UPSTREAM_TIMEOUT'
  /** The upstream failed or could not be reached, or its certificate is not trusted. */
  | 'UPSTREAM_UNAVAILABLE';

/** A check before a failover. */
export type FailoverCheckName =
  /** Both clusters of a workflow are the ones that its ids belong to. */
  | 'CLUSTERS_KNOWN'
  /** `acceptDataLossSeconds` is no less than the age of the data. */
  | 'DATA_LOSS_ACCEPTED'
  /** The group is active on the source cluster, so it is not deleted and no replica. */
  | 'GROUP_ACTIVE'
  /** The source cluster has the protection group. Without `protectionGroupId`: exactly one active group names all the objects. */
  | 'GROUP_KNOWN'
  /** No failover was started under the key. */
  | 'KEY_UNUSED'
  /** `confirmName` is the name of the view. */
  | 'NAME_CONFIRMED'
  /** No failover of the objects is in progress that copygraph started in the last 7 days. For a view: none that the cluster lists. */
  | 'NO_FAILOVER_UNDER_WAY'
  /** Each object is part of the workflow, and the step was not taken for it. */
  | 'OBJECTS_ALLOWED'
  /** The group protects each object: it names the object, or one of its runs of the last day has it. */
  | 'OBJECTS_IN_GROUP'
  /** The cluster says that it allows the step now. */
  | 'OPERATION_ALLOWED'
  /** The newest failover is a PREPARE that succeeded, its replication at most 60 minutes old. */
  | 'PREPARED'
  /** Each object has a good copy on the replication cluster that is at most a day old. The detail has its age. */
  | 'RECENT_COPY'
  /** The source cluster has the replication cluster as a replication target. */
  | 'REPLICATION_CLUSTER_KNOWN'
  /** The source cluster reaches all endpoints of the replication cluster. */
  | 'REPLICATION_CLUSTER_REACHABLE'
  /** The runs in progress that would be canceled or waited for. Always ok if they could be read. */
  | 'RUNNING_RUNS'
  /** An audit file is configured (a sandbox needs none). If replicas share a Redis, it answers. Checked for views. */
  | 'SAFEGUARDS'
  /** The cluster that takes over a view is the one that answered first. */
  | 'SAME_SYSTEM'
  /** The source cluster does not answer, or `sourceIsAlive` is `true`. */
  | 'SOURCE_SILENT'
  /** The step is one of `FailoverWorkflow.nextSteps`. */
  | 'STEP_ALLOWED'
  /** The cluster that takes over has the view, and its name is known. */
  | 'VIEW_KNOWN';

/** The progress of a planned failover. */
export type FailoverState =
  /** It was canceled. */
  | 'CANCELED'
  /** The backup or its replication failed. */
  | 'FAILED'
  /** The cluster accepted it. Its run is not scheduled yet. */
  | 'REQUESTED'
  /** The run backs up, replicates or is being canceled. Also if the run cannot be read now. */
  | 'RUNNING'
  /** The backup and its replication are done, possibly with warnings. This does not activate the objects. */
  | 'SUCCEEDED'
  /** It is not known whether the cluster accepted it, or how its replication ended. Nothing more is sent under this id: check the cluster. */
  | 'UNCONFIRMED'
  /** The cluster waits for other runs of the objects, which it asked to cancel. */
  | 'WAITING_FOR_CANCELLATIONS';

/** The source of the state of a step. */
export type FailoverStepEvidence =
  /** The answer of the cluster to the request, as it was recorded. */
  | 'ANSWER'
  /** Only the record before the request: there is no answer. */
  | 'AUDIT'
  /** The word of a person, by `acknowledgeFailoverStep`. */
  | 'PERSON'
  /** A poll of the cluster. Only the planned run can be polled. */
  | 'POLL';

/** One step of a failover workflow, in the order of the workflow. */
export type FailoverStepName =
  /** Begins the backups on the cluster that takes over. The mutation `activateFailover`. */
  | 'ACTIVATE'
  /** Cancels the workflow on one cluster. The mutation `cancelFailoverWorkflow`. */
  | 'CANCEL'
  /** Stops the backups on the source. The mutation `deactivateFailoverSource`. */
  | 'DEACTIVATE'
  /** Opens the workflow on the cluster that takes over. The mutation `initFailover`. */
  | 'INIT'
  /** Reports which recovered object continues which replica. The mutation `linkFailoverObjects`. */
  | 'LINK'
  /** Replicates the newest data from the source. The mutation `failover`, with the workflow id as its key. */
  | 'PLANNED_RUN';

/** The progress of one step. With several requests for a step: the state of the last one. */
export type FailoverStepState =
  /** The cluster accepted it, or a person reports that it happened. */
  | 'DONE'
  /** No request was sent. */
  | 'NOT_STARTED'
  /** The cluster accepted it, with errors for some objects; `message` and `objects` have them. */
  | 'PARTIAL'
  /** The cluster refused it, the planned run failed, or a person reports that it did not happen. */
  | 'REJECTED'
  /** A request is being sent, or the planned run is in progress. */
  | 'REQUESTED'
  /** The answer was lost, and the vendor has no read of the step. Nothing more is sent for the workflow until `acknowledgeFailoverStep`. */
  | 'UNCONFIRMED';

/** The kind of a failure, worked out from the vendor’s message and category. Coarse enough to count and to route. */
export type FailureCategory =
  /** A role, login or permission is missing. */
  | 'ACCESS'
  /** Out of space or over a quota. */
  | 'CAPACITY'
  /** A key could not be used. */
  | 'ENCRYPTION_KEY'
  /** A tape is missing or faulty. */
  | 'MEDIA'
  /** The message fits no other category. */
  | 'OTHER'
  /** A rule forbids it: organization, retention, lock or hold. Also a feature that is not enabled or not supported. */
  | 'POLICY'
  /** The target, or the network to it, is down. */
  | 'TARGET_UNREACHABLE'
  /** Too many requests or copies at once. */
  | 'THROTTLED';

/** The outcome of the last call to an upstream. */
export type HealthStatus =
  /** It did not answer, sent an unreadable answer, or refused the gateway’s credentials. */
  | 'DOWN'
  /** This process has not called it yet. */
  | 'UNKNOWN'
  /** It answered. */
  | 'UP';

/** The reason why a mutation did not do what was asked. */
export type RefusalCode =
  /** How old the data are cannot be measured, so nobody can accept the loss. Nothing was sent. */
  | 'AGE_UNKNOWN'
  /** The audit file cannot be written or read, or none is configured. Nothing was sent. */
  | 'AUDIT_UNAVAILABLE'
  /** A value of the input is not valid; `path` names it. */
  | 'BAD_USER_INPUT'
  /** Something must be confirmed first; `path` says which argument. Nothing was sent. */
  | 'CONFIRMATION_REQUIRED'
  /** The key was used before with another body. Nothing was sent. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The lock cannot be taken: Redis, which holds it for all replicas, is lost, or another request has it. Nothing was sent. */
  | 'LOCK_UNAVAILABLE'
  /** The copy or failover has ended or cannot be canceled; `message` says why. Nothing was sent. */
  | 'NOT_CANCELABLE'
  /** There is no such copy, view or failover. Nothing was sent. */
  | 'NOT_FOUND'
  /** The step cannot be taken now; `message` says why. Nothing was sent. */
  | 'NOT_POSSIBLE'
  /** The copy cannot or should not be made again; `message` says why. Nothing was sent. */
  | 'NOT_RETRYABLE'
  /** The system under the upstream’s name is not the one that answered first. Nothing was sent. */
  | 'OTHER_SYSTEM'
  /** The mutation needs the `planToken` of a dry run that is at most 10 minutes old. Nothing was sent. */
  | 'PLAN_REQUIRED'
  /** The upstream refused, be it a cluster or AWS Backup; `errorCode` has its own code. Nothing was started or canceled. */
  | 'REJECTED_BY_CLUSTER'
  /** The answer to this request, or to an earlier request for the same copy or view, was lost and no effect is visible. Check the upstream before you repeat it. */
  | 'UNCONFIRMED';

/** A check before a copy is made again. */
export type RetryCheckName =
  /** The upstream sent every value that the request needs, and it can copy to this kind of target. */
  | 'CAN_BE_ASKED'
  /** The copy is FAILED, PARTIAL, CANCELED or MISSED. */
  | 'ENDED_BADLY'
  /** No retry was started under the key. */
  | 'KEY_UNUSED'
  /** No other copy of the same data to the same target is unfinished, or is good and at least as new. */
  | 'NO_OTHER_COPY'
  /** No earlier retry of the copy is unconfirmed, or accepted but not visible yet. */
  | 'NO_RETRY_OPEN'
  /** An audit file is configured (a sandbox needs none). If replicas share a Redis, it answers. */
  | 'SAFEGUARDS'
  /** The cluster, or the account and Region, is the one that answered first. */
  | 'SAME_SYSTEM'
  /** The source of the copy still exists, as far as the upstream reports it, and can be copied. */
  | 'SOURCE_THERE';

/** Whether the upstream accepted a retry. */
export type RetryState =
  /** The upstream accepted it. The state of the new copy shows how it ends. */
  | 'REQUESTED'
  /** It is not known: the answer was lost, and no copy is visible. Nothing more is sent under this key, and no other key can retry this copy. Check the upstream. */
  | 'UNCONFIRMED';

/** The kind of backup that a run makes. Source: Cohesity v1 ProtectionShellInfo.runType. */
export type RunType =
  /** A full backup. kFull. */
  | 'FULL'
  /** Fills up continuous data protection. kHydrateCDP. */
  | 'HYDRATE_CDP'
  /** A backup of database logs. kLog. */
  | 'LOG'
  /** An incremental backup. kRegular. */
  | 'REGULAR'
  /** A snapshot by the storage array. kStorageArraySnapshot. */
  | 'STORAGE_ARRAY_SNAPSHOT'
  /** A backup for a bare-metal restore. kSystem. */
  | 'SYSTEM'
  /** A value that this version does not know. */
  | 'UNKNOWN';

/** The product of an upstream. */
export type UpstreamKind =
  /** AWS Backup in one Region, as one account sees it. */
  | 'AWS_BACKUP'
  /** A Cohesity cluster, reached directly or through Helios. */
  | 'COHESITY';

/** The kind of a Cohesity external target. Source: Cohesity v1 ArchivalExternalTarget.vaultType. */
export type VaultKind =
  /** Cloud storage. kCloud. */
  | 'CLOUD'
  /** A file server. kNas. */
  | 'NAS'
  /** Tape. A person may have to load media. kTape. */
  | 'TAPE'
  /** A value that this version does not know. */
  | 'UNKNOWN';

/** One step of the failover of a view. Source: Cohesity v2 CreateViewFailoverRequest. */
export type ViewFailoverAction =
  /** Planned, second half: the view is served from here. At most 60 minutes after the replication of a PREPARE. */
  | 'FINALIZE'
  /** Planned, first half: the newest data are replicated here. The source continues to serve the view. */
  | 'PREPARE'
  /** The view is served from here, with the data that are here. For a source that is lost. */
  | 'UNPLANNED';

/** The progress of one step of the failover of a view. */
export type ViewFailoverState =
  /** The step was canceled. The vendor does not document this state. */
  | 'CANCELED'
  /** The step failed; `message` has the cluster’s words. The cluster may report a canceled step as failed. */
  | 'FAILED'
  /** The cluster works on it. */
  | 'RUNNING'
  /** The step is done. `message` says what is left to do. */
  | 'SUCCEEDED'
  /** The answer was lost and no effect is visible. No step of this view is sent until it is. */
  | 'UNCONFIRMED'
  /** A state that this version does not know, or an accepted step that is not listed. */
  | 'UNKNOWN';

/** Kind of data lock. Source: Cohesity v1 DataLockConstraints.wormRetentionType. */
export type WormRetentionType =
  /** Only a data security officer can remove it before its time. kAdministrative. */
  | 'ADMINISTRATIVE'
  /** Nobody can remove it before its time. kCompliance. */
  | 'COMPLIANCE'
  /** Not locked. kNone. */
  | 'NONE'
  /** A value that this version does not know. */
  | 'UNKNOWN';

export type LastNightsFailuresQueryVariables = Exact<{
  since?: string;
}>;


export type LastNightsFailuresQuery = { copySummary: { total: { count: number }, groups: Array<{ failureCategory: FailureCategory | null, count: number, upstream: { name: string } | null }> } | null, copyOperations: { nodes: Array<
      | { __typename: 'CopyJob', resourceType: string | null, accountId: string | null, name: string, state: ActivityState, failureCategory: FailureCategory | null, error: string | null, startedAt: string | null, endedAt: string | null, offsite: boolean | null, id: string, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
      | { __typename: 'CopyRun', name: string, state: ActivityState, failureCategory: FailureCategory | null, error: string | null, startedAt: string | null, endedAt: string | null, offsite: boolean | null, id: string, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
      | { __typename: 'CopySnapshotTask', name: string, state: ActivityState, failureCategory: FailureCategory | null, error: string | null, startedAt: string | null, endedAt: string | null, offsite: boolean | null, id: string, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
    >, pageInfo: { hasNextPage: boolean, endCursor: string | null }, upstreamReports: Array<{ ok: boolean, complete: boolean, observedAt: string | null, upstream: { name: string }, error: { code: ErrorCode, message: string, retryAfterMs: number | null } | null }> } | null };

export type OneCopyRunQueryVariables = Exact<{
  job?: string | null | undefined;
}>;


export type OneCopyRunQuery = { copyRuns: { nodes: Array<{ id: string, name: string, state: ActivityState, upstreamState: string | null, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, startedAt: string | null, endedAt: string | null, expiresAt: string | null, offsite: boolean | null, vaultType: VaultKind | null, target:
        | { vaultId: string | null, vaultName: string | null, id: string, kind: CopyTargetKind }
        | { id: string, kind: CopyTargetKind }
        | { id: string, kind: CopyTargetKind }
        | { id: string, kind: CopyTargetKind }
        | { id: string, kind: CopyTargetKind }
        | { id: string, kind: CopyTargetKind }
        | { id: string, kind: CopyTargetKind }
       | null, dataLockConstraints: { expiresAt: string | null, wormRetentionType: WormRetentionType | null } | null, legalHoldings: Array<{ holdForLegalPurpose: boolean | null, protectionSource: { name: string | null } | null }>, protectionJob: { name: string, description: string | null, environment: string | null, policyId: string | null } | null, protectionShell: { runType: RunType | null, state: ActivityState, startedAt: string | null, endedAt: string | null } | null, copySnapshotTasks: { totalCount: number | null, nodes: Array<{ name: string, state: ActivityState, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, source: { sourceId: string | null, environment: string | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null }> } | null };

export type OneAwsJobQueryVariables = Exact<{
  stack?: string | null | undefined;
}>;


export type OneAwsJobQuery = { copyJobs: { nodes: Array<{ numberOfChildJobs: string | null, offsite: boolean | null, otherAccount: boolean | null, copyJobId: string, name: string, resourceType: string | null, state: ActivityState, error: string | null, failureCategory: FailureCategory | null, messageCategory: string | null, sizeBytes: string | null, startedAt: string | null, endedAt: string | null, expiresAt: string | null, childJobsInState: Array<{ state: ActivityState, count: string }> | null, createdBy: { backupPlanName: string | null, backupRuleName: string | null, backupRuleCron: string | null } | null, target:
        | { name: string | null, region: string | null, accountId: string | null }
        | Record<PropertyKey, never>
       | null, children: { nodes: Array<{ compositeMemberIdentifier: string | null, copyJobId: string, name: string, resourceType: string | null, state: ActivityState, error: string | null, failureCategory: FailureCategory | null, messageCategory: string | null, sizeBytes: string | null, startedAt: string | null, endedAt: string | null, expiresAt: string | null, parent: { copyJobId: string } | null }> } | null }> } | null };

export type JobFragment = { copyJobId: string, name: string, resourceType: string | null, state: ActivityState, error: string | null, failureCategory: FailureCategory | null, messageCategory: string | null, sizeBytes: string | null, startedAt: string | null, endedAt: string | null, expiresAt: string | null };

export type OneObjectQueryVariables = Exact<{
  machine?: string | null | undefined;
  database?: string | null | undefined;
}>;


export type OneObjectQuery = { machine: { nodes: Array<{ protectedObject: { id: string, name: string, source: { sourceId: string | null, environment: string | null, parentId: string | null, details: unknown } | null, upstream: { name: string }, copyPosture: { copies: number, sites: number, offsite: boolean, immutable: boolean } | null, copyTargets: Array<{ copyLagSeconds: number | null, target:
            | { id: string, kind: CopyTargetKind, name: string | null }
            | { id: string, kind: CopyTargetKind, name: string | null }
            | { id: string, kind: CopyTargetKind, name: string | null }
            | { id: string, kind: CopyTargetKind, name: string | null }
            | { id: string, kind: CopyTargetKind, name: string | null }
            | { id: string, kind: CopyTargetKind, name: string | null }
            | { id: string, kind: CopyTargetKind, name: string | null }
          , lastSuccessfulCopy:
            | { offsite: boolean | null, startedAt: string | null, expiresAt: string | null }
            | { offsite: boolean | null, startedAt: string | null, expiresAt: string | null }
            | { offsite: boolean | null, startedAt: string | null, expiresAt: string | null }
           | null }> | null, copies: { totalCount: number | null, nodes: Array<
            | { state: ActivityState, startedAt: string | null, endedAt: string | null, expiresAt: string | null, sizeBytes: string | null, error: string | null, target:
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
               | null }
            | { state: ActivityState, startedAt: string | null, endedAt: string | null, expiresAt: string | null, sizeBytes: string | null, error: string | null, target:
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
               | null }
            | { state: ActivityState, startedAt: string | null, endedAt: string | null, expiresAt: string | null, sizeBytes: string | null, error: string | null, target:
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
               | null }
          > } | null } | null }> } | null, database: { nodes: Array<{ protectedObject: { resourceType: string | null, resourceArn: string | null, id: string, name: string, upstream: { name: string }, copyPosture: { copies: number, sites: number, offsite: boolean, immutable: boolean } | null, copyTargets: Array<{ copyLagSeconds: number | null, target:
            | { id: string, kind: CopyTargetKind, name: string | null }
            | { id: string, kind: CopyTargetKind, name: string | null }
            | { id: string, kind: CopyTargetKind, name: string | null }
            | { id: string, kind: CopyTargetKind, name: string | null }
            | { id: string, kind: CopyTargetKind, name: string | null }
            | { id: string, kind: CopyTargetKind, name: string | null }
            | { id: string, kind: CopyTargetKind, name: string | null }
          , lastSuccessfulCopy:
            | { offsite: boolean | null, startedAt: string | null, expiresAt: string | null }
            | { offsite: boolean | null, startedAt: string | null, expiresAt: string | null }
            | { offsite: boolean | null, startedAt: string | null, expiresAt: string | null }
           | null }> | null, copies: { totalCount: number | null, nodes: Array<
            | { state: ActivityState, startedAt: string | null, endedAt: string | null, expiresAt: string | null, sizeBytes: string | null, error: string | null, target:
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
               | null }
            | { state: ActivityState, startedAt: string | null, endedAt: string | null, expiresAt: string | null, sizeBytes: string | null, error: string | null, target:
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
               | null }
            | { state: ActivityState, startedAt: string | null, endedAt: string | null, expiresAt: string | null, sizeBytes: string | null, error: string | null, target:
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
                | { kind: CopyTargetKind, name: string | null }
               | null }
          > } | null } | null }> } | null };

export type ProtectionFragment = { id: string, name: string, upstream: { name: string }, copyPosture: { copies: number, sites: number, offsite: boolean, immutable: boolean } | null, copyTargets: Array<{ copyLagSeconds: number | null, target:
      | { id: string, kind: CopyTargetKind, name: string | null }
      | { id: string, kind: CopyTargetKind, name: string | null }
      | { id: string, kind: CopyTargetKind, name: string | null }
      | { id: string, kind: CopyTargetKind, name: string | null }
      | { id: string, kind: CopyTargetKind, name: string | null }
      | { id: string, kind: CopyTargetKind, name: string | null }
      | { id: string, kind: CopyTargetKind, name: string | null }
    , lastSuccessfulCopy:
      | { offsite: boolean | null, startedAt: string | null, expiresAt: string | null }
      | { offsite: boolean | null, startedAt: string | null, expiresAt: string | null }
      | { offsite: boolean | null, startedAt: string | null, expiresAt: string | null }
     | null }> | null, copies: { totalCount: number | null, nodes: Array<
      | { state: ActivityState, startedAt: string | null, endedAt: string | null, expiresAt: string | null, sizeBytes: string | null, error: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
      | { state: ActivityState, startedAt: string | null, endedAt: string | null, expiresAt: string | null, sizeBytes: string | null, error: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
      | { state: ActivityState, startedAt: string | null, endedAt: string | null, expiresAt: string | null, sizeBytes: string | null, error: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
    > } | null };

export type TheUpstreamsQueryVariables = Exact<{ [key: string]: never; }>;


export type TheUpstreamsQuery = { upstreams: Array<{ id: string, name: string, kind: UpstreamKind, sandbox: boolean, region: string | null, clusterId: string | null, clusterName: string | null, version: string | null, health: { status: HealthStatus, latencyMs: number | null, lastSuccessAt: string | null, lastError: string | null, circuit: CircuitState } | null }> };

export type PlanFailoverMutationVariables = Exact<{ [key: string]: never; }>;


export type PlanFailoverMutation = { failover:
    | { __typename: 'FailoverAccepted' }
    | { __typename: 'FailoverConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'FailoverPlan', ok: boolean, checks: Array<{ name: FailoverCheckName, ok: boolean, detail: string }> }
    | { __typename: 'FailoverRejected', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'InvalidFailoverInput', code: RefusalCode, message: string, path: Array<string> }
   | null };

export type StartFailoverMutationVariables = Exact<{ [key: string]: never; }>;


export type StartFailoverMutation = { failover:
    | { __typename: 'FailoverAccepted', failover: { id: string, state: FailoverState, message: string | null, requestedAt: string | null } }
    | { __typename: 'FailoverConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'FailoverPlan' }
    | { __typename: 'FailoverRejected', code: RefusalCode, message: string, path: Array<string>, errorCode: string | null }
    | { __typename: 'InvalidFailoverInput', code: RefusalCode, message: string, path: Array<string> }
   | null };

export type WatchFailoverQueryVariables = Exact<{ [key: string]: never; }>;


export type WatchFailoverQuery = { failover: { state: FailoverState, message: string | null, runId: string | null, run: { state: ActivityState, startedAt: string | null, endedAt: string | null } | null, copyRuns: { nodes: Array<{ state: ActivityState, progress: number | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }> } | null } | null };

export type CancelFailoverMutationVariables = Exact<{ [key: string]: never; }>;


export type CancelFailoverMutation = { cancelFailover:
    | { __typename: 'CancelRejected', code: RefusalCode, message: string, errorCode: string | null }
    | { __typename: 'FailoverCancelRequested', failover: { state: FailoverState, message: string | null } }
   | null };

export type CopiesLiveSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type CopiesLiveSubscription = { copyOperationChanged: { change: CopyChangeKind, previousState: ActivityState | null, operation:
      | { __typename: 'CopyJob', id: string, name: string, state: ActivityState, progress: number | null, transferredBytes: string | null, sizeBytes: string | null, endedAt: string | null, error: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
      | { __typename: 'CopyRun', id: string, name: string, state: ActivityState, progress: number | null, transferredBytes: string | null, sizeBytes: string | null, endedAt: string | null, error: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
      | { __typename: 'CopySnapshotTask', id: string, name: string, state: ActivityState, progress: number | null, transferredBytes: string | null, sizeBytes: string | null, endedAt: string | null, error: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
     | null, upstreamReports: Array<{ ok: boolean, observedAt: string | null, upstream: { name: string }, error: { code: ErrorCode, message: string } | null }> } };

export type CopyingNowQueryVariables = Exact<{ [key: string]: never; }>;


export type CopyingNowQuery = { copyOperations: { nodes: Array<
      | { name: string, state: ActivityState, progress: number | null, transferredBytes: string | null, sizeBytes: string | null, bytesPerSecond: number | null, estimatedEndAt: string | null, startedAt: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
      | { name: string, state: ActivityState, progress: number | null, transferredBytes: string | null, sizeBytes: string | null, bytesPerSecond: number | null, estimatedEndAt: string | null, startedAt: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
      | { name: string, state: ActivityState, progress: number | null, transferredBytes: string | null, sizeBytes: string | null, bytesPerSecond: number | null, estimatedEndAt: string | null, startedAt: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
    > } | null };

export type FailedLastNightQueryVariables = Exact<{
  since?: string;
  timeZone?: string | null | undefined;
}>;


export type FailedLastNightQuery = { copySummary: { total: { count: number }, groups: Array<{ hour: string | null, failureCategory: FailureCategory | null, count: number }> } | null };

export type WithoutOffsiteCopyQueryVariables = Exact<{ [key: string]: never; }>;


export type WithoutOffsiteCopyQuery = { protectedObjects: { totalCount: number | null, nodes: Array<{ name: string, upstream: { name: string }, copyPosture: { offsiteLagSeconds: number | null, copies: number, sites: number } | null }> } | null };

export type BytesADayByTargetQueryVariables = Exact<{
  week?: string;
  timeZone?: string | null | undefined;
}>;


export type BytesADayByTargetQuery = { copySummary: { total: { copiedBytes: string | null }, groups: Array<{ day: string | null, copiedBytes: string | null, bytesPerSecond: number | null, target:
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
       | null }> } | null };

export type LagTrendQueryVariables = Exact<{
  since?: string;
}>;


export type LagTrendQuery = { copyLagTrend: { points: Array<{ at: string, objects: number, withoutOffsite: number, p95LagSeconds: number | null, maxLagSeconds: number | null }> } | null };

export type HoldsAndLocksQueryVariables = Exact<{
  week?: string;
}>;


export type HoldsAndLocksQuery = { onHold: { totalCount: number | null, nodes: Array<
      | { name: string, expiresAt: string | null }
      | { name: string, expiresAt: string | null, legalHoldings: Array<{ holdForLegalPurpose: boolean | null }> }
      | { name: string, expiresAt: string | null }
    > } | null, locked: { totalCount: number | null, nodes: Array<
      | { __typename: 'CopyJob', name: string, expiresAt: string | null }
      | { __typename: 'CopyRun', name: string, expiresAt: string | null, dataLockConstraints: { wormRetentionType: WormRetentionType | null, expiresAt: string | null } | null }
      | { __typename: 'CopySnapshotTask', name: string, expiresAt: string | null }
    > } | null };

export type ExpiringSoonQueryVariables = Exact<{
  now?: string;
  soon?: string;
}>;


export type ExpiringSoonQuery = { copyOperations: { nodes: Array<
      | { name: string, expiresAt: string | null, sizeBytes: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
      | { name: string, expiresAt: string | null, sizeBytes: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
      | { name: string, expiresAt: string | null, sizeBytes: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
    > } | null };

export type OneJobsHistoryQueryVariables = Exact<{
  job?: string | number;
  week?: string;
}>;


export type OneJobsHistoryQuery = { copySummary: { groups: Array<{ count: number, target:
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
       | null, durationSeconds: { p50: number, p95: number, max: number } | null }> } | null, copyRuns: { nodes: Array<{ state: ActivityState, startedAt: string | null, durationSeconds: number | null, bytesPerSecond: number | null, target:
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
        | { kind: CopyTargetKind, name: string | null }
       | null }> } | null };

export type FailoverConsoleQueryVariables = Exact<{ [key: string]: never; }>;


export type FailoverConsoleQuery = { failoverHistory: { nodes: Array<{ id: string, state: FailoverState, message: string | null, requestedAt: string | null, upstream: { name: string } }>, upstreamReports: Array<{ ok: boolean, upstream: { name: string } }> } | null };

export type UpstreamHealthQueryVariables = Exact<{ [key: string]: never; }>;


export type UpstreamHealthQuery = { upstreams: Array<{ name: string, kind: UpstreamKind, health: { status: HealthStatus, latencyMs: number | null, lastSuccessAt: string | null, lastError: string | null, circuit: CircuitState } | null }> };

export type FailedCopiesQueryVariables = Exact<{ [key: string]: never; }>;


export type FailedCopiesQuery = { copyOperations: { nodes: Array<
      | { id: string, name: string, state: ActivityState, error: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
      | { id: string, name: string, state: ActivityState, error: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
      | { id: string, name: string, state: ActivityState, error: string | null, target:
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
          | { kind: CopyTargetKind, name: string | null }
         | null }
    >, upstreamReports: Array<{ ok: boolean }> } | null };

export type PlanRetryMutationVariables = Exact<{
  id: string | number;
  key: string | number;
}>;


export type PlanRetryMutation = { retryCopy:
    | { __typename: 'CopyRetryAccepted' }
    | { __typename: 'CopyRetryConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'CopyRetryPlan', ok: boolean, planToken: string | null, checks: Array<{ name: RetryCheckName, ok: boolean, detail: string }> }
    | { __typename: 'InvalidRetryInput', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'RetryRejected', code: RefusalCode, message: string, path: Array<string> }
   | null };

export type StartRetryMutationVariables = Exact<{
  id: string | number;
  key: string | number;
  planToken?: string | null | undefined;
}>;


export type StartRetryMutation = { retryCopy:
    | { __typename: 'CopyRetryAccepted', state: RetryState, requestedAt: string | null, operation:
        | { id: string, state: ActivityState, progress: number | null }
        | { id: string, state: ActivityState, progress: number | null }
        | { id: string, state: ActivityState, progress: number | null }
       | null }
    | { __typename: 'CopyRetryConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'CopyRetryPlan' }
    | { __typename: 'InvalidRetryInput', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'RetryRejected', code: RefusalCode, message: string, path: Array<string>, errorCode: string | null }
   | null };

export type PlanViewFailoverMutationVariables = Exact<{ [key: string]: never; }>;


export type PlanViewFailoverMutation = { viewFailover:
    | { __typename: 'FailoverConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'FailoverRejected', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'InvalidFailoverInput', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'ViewFailoverAccepted' }
    | { __typename: 'ViewFailoverPlan', ok: boolean, planToken: string | null, allowed: Array<string>, dataAgeSeconds: number | null, checks: Array<{ name: FailoverCheckName, ok: boolean, detail: string }> }
   | null };

export type StartViewFailoverMutationVariables = Exact<{
  planToken?: string | null | undefined;
}>;


export type StartViewFailoverMutation = { viewFailover:
    | { __typename: 'FailoverConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'FailoverRejected', code: RefusalCode, message: string, path: Array<string>, errorCode: string | null }
    | { __typename: 'InvalidFailoverInput', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'ViewFailoverAccepted', failover: { id: string, state: ViewFailoverState, message: string | null } }
    | { __typename: 'ViewFailoverPlan' }
   | null };

export type WatchViewFailoverQueryVariables = Exact<{ [key: string]: never; }>;


export type WatchViewFailoverQuery = { viewFailovers: Array<{ id: string, action: ViewFailoverAction | null, state: ViewFailoverState, message: string | null, replications: Array<{ progress: number | null }> }> | null };

export type CancelViewFailoverMutationVariables = Exact<{ [key: string]: never; }>;


export type CancelViewFailoverMutation = { cancelViewFailover:
    | { __typename: 'CancelRejected', code: RefusalCode, message: string }
    | { __typename: 'ViewFailoverAccepted', failover: { state: ViewFailoverState, message: string | null } }
   | null };

export type PlanViewFinalizeMutationVariables = Exact<{ [key: string]: never; }>;


export type PlanViewFinalizeMutation = { viewFailover:
    | { __typename: 'FailoverConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'FailoverRejected', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'InvalidFailoverInput', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'ViewFailoverAccepted' }
    | { __typename: 'ViewFailoverPlan', ok: boolean, planToken: string | null, allowed: Array<string>, dataAgeSeconds: number | null, checks: Array<{ name: FailoverCheckName, ok: boolean, detail: string }> }
   | null };

export type StartViewFinalizeMutationVariables = Exact<{
  planToken?: string | null | undefined;
}>;


export type StartViewFinalizeMutation = { viewFailover:
    | { __typename: 'FailoverConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'FailoverRejected', code: RefusalCode, message: string, path: Array<string>, errorCode: string | null }
    | { __typename: 'InvalidFailoverInput', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'ViewFailoverAccepted', failover: { id: string, state: ViewFailoverState, message: string | null } }
    | { __typename: 'ViewFailoverPlan' }
   | null };

export type OpenWorkflowMutationVariables = Exact<{
  dryRun?: boolean | null | undefined;
  planToken?: string | null | undefined;
}>;


export type OpenWorkflowMutation = { initFailover:
    | { __typename: 'FailoverConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'FailoverRejected', code: RefusalCode, message: string, path: Array<string>, errorCode: string | null }
    | { __typename: 'FailoverStepPlan', ok: boolean, planToken: string | null, dataAgeSeconds: number | null, checks: Array<{ name: FailoverCheckName, ok: boolean, detail: string }> }
    | { __typename: 'FailoverStepTaken', step: { name: FailoverStepName, state: FailoverStepState, message: string | null }, workflow: { nextSteps: Array<FailoverStepName> } }
    | { __typename: 'InvalidFailoverInput', code: RefusalCode, message: string, path: Array<string> }
   | null };

export type RunWorkflowMutationVariables = Exact<{ [key: string]: never; }>;


export type RunWorkflowMutation = { failover:
    | { __typename: 'FailoverAccepted', failover: { state: FailoverState, message: string | null } }
    | { __typename: 'FailoverConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'FailoverPlan' }
    | { __typename: 'FailoverRejected', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'InvalidFailoverInput', code: RefusalCode, message: string, path: Array<string> }
   | null };

export type WatchWorkflowQueryVariables = Exact<{ [key: string]: never; }>;


export type WatchWorkflowQuery = { failoverWorkflow: { nextSteps: Array<FailoverStepName>, activatedGroupId: string | null, steps: Array<{ name: FailoverStepName, state: FailoverStepState, evidence: FailoverStepEvidence | null, message: string | null }>, objects: Array<{ sourceObjectId: string | null, replicaObjectId: string | null, recoveredObjectId: string | null, activated: boolean | null, error: string | null }>, plannedRun: { state: FailoverState } | null, reverseReplication: { enabled: boolean | null, error: string | null } | null } | null };

export type LinkWorkflowMutationVariables = Exact<{
  dryRun?: boolean | null | undefined;
  planToken?: string | null | undefined;
}>;


export type LinkWorkflowMutation = { linkFailoverObjects:
    | { __typename: 'FailoverConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'FailoverRejected', code: RefusalCode, message: string, path: Array<string>, errorCode: string | null }
    | { __typename: 'FailoverStepPlan', ok: boolean, planToken: string | null, dataAgeSeconds: number | null, checks: Array<{ name: FailoverCheckName, ok: boolean, detail: string }> }
    | { __typename: 'FailoverStepTaken', step: { name: FailoverStepName, state: FailoverStepState, message: string | null }, workflow: { nextSteps: Array<FailoverStepName> } }
    | { __typename: 'InvalidFailoverInput', code: RefusalCode, message: string, path: Array<string> }
   | null };

export type ActivateWorkflowMutationVariables = Exact<{
  dryRun?: boolean | null | undefined;
  planToken?: string | null | undefined;
}>;


export type ActivateWorkflowMutation = { activateFailover:
    | { __typename: 'FailoverConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'FailoverRejected', code: RefusalCode, message: string, path: Array<string>, errorCode: string | null }
    | { __typename: 'FailoverStepPlan', ok: boolean, planToken: string | null, dataAgeSeconds: number | null, checks: Array<{ name: FailoverCheckName, ok: boolean, detail: string }> }
    | { __typename: 'FailoverStepTaken', step: { name: FailoverStepName, state: FailoverStepState, message: string | null }, workflow: { nextSteps: Array<FailoverStepName> } }
    | { __typename: 'InvalidFailoverInput', code: RefusalCode, message: string, path: Array<string> }
   | null };

export type DeactivateWorkflowMutationVariables = Exact<{
  dryRun?: boolean | null | undefined;
  planToken?: string | null | undefined;
}>;


export type DeactivateWorkflowMutation = { deactivateFailoverSource:
    | { __typename: 'FailoverConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'FailoverRejected', code: RefusalCode, message: string, path: Array<string>, errorCode: string | null }
    | { __typename: 'FailoverStepPlan', ok: boolean, planToken: string | null, dataAgeSeconds: number | null, checks: Array<{ name: FailoverCheckName, ok: boolean, detail: string }> }
    | { __typename: 'FailoverStepTaken', step: { name: FailoverStepName, state: FailoverStepState, message: string | null }, workflow: { nextSteps: Array<FailoverStepName> } }
    | { __typename: 'InvalidFailoverInput', code: RefusalCode, message: string, path: Array<string> }
   | null };

export type CancelWorkflowMutationVariables = Exact<{ [key: string]: never; }>;


export type CancelWorkflowMutation = { cancelFailoverWorkflow:
    | { __typename: 'FailoverConflict', code: RefusalCode, message: string, path: Array<string> }
    | { __typename: 'FailoverRejected', code: RefusalCode, message: string, path: Array<string>, errorCode: string | null }
    | { __typename: 'FailoverStepPlan', ok: boolean, planToken: string | null, dataAgeSeconds: number | null, checks: Array<{ name: FailoverCheckName, ok: boolean, detail: string }> }
    | { __typename: 'FailoverStepTaken', step: { name: FailoverStepName, state: FailoverStepState, message: string | null }, workflow: { nextSteps: Array<FailoverStepName> } }
    | { __typename: 'InvalidFailoverInput', code: RefusalCode, message: string, path: Array<string> }
   | null };

export const JobFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Job"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CopyJob"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copyJobId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"resourceType"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"failureCategory"}},{"kind":"Field","name":{"kind":"Name","value":"messageCategory"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]} as unknown as DocumentNode<JobFragment, unknown>;
export const ProtectionFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Protection"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProtectedObject"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"upstream"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"copyPosture"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copies"}},{"kind":"Field","name":{"kind":"Name","value":"sites"}},{"kind":"Field","name":{"kind":"Name","value":"offsite"}},{"kind":"Field","name":{"kind":"Name","value":"immutable"}}]}},{"kind":"Field","name":{"kind":"Name","value":"copyTargets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"copyLagSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccessfulCopy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"offsite"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"copies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ProtectionFragment, unknown>;
export const LastNightsFailuresDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LastNightsFailures"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"since"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},"defaultValue":{"kind":"StringValue","value":"2026-11-27T00:00:00Z","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copySummary"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"states"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"FAILED"}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"endedAfter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}}]}},{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"FAILURE_CATEGORY"},{"kind":"EnumValue","value":"UPSTREAM"}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"total"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failureCategory"}},{"kind":"Field","name":{"kind":"Name","value":"upstream"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"copyOperations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"states"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"FAILED"},{"kind":"EnumValue","value":"PARTIAL"}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"endedAfter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"failureCategory"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"offsite"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CopyJob"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"resourceType"}},{"kind":"Field","name":{"kind":"Name","value":"accountId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"upstreamReports"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upstream"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"complete"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}}]}}]}}]}}]}}]} as unknown as DocumentNode<LastNightsFailuresQuery, LastNightsFailuresQueryVariables>;
export const OneCopyRunDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OneCopyRun"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"job"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}},"defaultValue":{"kind":"StringValue","value":"VM-Prod-Frankfurt-Gold","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copyRuns"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectName"},"value":{"kind":"Variable","name":{"kind":"Name","value":"job"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"targetKinds"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"ARCHIVAL"}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"upstreamState"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"transferredBytes"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ArchivalTarget"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vaultId"}},{"kind":"Field","name":{"kind":"Name","value":"vaultName"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"offsite"}},{"kind":"Field","name":{"kind":"Name","value":"vaultType"}},{"kind":"Field","name":{"kind":"Name","value":"dataLockConstraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"wormRetentionType"}}]}},{"kind":"Field","name":{"kind":"Name","value":"legalHoldings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"holdForLegalPurpose"}},{"kind":"Field","name":{"kind":"Name","value":"protectionSource"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"protectionJob"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"environment"}},{"kind":"Field","name":{"kind":"Name","value":"policyId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"protectionShell"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"runType"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"copySnapshotTasks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"transferredBytes"}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceId"}},{"kind":"Field","name":{"kind":"Name","value":"environment"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<OneCopyRunQuery, OneCopyRunQueryVariables>;
export const OneAwsJobDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OneAwsJob"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"stack"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}},"defaultValue":{"kind":"StringValue","value":"shop-stack","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copyJobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectName"},"value":{"kind":"Variable","name":{"kind":"Name","value":"stack"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"states"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"PARTIAL"}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"composite"},"value":{"kind":"EnumValue","value":"TOP_LEVEL"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Job"}},{"kind":"Field","name":{"kind":"Name","value":"numberOfChildJobs"}},{"kind":"Field","name":{"kind":"Name","value":"childJobsInState"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"backupPlanName"}},{"kind":"Field","name":{"kind":"Name","value":"backupRuleName"}},{"kind":"Field","name":{"kind":"Name","value":"backupRuleCron"}}]}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"BackupVaultTarget"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"accountId"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"offsite"}},{"kind":"Field","name":{"kind":"Name","value":"otherAccount"}},{"kind":"Field","name":{"kind":"Name","value":"children"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Job"}},{"kind":"Field","name":{"kind":"Name","value":"compositeMemberIdentifier"}},{"kind":"Field","name":{"kind":"Name","value":"parent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copyJobId"}}]}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Job"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CopyJob"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copyJobId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"resourceType"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"failureCategory"}},{"kind":"Field","name":{"kind":"Name","value":"messageCategory"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]} as unknown as DocumentNode<OneAwsJobQuery, OneAwsJobQueryVariables>;
export const OneObjectDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OneObject"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"machine"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}},"defaultValue":{"kind":"StringValue","value":"fra-erp-app-07","block":false}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"database"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}},"defaultValue":{"kind":"StringValue","value":"orders-db","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"machine"},"name":{"kind":"Name","value":"copySnapshotTasks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectName"},"value":{"kind":"Variable","name":{"kind":"Name","value":"machine"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"protectedObject"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Protection"}},{"kind":"Field","name":{"kind":"Name","value":"source"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceId"}},{"kind":"Field","name":{"kind":"Name","value":"environment"}},{"kind":"Field","name":{"kind":"Name","value":"parentId"}},{"kind":"Field","name":{"kind":"Name","value":"details"}}]}}]}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"database"},"name":{"kind":"Name","value":"copyJobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectName"},"value":{"kind":"Variable","name":{"kind":"Name","value":"database"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"protectedObject"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Protection"}},{"kind":"Field","name":{"kind":"Name","value":"resourceType"}},{"kind":"Field","name":{"kind":"Name","value":"resourceArn"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Protection"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProtectedObject"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"upstream"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"copyPosture"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copies"}},{"kind":"Field","name":{"kind":"Name","value":"sites"}},{"kind":"Field","name":{"kind":"Name","value":"offsite"}},{"kind":"Field","name":{"kind":"Name","value":"immutable"}}]}},{"kind":"Field","name":{"kind":"Name","value":"copyTargets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"copyLagSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccessfulCopy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"offsite"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"copies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<OneObjectQuery, OneObjectQueryVariables>;
export const TheUpstreamsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"TheUpstreams"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upstreams"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"sandbox"}},{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"clusterId"}},{"kind":"Field","name":{"kind":"Name","value":"clusterName"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"health"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"latencyMs"}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccessAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"circuit"}}]}}]}}]}}]} as unknown as DocumentNode<TheUpstreamsQuery, TheUpstreamsQueryVariables>;
export const PlanFailoverDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PlanFailover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failover"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"upstream"},"value":{"kind":"StringValue","value":"sandbox-cohesity","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"drill-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"protectionGroupId"},"value":{"kind":"StringValue","value":"3141592653589793:1546300800000:1001","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"replicationClusterId"},"value":{"kind":"StringValue","value":"2718281828459045","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"objects"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectId"},"value":{"kind":"StringValue","value":"100101","block":false}}]},{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectId"},"value":{"kind":"StringValue","value":"100102","block":false}}]}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"cancelNonFailoverRuns"},"value":{"kind":"BooleanValue","value":true}},{"kind":"ObjectField","name":{"kind":"Name","value":"dryRun"},"value":{"kind":"BooleanValue","value":true}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverPlan"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<PlanFailoverMutation, PlanFailoverMutationVariables>;
export const StartFailoverDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StartFailover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failover"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"upstream"},"value":{"kind":"StringValue","value":"sandbox-cohesity","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"drill-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"protectionGroupId"},"value":{"kind":"StringValue","value":"3141592653589793:1546300800000:1001","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"replicationClusterId"},"value":{"kind":"StringValue","value":"2718281828459045","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"objects"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectId"},"value":{"kind":"StringValue","value":"100101","block":false}}]},{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectId"},"value":{"kind":"StringValue","value":"100102","block":false}}]}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"cancelNonFailoverRuns"},"value":{"kind":"BooleanValue","value":true}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverAccepted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errorCode"}}]}}]}}]}}]} as unknown as DocumentNode<StartFailoverMutation, StartFailoverMutationVariables>;
export const WatchFailoverDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WatchFailover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failover"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"Failover:sandbox-cohesity:drill-1","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"runId"}},{"kind":"Field","name":{"kind":"Name","value":"run"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"copyRuns"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<WatchFailoverQuery, WatchFailoverQueryVariables>;
export const CancelFailoverDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelFailover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelFailover"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"Failover:sandbox-cohesity:drill-1","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverCancelRequested"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CancelRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"errorCode"}}]}}]}}]}}]} as unknown as DocumentNode<CancelFailoverMutation, CancelFailoverMutationVariables>;
export const CopiesLiveDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"CopiesLive"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copyOperationChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"types"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"COPY_RUN"},{"kind":"EnumValue","value":"COPY_JOB"}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"change"}},{"kind":"Field","name":{"kind":"Name","value":"previousState"}},{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}},{"kind":"Field","name":{"kind":"Name","value":"transferredBytes"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"upstreamReports"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upstream"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"observedAt"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<CopiesLiveSubscription, CopiesLiveSubscriptionVariables>;
export const CopyingNowDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CopyingNow"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copyOperations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"states"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"RUNNING"},{"kind":"EnumValue","value":"CANCELING"}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}},{"kind":"Field","name":{"kind":"Name","value":"transferredBytes"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"bytesPerSecond"}},{"kind":"Field","name":{"kind":"Name","value":"estimatedEndAt"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<CopyingNowQuery, CopyingNowQueryVariables>;
export const FailedLastNightDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FailedLastNight"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"since"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},"defaultValue":{"kind":"StringValue","value":"2026-11-27T00:00:00Z","block":false}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"timeZone"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}},"defaultValue":{"kind":"StringValue","value":"Europe/Berlin","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copySummary"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"states"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"FAILED"}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"endedAfter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}}]}},{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"FAILURE_CATEGORY"},{"kind":"EnumValue","value":"HOUR"}]}},{"kind":"Argument","name":{"kind":"Name","value":"timeZone"},"value":{"kind":"Variable","name":{"kind":"Name","value":"timeZone"}}},{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"EnumValue","value":"ENDED"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"total"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hour"}},{"kind":"Field","name":{"kind":"Name","value":"failureCategory"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}}]}}]} as unknown as DocumentNode<FailedLastNightQuery, FailedLastNightQueryVariables>;
export const WithoutOffsiteCopyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WithoutOffsiteCopy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"protectedObjects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"offsiteLagOver"},"value":{"kind":"IntValue","value":"86400"}}]}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"field"},"value":{"kind":"EnumValue","value":"OFFSITE_LAG"}},{"kind":"ObjectField","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"DESC"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"upstream"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"copyPosture"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"offsiteLagSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"copies"}},{"kind":"Field","name":{"kind":"Name","value":"sites"}}]}}]}}]}}]}}]} as unknown as DocumentNode<WithoutOffsiteCopyQuery, WithoutOffsiteCopyQueryVariables>;
export const BytesADayByTargetDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"BytesADayByTarget"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"week"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},"defaultValue":{"kind":"StringValue","value":"2026-11-21T00:00:00Z","block":false}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"timeZone"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}},"defaultValue":{"kind":"StringValue","value":"Europe/Berlin","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copySummary"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"startedAfter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"week"}}}]}},{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"DAY"},{"kind":"EnumValue","value":"TARGET"}]}},{"kind":"Argument","name":{"kind":"Name","value":"timeZone"},"value":{"kind":"Variable","name":{"kind":"Name","value":"timeZone"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"total"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copiedBytes"}}]}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"day"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"copiedBytes"}},{"kind":"Field","name":{"kind":"Name","value":"bytesPerSecond"}}]}}]}}]}}]} as unknown as DocumentNode<BytesADayByTargetQuery, BytesADayByTargetQueryVariables>;
export const LagTrendDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LagTrend"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"since"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},"defaultValue":{"kind":"StringValue","value":"2026-11-27T00:00:00Z","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copyLagTrend"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"from"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}},{"kind":"Argument","name":{"kind":"Name","value":"step"},"value":{"kind":"EnumValue","value":"HOUR"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"points"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"objects"}},{"kind":"Field","name":{"kind":"Name","value":"withoutOffsite"}},{"kind":"Field","name":{"kind":"Name","value":"p95LagSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"maxLagSeconds"}}]}}]}}]}}]} as unknown as DocumentNode<LagTrendQuery, LagTrendQueryVariables>;
export const HoldsAndLocksDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"HoldsAndLocks"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"week"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},"defaultValue":{"kind":"StringValue","value":"2026-11-21T00:00:00Z","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"onHold"},"name":{"kind":"Name","value":"copyOperations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"3"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"startedAfter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"week"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"onLegalHold"},"value":{"kind":"BooleanValue","value":true}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CopyRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"legalHoldings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"holdForLegalPurpose"}}]}}]}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"locked"},"name":{"kind":"Name","value":"copyOperations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"3"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"startedAfter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"week"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"dataLocked"},"value":{"kind":"BooleanValue","value":true}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CopyRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dataLockConstraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"wormRetentionType"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<HoldsAndLocksQuery, HoldsAndLocksQueryVariables>;
export const ExpiringSoonDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ExpiringSoon"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"now"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},"defaultValue":{"kind":"StringValue","value":"2026-11-28T00:00:00Z","block":false}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"soon"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},"defaultValue":{"kind":"StringValue","value":"2026-12-05T00:00:00Z","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copyOperations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"expiresAfter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"now"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"expiresBefore"},"value":{"kind":"Variable","name":{"kind":"Name","value":"soon"}}}]}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"field"},"value":{"kind":"EnumValue","value":"EXPIRES_AT"}},{"kind":"ObjectField","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"ASC"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ExpiringSoonQuery, ExpiringSoonQueryVariables>;
export const OneJobsHistoryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"OneJobsHistory"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"job"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},"defaultValue":{"kind":"StringValue","value":"ProtectionJob:sandbox-cohesity:1001","block":false}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"week"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}},"defaultValue":{"kind":"StringValue","value":"2026-11-21T00:00:00Z","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copySummary"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"protectionJobIds"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"job"}}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"startedAfter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"week"}}}]}},{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"TARGET"}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"p50"}},{"kind":"Field","name":{"kind":"Name","value":"p95"}},{"kind":"Field","name":{"kind":"Name","value":"max"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"copyRuns"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"protectionJobIds"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"job"}}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"startedAfter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"week"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"durationSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"bytesPerSecond"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<OneJobsHistoryQuery, OneJobsHistoryQueryVariables>;
export const FailoverConsoleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FailoverConsole"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failoverHistory"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"upstream"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"upstreamReports"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upstream"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ok"}}]}}]}}]}}]} as unknown as DocumentNode<FailoverConsoleQuery, FailoverConsoleQueryVariables>;
export const UpstreamHealthDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"UpstreamHealth"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upstreams"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"health"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"latencyMs"}},{"kind":"Field","name":{"kind":"Name","value":"lastSuccessAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastError"}},{"kind":"Field","name":{"kind":"Name","value":"circuit"}}]}}]}}]}}]} as unknown as DocumentNode<UpstreamHealthQuery, UpstreamHealthQueryVariables>;
export const FailedCopiesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FailedCopies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"copyOperations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"states"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"FAILED"},{"kind":"EnumValue","value":"PARTIAL"},{"kind":"EnumValue","value":"CANCELED"},{"kind":"EnumValue","value":"MISSED"}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"target"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"upstreamReports"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}}]}}]}}]}}]} as unknown as DocumentNode<FailedCopiesQuery, FailedCopiesQueryVariables>;
export const PlanRetryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PlanRetry"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"key"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryCopy"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"Variable","name":{"kind":"Name","value":"key"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"dryRun"},"value":{"kind":"BooleanValue","value":true}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CopyRetryPlan"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"planToken"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<PlanRetryMutation, PlanRetryMutationVariables>;
export const StartRetryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StartRetry"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"key"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryCopy"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"Variable","name":{"kind":"Name","value":"key"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"planToken"},"value":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CopyRetryAccepted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"requestedAt"}},{"kind":"Field","name":{"kind":"Name","value":"operation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RetryRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errorCode"}}]}}]}}]}}]} as unknown as DocumentNode<StartRetryMutation, StartRetryMutationVariables>;
export const PlanViewFailoverDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PlanViewFailover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewFailover"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"upstream"},"value":{"kind":"StringValue","value":"sandbox-cohesity-dr","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"viewId"},"value":{"kind":"StringValue","value":"5101901","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"action"},"value":{"kind":"EnumValue","value":"PREPARE"}},{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"views-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"dryRun"},"value":{"kind":"BooleanValue","value":true}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ViewFailoverPlan"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"planToken"}},{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"dataAgeSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<PlanViewFailoverMutation, PlanViewFailoverMutationVariables>;
export const StartViewFailoverDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StartViewFailover"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewFailover"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"upstream"},"value":{"kind":"StringValue","value":"sandbox-cohesity-dr","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"viewId"},"value":{"kind":"StringValue","value":"5101901","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"action"},"value":{"kind":"EnumValue","value":"PREPARE"}},{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"views-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"planToken"},"value":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ViewFailoverAccepted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errorCode"}}]}}]}}]}}]} as unknown as DocumentNode<StartViewFailoverMutation, StartViewFailoverMutationVariables>;
export const WatchViewFailoverDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WatchViewFailover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewFailovers"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"upstream"},"value":{"kind":"StringValue","value":"sandbox-cohesity-dr","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"viewId"},"value":{"kind":"StringValue","value":"5101901","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"replications"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}}]}}]}}]} as unknown as DocumentNode<WatchViewFailoverQuery, WatchViewFailoverQueryVariables>;
export const CancelViewFailoverDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelViewFailover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelViewFailover"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"ViewFailover:sandbox-cohesity-dr:5101901:views-1","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ViewFailoverAccepted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CancelViewFailoverMutation, CancelViewFailoverMutationVariables>;
export const PlanViewFinalizeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PlanViewFinalize"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewFailover"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"upstream"},"value":{"kind":"StringValue","value":"sandbox-cohesity-dr","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"viewId"},"value":{"kind":"StringValue","value":"5101901","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"action"},"value":{"kind":"EnumValue","value":"FINALIZE"}},{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"views-2","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"confirmName"},"value":{"kind":"StringValue","value":"mail-journal","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"acceptDataLossSeconds"},"value":{"kind":"IntValue","value":"3600"}},{"kind":"ObjectField","name":{"kind":"Name","value":"dryRun"},"value":{"kind":"BooleanValue","value":true}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ViewFailoverPlan"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"planToken"}},{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"dataAgeSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<PlanViewFinalizeMutation, PlanViewFinalizeMutationVariables>;
export const StartViewFinalizeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StartViewFinalize"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewFailover"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"upstream"},"value":{"kind":"StringValue","value":"sandbox-cohesity-dr","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"viewId"},"value":{"kind":"StringValue","value":"5101901","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"action"},"value":{"kind":"EnumValue","value":"FINALIZE"}},{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"views-2","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"confirmName"},"value":{"kind":"StringValue","value":"mail-journal","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"acceptDataLossSeconds"},"value":{"kind":"IntValue","value":"3600"}},{"kind":"ObjectField","name":{"kind":"Name","value":"planToken"},"value":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ViewFailoverAccepted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errorCode"}}]}}]}}]}}]} as unknown as DocumentNode<StartViewFinalizeMutation, StartViewFinalizeMutationVariables>;
export const OpenWorkflowDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"OpenWorkflow"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"dryRun"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}},"defaultValue":{"kind":"BooleanValue","value":true}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"initFailover"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"replica"},"value":{"kind":"StringValue","value":"sandbox-cohesity-dr","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"sourceClusterId"},"value":{"kind":"StringValue","value":"3141592653589793","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"objects"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectId"},"value":{"kind":"StringValue","value":"5200101","block":false}}]},{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectId"},"value":{"kind":"StringValue","value":"5200102","block":false}}]}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"kind"},"value":{"kind":"EnumValue","value":"PLANNED"}},{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"move-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"dryRun"},"value":{"kind":"Variable","name":{"kind":"Name","value":"dryRun"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"planToken"},"value":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverStepPlan"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"planToken"}},{"kind":"Field","name":{"kind":"Name","value":"dataAgeSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverStepTaken"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workflow"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nextSteps"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errorCode"}}]}}]}}]}}]} as unknown as DocumentNode<OpenWorkflowMutation, OpenWorkflowMutationVariables>;
export const RunWorkflowDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RunWorkflow"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failover"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"upstream"},"value":{"kind":"StringValue","value":"sandbox-cohesity","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"move-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"protectionGroupId"},"value":{"kind":"StringValue","value":"3141592653589793:1546300800000:2001","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"replicationClusterId"},"value":{"kind":"StringValue","value":"2718281828459045","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"objects"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectId"},"value":{"kind":"StringValue","value":"200101","block":false}}]},{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectId"},"value":{"kind":"StringValue","value":"200102","block":false}}]}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"cancelNonFailoverRuns"},"value":{"kind":"BooleanValue","value":true}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverAccepted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failover"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]}}]}}]} as unknown as DocumentNode<RunWorkflowMutation, RunWorkflowMutationVariables>;
export const WatchWorkflowDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WatchWorkflow"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"failoverWorkflow"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"FailoverWorkflow:sandbox-cohesity-dr:move-1","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nextSteps"}},{"kind":"Field","name":{"kind":"Name","value":"steps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"evidence"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"objects"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceObjectId"}},{"kind":"Field","name":{"kind":"Name","value":"replicaObjectId"}},{"kind":"Field","name":{"kind":"Name","value":"recoveredObjectId"}},{"kind":"Field","name":{"kind":"Name","value":"activated"}},{"kind":"Field","name":{"kind":"Name","value":"error"}}]}},{"kind":"Field","name":{"kind":"Name","value":"plannedRun"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}}]}},{"kind":"Field","name":{"kind":"Name","value":"activatedGroupId"}},{"kind":"Field","name":{"kind":"Name","value":"reverseReplication"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"error"}}]}}]}}]}}]} as unknown as DocumentNode<WatchWorkflowQuery, WatchWorkflowQueryVariables>;
export const LinkWorkflowDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"LinkWorkflow"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"dryRun"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}},"defaultValue":{"kind":"BooleanValue","value":true}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"linkFailoverObjects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"workflow"},"value":{"kind":"StringValue","value":"FailoverWorkflow:sandbox-cohesity-dr:move-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"links"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"replicaObjectId"},"value":{"kind":"StringValue","value":"5200101","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"recoveredObjectId"},"value":{"kind":"StringValue","value":"6200101","block":false}}]},{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"replicaObjectId"},"value":{"kind":"StringValue","value":"5200102","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"recoveredObjectId"},"value":{"kind":"StringValue","value":"6200102","block":false}}]}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"dryRun"},"value":{"kind":"Variable","name":{"kind":"Name","value":"dryRun"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"planToken"},"value":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverStepPlan"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"planToken"}},{"kind":"Field","name":{"kind":"Name","value":"dataAgeSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverStepTaken"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workflow"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nextSteps"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errorCode"}}]}}]}}]}}]} as unknown as DocumentNode<LinkWorkflowMutation, LinkWorkflowMutationVariables>;
export const ActivateWorkflowDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ActivateWorkflow"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"dryRun"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}},"defaultValue":{"kind":"BooleanValue","value":true}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"activateFailover"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"workflow"},"value":{"kind":"StringValue","value":"FailoverWorkflow:sandbox-cohesity-dr:move-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"objects"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectId"},"value":{"kind":"StringValue","value":"5200101","block":false}}]},{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectId"},"value":{"kind":"StringValue","value":"5200102","block":false}}]}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"enableReverseReplication"},"value":{"kind":"BooleanValue","value":true}},{"kind":"ObjectField","name":{"kind":"Name","value":"confirmName"},"value":{"kind":"StringValue","value":"SQL-NYC-payments-Gold","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"acceptDataLossSeconds"},"value":{"kind":"IntValue","value":"3600"}},{"kind":"ObjectField","name":{"kind":"Name","value":"dryRun"},"value":{"kind":"Variable","name":{"kind":"Name","value":"dryRun"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"planToken"},"value":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverStepPlan"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"planToken"}},{"kind":"Field","name":{"kind":"Name","value":"dataAgeSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverStepTaken"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workflow"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nextSteps"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errorCode"}}]}}]}}]}}]} as unknown as DocumentNode<ActivateWorkflowMutation, ActivateWorkflowMutationVariables>;
export const DeactivateWorkflowDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeactivateWorkflow"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"dryRun"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}},"defaultValue":{"kind":"BooleanValue","value":true}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deactivateFailoverSource"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"workflow"},"value":{"kind":"StringValue","value":"FailoverWorkflow:sandbox-cohesity-dr:move-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"objects"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectId"},"value":{"kind":"StringValue","value":"200101","block":false}}]},{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"objectId"},"value":{"kind":"StringValue","value":"200102","block":false}}]}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"dryRun"},"value":{"kind":"Variable","name":{"kind":"Name","value":"dryRun"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"planToken"},"value":{"kind":"Variable","name":{"kind":"Name","value":"planToken"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverStepPlan"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"planToken"}},{"kind":"Field","name":{"kind":"Name","value":"dataAgeSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverStepTaken"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workflow"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nextSteps"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errorCode"}}]}}]}}]}}]} as unknown as DocumentNode<DeactivateWorkflowMutation, DeactivateWorkflowMutationVariables>;
export const CancelWorkflowDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelWorkflow"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelFailoverWorkflow"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"workflow"},"value":{"kind":"StringValue","value":"FailoverWorkflow:sandbox-cohesity-dr:move-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"upstream"},"value":{"kind":"StringValue","value":"sandbox-cohesity-dr","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverStepPlan"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"planToken"}},{"kind":"Field","name":{"kind":"Name","value":"dataAgeSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverStepTaken"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"step"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"workflow"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nextSteps"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailoverRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errorCode"}}]}}]}}]}}]} as unknown as DocumentNode<CancelWorkflowMutation, CancelWorkflowMutationVariables>;