/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

/** The part of AWS’s composite jobs that counts. AWS lists a parent and its children side by side. */
export type Composite =
  /** Parents and children. */
  | 'ALL'
  /** Only jobs without children, so each copied byte counts once. */
  | 'LEAVES'
  /** Only jobs without a parent. */
  | 'TOP_LEVEL';

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

/** Narrows a list of copies of all vendors. An absent member does not narrow it. Members combine with AND, the values of a list with OR. A member that a vendor does not know leaves out that vendor’s copies, unless the member says otherwise. */
export type CopyOperationFilter = {
  /** Only AWS jobs of these accounts, 12 digits each. Without it, AWS lists the jobs of the upstream’s own account. Costs one list for each account and upstream. */
  accountIds?: Array<string> | null | undefined;
  /** The part of AWS’s composite jobs that counts. If absent, ALL in lists and LEAVES in sums. */
  composite?: Composite | null | undefined;
  /** Only copies under a Cohesity data lock that is in force, or only copies that are not. A lock without a known end does not count. AWS reports no such lock: `true` leaves out its copies, `false` keeps them. Without `startedAfter`, the window is `limits.lookBackHours` long. */
  dataLocked?: boolean | null | undefined;
  /** Ended at this time or later. Leaves out unfinished records. Keeps a finished record without an end, because it may have ended at any time after its start. */
  endedAfter?: string | null | undefined;
  /** Ended before this time. Leaves out unfinished records. Keeps a finished record without an end if it started before this time. */
  endedBefore?: string | null | undefined;
  /** Only copies with this text in `error`. Case does not matter. */
  errorContains?: string | null | undefined;
  /** Expires at this time or later. Leaves out copies without a known expiry. For AWS jobs it reads their recovery points: up to 20 of a vault by one call each, more by lists. If some cannot be read, the report is incomplete. Without `startedAfter`, the window is `limits.lookBackHours` long. */
  expiresAfter?: string | null | undefined;
  /** Expires before this time. Leaves out copies without a known expiry. For AWS jobs it reads their recovery points: up to 20 of a vault by one call each, more by lists. If some cannot be read, the report is incomplete. Without `startedAfter`, the window is `limits.lookBackHours` long. */
  expiresBefore?: string | null | undefined;
  /** Only failures of these categories. */
  failureCategories?: Array<FailureCategory> | null | undefined;
  /** Only finished records, or only unfinished ones. */
  finished?: boolean | null | undefined;
  /** Only copies that took more than this many seconds. An unfinished copy counts from its start until now. Leaves out a copy without a start, and a finished one without an end. */
  longerThanSeconds?: number | null | undefined;
  /** Only AWS jobs with one of these categories, such as `AccessDenied`. Case matters only if you give a single one, because AWS itself then filters by it. */
  messageCategories?: Array<string> | null | undefined;
  /** Only copies with this text in their name, or in the name of a source that they copy. Case does not matter. */
  objectName?: string | null | undefined;
  /** Only copies on legal hold, or only copies that are not known to be. A run with one source on hold counts as held. AWS reports no holds: `true` leaves out its copies, `false` keeps them. Without `startedAfter`, the window is `limits.lookBackHours` long. */
  onLegalHold?: boolean | null | undefined;
  /** Only records of these Cohesity jobs, by `ProtectionJob.id`. A replica’s job has its own id. */
  protectionJobIds?: Array<string | number> | null | undefined;
  /** The treatment of replicas of other clusters’ jobs; AUTO if absent. */
  replicas?: ReplicaFilter | null | undefined;
  /** Only AWS resources of these types, as AWS writes them, such as `EBS`. */
  resourceTypes?: Array<string> | null | undefined;
  /** Started (for AWS: created) at this time or later. Without it, the window is the 24 hours before now or before `startedBefore`. It is `limits.lookBackHours` long (7 days by default) with `finished: false`, `endedAfter`, `expiresAfter`, `expiresBefore`, `onLegalHold` or `dataLocked`. The same holds if `states` has only QUEUED, RUNNING, CANCELING, ON_HOLD or UNKNOWN. A record without a start is kept, unless it is finished and ended outside the window. */
  startedAfter?: string | null | undefined;
  /** Started (for AWS: created) before this time. */
  startedBefore?: string | null | undefined;
  /** Only records in one of these states. */
  states?: Array<ActivityState> | null | undefined;
  /** Only copies to these targets, by `CopyTarget.id`. Each upstream has its own targets. */
  targetIds?: Array<string | number> | null | undefined;
  /** Only copies to one of these kinds of targets. That of an AWS job is VAULT, or UNKNOWN if it names no vault. */
  targetKinds?: Array<CopyTargetKind> | null | undefined;
  /** The kinds of copies; COPY_RUN and COPY_JOB if absent. */
  types?: Array<CopyOperationType> | null | undefined;
  /** Only these upstreams, by `Upstream.name`. */
  upstreams?: Array<string> | null | undefined;
};

/** The kinds of copies that a list can hold. */
export type CopyOperationType =
  /** AWS Backup copies, as `CopyJob`. */
  | 'COPY_JOB'
  /** Cohesity copies of a run to one target, as `CopyRun`. */
  | 'COPY_RUN'
  /** Cohesity copies of single objects, as `CopySnapshotTask`. They are the parts of copy runs, so ask for one kind or the other. */
  | 'COPY_SNAPSHOT_TASK';

/** The order of a list of copies. Unknown values come last in both directions; equal values are sorted by `id`. Any order but STARTED_AT DESC reads the whole window. If that is not possible, the report is incomplete. A cursor is valid only in the order that it came from. A record whose value changes between two pages may appear twice or not at all. */
export type CopyOrder = {
  /** Smallest or oldest first, or the reverse. */
  direction: OrderDirection;
  /** The field to sort by. */
  field: CopyOrderField;
};

/** The fields by which a list of copies can be sorted. */
export type CopyOrderField =
  /** By `durationSeconds`. Unfinished copies come last. */
  | 'DURATION'
  /** By `endedAt`. Unfinished copies come last. */
  | 'ENDED_AT'
  /** By `expiresAt`. Copies without a known expiry come last. Reads the recovery points of AWS’s jobs, as the filter member `expiresBefore` does. */
  | 'EXPIRES_AT'
  /** By `sizeBytes`. */
  | 'SIZE_BYTES'
  /** By `startedAt`. */
  | 'STARTED_AT';

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

/** Narrows the list of failovers. An absent member does not narrow it. Members combine with AND, the values of a list with OR. */
export type FailoverFilter = {
  /** Requested at this time or later. */
  requestedAfter?: string | null | undefined;
  /** Only failovers in one of these states. Costs one call for the run of each failover that is checked. */
  states?: Array<FailoverState> | null | undefined;
  /** Only failovers of these source clusters, by `Upstream.name`. */
  upstreams?: Array<string> | null | undefined;
};

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

/** The reason why records that were asked for may be missing from an answer. */
export type IncompleteReason =
  /** The operation needs more upstream calls than it may make. Ask for less. */
  | 'BUDGET'
  /** The request reaches further back than `limits.lookBackHours`. In lists of copies, `startedAfter` reads further. */
  | 'LOOK_BACK'
  /** It has not been read yet. Ask again later. */
  | 'NOT_READ_YET'
  /** An answer of the upstream is too large, even if the gateway asks for as little as it can. */
  | 'TOO_LARGE'
  /** The upstream sent records that cannot be read or addressed, or an unreadable answer. Also recovery points that no upstream of yours can read, and in `failoverHistory` an unreadable Redis or audit file. */
  | 'UNREADABLE'
  /** A call to the upstream failed. `error` has its code, unless only recovery points could not be read. */
  | 'UPSTREAM_FAILED';

/** The direction in which a list is sorted. */
export type OrderDirection =
  /** Smallest first: the lowest number, the oldest time, the first name. Unknown values come last. */
  | 'ASC'
  /** Largest first. Unknown values come last too. Only in `OFFSITE_LAG`, an object without a copy off site has the largest lag and comes first. */
  | 'DESC';

/** Narrows the list of objects. An absent member does not narrow it. Members combine with AND, the values of a list with OR. A member that a vendor does not know leaves out that vendor’s objects. */
export type ProtectedObjectFilter = {
  /** Only Cohesity sources of these environments, such as `kVMware`. */
  environments?: Array<string> | null | undefined;
  /** Only objects with a good copy that nobody can delete before its time, or only those without one. */
  immutable?: boolean | null | undefined;
  /** Only objects with a good copy under any lock in force, or only those without one. */
  locked?: boolean | null | undefined;
  /** Only objects with this text in their name. Case does not matter. */
  name?: string | null | undefined;
  /** Only objects with a good copy off site, or only those without one. */
  offsite?: boolean | null | undefined;
  /** Only objects whose newest good data off site are older than this many seconds, or that have none within `lookBackHours`. With 86400: objects without good data off site of the last day. */
  offsiteLagOver?: number | null | undefined;
  /** The treatment of replicas of other clusters’ jobs; AUTO if absent. */
  replicas?: ReplicaFilter | null | undefined;
  /** Only AWS resources of these types, such as `EBS`. */
  resourceTypes?: Array<string> | null | undefined;
  /** Only objects with good copies in fewer places than this. */
  sitesBelow?: number | null | undefined;
  /** Only objects of these upstreams, by `Upstream.name`. */
  upstreams?: Array<string> | null | undefined;
};

/** The treatment of replicas: runs and jobs that a Cohesity cluster holds for another cluster, which owns the job. The owner’s REMOTE copy and the replica’s LOCAL copy are one copy. */
export type ReplicaFilter =
  /** Leaves out the run, the job and the LOCAL copies of a replica if its owner is asked too and has answered. Keeps copies that the replica itself makes (REMOTE, ARCHIVAL or to a cloud): its owner does not list them. Keeps all records of the replica if the owner fails, is not asked or is hidden from you. */
  | 'AUTO'
  /** Leaves out the run, the job and the LOCAL copies of every replica, even if its owner is not asked or does not answer. Keeps copies that the replica itself makes. */
  | 'EXCLUDE'
  /** Keeps all records. A copy that several clusters hold counts once for each of them. */
  | 'INCLUDE'
  /** Keeps only records of replicas, and the copies that they themselves make. Leaves out AWS. */
  | 'ONLY';

/** The product of an upstream. */
export type UpstreamKind =
  /** AWS Backup in one Region, as one account sees it. */
  | 'AWS_BACKUP'
  /** A Cohesity cluster, reached directly or through Helios. */
  | 'COHESITY';

export type ReportFragment = { ok: boolean, stale: boolean, complete: boolean, incompleteReasons: Array<IncompleteReason>, observedAt: string | null, upstream: { name: string }, error: { code: ErrorCode, message: string } | null };

type CopyRow_CopyJob_Fragment = { __typename: 'CopyJob', id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, upstream: { name: string }, target:
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
   | null };

type CopyRow_CopyRun_Fragment = { __typename: 'CopyRun', id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, upstream: { name: string }, target:
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
   | null };

type CopyRow_CopySnapshotTask_Fragment = { __typename: 'CopySnapshotTask', id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, upstream: { name: string }, target:
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
    | { id: string, kind: CopyTargetKind, name: string | null }
   | null };

export type CopyRowFragment =
  | CopyRow_CopyJob_Fragment
  | CopyRow_CopyRun_Fragment
  | CopyRow_CopySnapshotTask_Fragment
;

export type UpstreamsQueryVariables = Exact<{ [key: string]: never; }>;


export type UpstreamsQuery = { upstreams: Array<{ name: string, kind: UpstreamKind, region: string | null, sandbox: boolean, health: { status: HealthStatus, latencyMs: number | null, lastSuccessAt: string | null, lastError: string | null, circuit: CircuitState } | null }> };

export type CopyingNowSubscriptionVariables = Exact<{
  filter: CopyOperationFilter;
}>;


export type CopyingNowSubscription = { copyOperationChanged: { change: CopyChangeKind, operation:
      | { __typename: 'CopyJob', id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, upstream: { name: string }, target:
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
         | null }
      | { __typename: 'CopyRun', id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, upstream: { name: string }, target:
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
         | null }
      | { __typename: 'CopySnapshotTask', id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, upstream: { name: string }, target:
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
         | null }
     | null, upstreamReports: Array<{ ok: boolean, stale: boolean, complete: boolean, incompleteReasons: Array<IncompleteReason>, observedAt: string | null, upstream: { name: string }, error: { code: ErrorCode, message: string } | null }> } };

export type UnfinishedQueryVariables = Exact<{
  filter: CopyOperationFilter;
}>;


export type UnfinishedQuery = { copySummary: { groups: Array<{ state: ActivityState | null, count: number }>, upstreamReports: Array<{ ok: boolean, stale: boolean, complete: boolean, incompleteReasons: Array<IncompleteReason>, observedAt: string | null, upstream: { name: string }, error: { code: ErrorCode, message: string } | null }> } | null };

export type FailedByCategoryQueryVariables = Exact<{
  filter: CopyOperationFilter;
}>;


export type FailedByCategoryQuery = { copySummary: { total: { count: number }, groups: Array<{ failureCategory: FailureCategory | null, state: ActivityState | null, count: number }>, upstreamReports: Array<{ ok: boolean, stale: boolean, complete: boolean, incompleteReasons: Array<IncompleteReason>, observedAt: string | null, upstream: { name: string }, error: { code: ErrorCode, message: string } | null }> } | null };

export type WithoutOffsiteCopyQueryVariables = Exact<{
  filter: ProtectedObjectFilter;
  first: number;
  after?: string | null | undefined;
}>;


export type WithoutOffsiteCopyQuery = { protectedObjects: { totalCount: number | null, nodes: Array<{ id: string, name: string, resourceType: string | null, upstream: { name: string }, copyPosture: { offsiteLagSeconds: number | null, copies: number, sites: number } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null }, upstreamReports: Array<{ ok: boolean, stale: boolean, complete: boolean, incompleteReasons: Array<IncompleteReason>, observedAt: string | null, upstream: { name: string }, error: { code: ErrorCode, message: string } | null }> } | null };

export type BytesADayByTargetQueryVariables = Exact<{
  filter: CopyOperationFilter;
  timeZone: string;
}>;


export type BytesADayByTargetQuery = { copySummary: { total: { copiedBytes: string | null }, groups: Array<{ day: string | null, copiedBytes: string | null, upstream: { name: string } | null, target:
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
       | null }>, upstreamReports: Array<{ ok: boolean, stale: boolean, complete: boolean, incompleteReasons: Array<IncompleteReason>, observedAt: string | null, upstream: { name: string }, error: { code: ErrorCode, message: string } | null }> } | null };

export type FailoversQueryVariables = Exact<{
  filter: FailoverFilter;
}>;


export type FailoversQuery = { failoverHistory: { nodes: Array<{ id: string, state: FailoverState, message: string | null, requestedAt: string | null, upstream: { name: string } }>, upstreamReports: Array<{ ok: boolean, stale: boolean, complete: boolean, incompleteReasons: Array<IncompleteReason>, observedAt: string | null, upstream: { name: string }, error: { code: ErrorCode, message: string } | null }> } | null };

export type CopiesQueryVariables = Exact<{
  filter: CopyOperationFilter;
  orderBy: CopyOrder;
  first: number;
  after?: string | null | undefined;
}>;


export type CopiesQuery = { copyOperations: { nodes: Array<
      | { __typename: 'CopyJob', id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, upstream: { name: string }, target:
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
         | null }
      | { __typename: 'CopyRun', id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, upstream: { name: string }, target:
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
         | null }
      | { __typename: 'CopySnapshotTask', id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, upstream: { name: string }, target:
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
         | null }
    >, pageInfo: { hasNextPage: boolean, endCursor: string | null }, upstreamReports: Array<{ ok: boolean, stale: boolean, complete: boolean, incompleteReasons: Array<IncompleteReason>, observedAt: string | null, upstream: { name: string }, error: { code: ErrorCode, message: string } | null }> } | null };

export type OneCopyQueryVariables = Exact<{
  id: string | number;
}>;


export type OneCopyQuery = { node:
    | { __typename: 'CopyJob', upstreamState: string | null, expiresAt: string | null, offsite: boolean | null, observedAt: string, resourceType: string | null, id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, protectedObject: { id: string, name: string } | null, upstream: { name: string }, target:
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
       | null }
    | { __typename: 'CopyRun', upstreamState: string | null, expiresAt: string | null, offsite: boolean | null, observedAt: string, id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, protectedObject: { id: string, name: string } | null, protectionJob: { id: string, name: string } | null, upstream: { name: string }, target:
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
       | null }
    | { __typename: 'CopySnapshotTask', upstreamState: string | null, expiresAt: string | null, offsite: boolean | null, observedAt: string, id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, protectedObject: { id: string, name: string } | null, upstream: { name: string }, target:
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
        | { id: string, kind: CopyTargetKind, name: string | null }
       | null }
    | Record<PropertyKey, never>
   | null };

export type OneObjectQueryVariables = Exact<{
  id: string | number;
}>;


export type OneObjectQuery = { node:
    | { id: string, name: string, resourceType: string | null, lookBackHours: number, upstream: { name: string }, copyPosture: { offsiteLagSeconds: number | null, copies: number, sites: number, immutable: boolean, locked: boolean } | null, copyTargets: Array<{ copyLagSeconds: number | null, target:
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
          | { id: string, kind: CopyTargetKind, name: string | null }
         }> | null, copies: { nodes: Array<
          | { __typename: 'CopyJob', id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, upstream: { name: string }, target:
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
             | null }
          | { __typename: 'CopyRun', id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, upstream: { name: string }, target:
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
             | null }
          | { __typename: 'CopySnapshotTask', id: string, name: string, state: ActivityState, finished: boolean, progress: number | null, sizeBytes: string | null, transferredBytes: string | null, bytesPerSecond: number | null, startedAt: string | null, endedAt: string | null, estimatedEndAt: string | null, durationSeconds: number | null, error: string | null, failureCategory: FailureCategory | null, upstream: { name: string }, target:
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
              | { id: string, kind: CopyTargetKind, name: string | null }
             | null }
        > } | null }
    | Record<PropertyKey, never>
   | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const ReportFragmentDoc = new TypedDocumentString(`
    fragment Report on UpstreamReport {
  upstream {
    name
  }
  ok
  stale
  complete
  incompleteReasons
  observedAt
  error {
    code
    message
  }
}
    `, {"fragmentName":"Report"}) as unknown as TypedDocumentString<ReportFragment, unknown>;
export const CopyRowFragmentDoc = new TypedDocumentString(`
    fragment CopyRow on CopyOperation {
  __typename
  id
  name
  state
  finished
  progress
  sizeBytes
  transferredBytes
  bytesPerSecond
  startedAt
  endedAt
  estimatedEndAt
  durationSeconds
  error
  failureCategory
  upstream {
    name
  }
  target {
    id
    kind
    name
  }
}
    `, {"fragmentName":"CopyRow"}) as unknown as TypedDocumentString<CopyRowFragment, unknown>;
export const UpstreamsDocument = new TypedDocumentString(`
    query Upstreams {
  upstreams {
    name
    kind
    region
    sandbox
    health {
      status
      latencyMs
      lastSuccessAt
      lastError
      circuit
    }
  }
}
    `, {"hash":"sha256:42b6a58e540c8c4fe4bdacaa8410a82c1c3e22c459dc1046777ce70a6bd69e2b"}) as unknown as TypedDocumentString<UpstreamsQuery, UpstreamsQueryVariables>;
export const CopyingNowDocument = new TypedDocumentString(`
    subscription CopyingNow($filter: CopyOperationFilter!) {
  copyOperationChanged(filter: $filter) {
    change
    operation {
      ...CopyRow
    }
    upstreamReports {
      ...Report
    }
  }
}
    fragment Report on UpstreamReport {
  upstream {
    name
  }
  ok
  stale
  complete
  incompleteReasons
  observedAt
  error {
    code
    message
  }
}
fragment CopyRow on CopyOperation {
  __typename
  id
  name
  state
  finished
  progress
  sizeBytes
  transferredBytes
  bytesPerSecond
  startedAt
  endedAt
  estimatedEndAt
  durationSeconds
  error
  failureCategory
  upstream {
    name
  }
  target {
    id
    kind
    name
  }
}`, {"hash":"sha256:43ebbe85974b0248d6bf2bdcf90a8cf50bebbb45ffa20321fd863344dd211c09"}) as unknown as TypedDocumentString<CopyingNowSubscription, CopyingNowSubscriptionVariables>;
export const UnfinishedDocument = new TypedDocumentString(`
    query Unfinished($filter: CopyOperationFilter!) {
  copySummary(filter: $filter, groupBy: [STATE]) {
    groups {
      state
      count
    }
    upstreamReports {
      ...Report
    }
  }
}
    fragment Report on UpstreamReport {
  upstream {
    name
  }
  ok
  stale
  complete
  incompleteReasons
  observedAt
  error {
    code
    message
  }
}`, {"hash":"sha256:c970c07bc4c20d76198000516e1a1abb12287de39052347d145fc8d41e542041"}) as unknown as TypedDocumentString<UnfinishedQuery, UnfinishedQueryVariables>;
export const FailedByCategoryDocument = new TypedDocumentString(`
    query FailedByCategory($filter: CopyOperationFilter!) {
  copySummary(filter: $filter, groupBy: [FAILURE_CATEGORY, STATE]) {
    total {
      count
    }
    groups {
      failureCategory
      state
      count
    }
    upstreamReports {
      ...Report
    }
  }
}
    fragment Report on UpstreamReport {
  upstream {
    name
  }
  ok
  stale
  complete
  incompleteReasons
  observedAt
  error {
    code
    message
  }
}`, {"hash":"sha256:d19fbae55c2d0b1e0913e2b5ad7ff63af6cf9abf46fadae4f623c04f4da64ef4"}) as unknown as TypedDocumentString<FailedByCategoryQuery, FailedByCategoryQueryVariables>;
export const WithoutOffsiteCopyDocument = new TypedDocumentString(`
    query WithoutOffsiteCopy($filter: ProtectedObjectFilter!, $first: Int!, $after: String) {
  protectedObjects(
    filter: $filter
    first: $first
    after: $after
    orderBy: {field: OFFSITE_LAG, direction: DESC}
  ) {
    totalCount
    nodes {
      id
      name
      resourceType
      upstream {
        name
      }
      copyPosture {
        offsiteLagSeconds
        copies
        sites
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    upstreamReports {
      ...Report
    }
  }
}
    fragment Report on UpstreamReport {
  upstream {
    name
  }
  ok
  stale
  complete
  incompleteReasons
  observedAt
  error {
    code
    message
  }
}`, {"hash":"sha256:1574a36328fde3216569fd8dc6459573edcb299040e57f014deaa11d59d9788b"}) as unknown as TypedDocumentString<WithoutOffsiteCopyQuery, WithoutOffsiteCopyQueryVariables>;
export const BytesADayByTargetDocument = new TypedDocumentString(`
    query BytesADayByTarget($filter: CopyOperationFilter!, $timeZone: String!) {
  copySummary(
    filter: $filter
    groupBy: [DAY, UPSTREAM, TARGET]
    timeZone: $timeZone
  ) {
    total {
      copiedBytes
    }
    groups {
      day
      upstream {
        name
      }
      target {
        id
        kind
        name
      }
      copiedBytes
    }
    upstreamReports {
      ...Report
    }
  }
}
    fragment Report on UpstreamReport {
  upstream {
    name
  }
  ok
  stale
  complete
  incompleteReasons
  observedAt
  error {
    code
    message
  }
}`, {"hash":"sha256:7802d8d1d1b155af032f44e9c108e70e989bdea39c0c286d55b6dc9e9fad43c1"}) as unknown as TypedDocumentString<BytesADayByTargetQuery, BytesADayByTargetQueryVariables>;
export const FailoversDocument = new TypedDocumentString(`
    query Failovers($filter: FailoverFilter!) {
  failoverHistory(filter: $filter, first: 20) {
    nodes {
      id
      state
      message
      requestedAt
      upstream {
        name
      }
    }
    upstreamReports {
      ...Report
    }
  }
}
    fragment Report on UpstreamReport {
  upstream {
    name
  }
  ok
  stale
  complete
  incompleteReasons
  observedAt
  error {
    code
    message
  }
}`, {"hash":"sha256:348a3d1b39f05a5e5fecb0695ccfc4e91440ebf4218c07ad7192d741916ecb34"}) as unknown as TypedDocumentString<FailoversQuery, FailoversQueryVariables>;
export const CopiesDocument = new TypedDocumentString(`
    query Copies($filter: CopyOperationFilter!, $orderBy: CopyOrder!, $first: Int!, $after: String) {
  copyOperations(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes {
      ...CopyRow
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    upstreamReports {
      ...Report
    }
  }
}
    fragment Report on UpstreamReport {
  upstream {
    name
  }
  ok
  stale
  complete
  incompleteReasons
  observedAt
  error {
    code
    message
  }
}
fragment CopyRow on CopyOperation {
  __typename
  id
  name
  state
  finished
  progress
  sizeBytes
  transferredBytes
  bytesPerSecond
  startedAt
  endedAt
  estimatedEndAt
  durationSeconds
  error
  failureCategory
  upstream {
    name
  }
  target {
    id
    kind
    name
  }
}`, {"hash":"sha256:ac8269da05d1b9160fe1682ee4553f4d06174ab468f5c424a1cbbb78ccf90635"}) as unknown as TypedDocumentString<CopiesQuery, CopiesQueryVariables>;
export const OneCopyDocument = new TypedDocumentString(`
    query OneCopy($id: ID!) {
  node(id: $id) {
    ... on CopyOperation {
      ...CopyRow
      upstreamState
      expiresAt
      offsite
      observedAt
      protectedObject {
        id
        name
      }
    }
    ... on CopyRun {
      protectionJob {
        id
        name
      }
    }
    ... on CopyJob {
      resourceType
    }
  }
}
    fragment CopyRow on CopyOperation {
  __typename
  id
  name
  state
  finished
  progress
  sizeBytes
  transferredBytes
  bytesPerSecond
  startedAt
  endedAt
  estimatedEndAt
  durationSeconds
  error
  failureCategory
  upstream {
    name
  }
  target {
    id
    kind
    name
  }
}`, {"hash":"sha256:0be3b5080d66d77c0e601559e3573691ad3a21a1d2e9b3f7d44bb0ebb30bc429"}) as unknown as TypedDocumentString<OneCopyQuery, OneCopyQueryVariables>;
export const OneObjectDocument = new TypedDocumentString(`
    query OneObject($id: ID!) {
  node(id: $id) {
    ... on ProtectedObject {
      id
      name
      resourceType
      lookBackHours
      upstream {
        name
      }
      copyPosture {
        offsiteLagSeconds
        copies
        sites
        immutable
        locked
      }
      copyTargets {
        target {
          id
          kind
          name
        }
        copyLagSeconds
      }
      copies(first: 20) {
        nodes {
          ...CopyRow
        }
      }
    }
  }
}
    fragment CopyRow on CopyOperation {
  __typename
  id
  name
  state
  finished
  progress
  sizeBytes
  transferredBytes
  bytesPerSecond
  startedAt
  endedAt
  estimatedEndAt
  durationSeconds
  error
  failureCategory
  upstream {
    name
  }
  target {
    id
    kind
    name
  }
}`, {"hash":"sha256:464fc6f622de12540522d7ca7020c429981fd28f83a94aaea650c69d496b05d6"}) as unknown as TypedDocumentString<OneObjectQuery, OneObjectQueryVariables>;