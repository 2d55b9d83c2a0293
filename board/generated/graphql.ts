/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Where an activity stands, in words common to all vendors; `upstreamState` has the vendor’s own. */
export type ActivityState =
  /** Stopped on request. Cohesity kCanceled, also spelled kCancelled. Finished. */
  | 'CANCELED'
  /** Asked to stop, and not stopped yet. Cohesity kCanceling. */
  | 'CANCELING'
  /** Not done; `error` has the reason. Cohesity kFailure, AWS FAILED. Finished. */
  | 'FAILED'
  /** Never started, since its time had passed. Cohesity kMissed. Finished. */
  | 'MISSED'
  /** Paused, and may go on. Cohesity kOnHold. */
  | 'ON_HOLD'
  /** Some members of a composite job failed. AWS PARTIAL. Finished. */
  | 'PARTIAL'
  /** Accepted and waiting. Cohesity kAccepted, AWS CREATED; an AWS job may wait for hours. */
  | 'QUEUED'
  /** At work. Cohesity kRunning and kFinalizing, AWS RUNNING. */
  | 'RUNNING'
  /** Done, without complaint. Cohesity kSuccess, AWS COMPLETED. Finished. */
  | 'SUCCEEDED'
  /** A word we do not know, or none; see `upstreamState`. Not counted as finished. */
  | 'UNKNOWN'
  /** Done, with warnings. Cohesity kWarning. Finished. */
  | 'WARNING';

/** Whether calls to an upstream are let through. */
export type CircuitState =
  /** They are. */
  | 'CLOSED'
  /** One is, to see whether it has recovered. */
  | 'HALF_OPEN'
  /** They are not: it failed too often, and is left alone for a moment. */
  | 'OPEN';

/** Which of AWS’s composite jobs count: a parent and its children are all in the lists of AWS. */
export type Composite =
  /** Parents and children. */
  | 'ALL'
  /** Only jobs without children: each copied byte once. */
  | 'LEAVES'
  /** Only jobs without a parent. */
  | 'TOP_LEVEL';

/** What happened to a copy. */
export type CopyChangeKind =
  /** Its state changed, or its end, error or expiry. Without an operation: an upstream went down or came back. */
  | 'CHANGED'
  /** It is over, whether well or not; also a new one that came and went between two looks. */
  | 'FINISHED'
  /** More bytes were copied, or are to be. */
  | 'PROGRESSED'
  /** It was unfinished when the stream began. */
  | 'SNAPSHOT'
  /** It is new, and unfinished. */
  | 'STARTED';

/** Narrows a list of copies of all vendors; absent members do not. Members are combined with AND, the words of a list with OR. A member that a vendor has no notion of leaves that vendor’s copies out. */
export type CopyOperationFilter = {
  /** Only AWS jobs that these accounts own, 12 digits each. Without it, AWS lists the jobs of the upstream’s own account. Costs one list for each account and upstream. */
  accountIds?: Array<string> | null | undefined;
  /** Which part of AWS’s composite jobs; if absent, ALL in lists and LEAVES in sums. */
  composite?: Composite | null | undefined;
  /** Only what is under a Cohesity data lock in force, or only what is not. Of AWS’s copies no such lock is told: `true` leaves them out, `false` keeps them. Looks back as far as the gateway is configured to, unless `startedAfter` is given. */
  dataLocked?: boolean | null | undefined;
  /** Ended at this time or later; leaves out what is not finished. A finished record without an end is kept, since it may have ended at any time after it started. */
  endedAfter?: string | null | undefined;
  /** Ended before this time. A finished record without an end is kept if it started before this time. */
  endedBefore?: string | null | undefined;
  /** Only where this is part of `error`; upper and lower case are equal. */
  errorContains?: string | null | undefined;
  /** Expires at this time or later. Leaves out what has no expiry, and what does not tell it. That of AWS’s jobs is in their recovery points, which are read for it: up to 20 of a vault by a call each, more by its lists. What could not be judged makes the report incomplete. Looks back as far as the gateway is configured to, unless `startedAfter` is given. */
  expiresAfter?: string | null | undefined;
  /** Expires before this time. Leaves out what has no expiry, and what does not tell it. That of AWS’s jobs is in their recovery points, which are read for it: up to 20 of a vault by a call each, more by its lists. What could not be judged makes the report incomplete. Looks back as far as the gateway is configured to, unless `startedAfter` is given. */
  expiresBefore?: string | null | undefined;
  /** Only failures of these kinds. */
  failureCategories?: Array<FailureCategory> | null | undefined;
  /** Only those that are finished, or only those that are not. */
  finished?: boolean | null | undefined;
  /** Only what took longer than so many seconds from its start to its end. What goes on counts by the time since its start; what ended without an end that is told is left out. */
  longerThanSeconds?: number | null | undefined;
  /** Only AWS jobs with one of these categories, such as `AccessDenied`. Write a single one as AWS does, since AWS itself then looks for it. */
  messageCategories?: Array<string> | null | undefined;
  /** Only where this is part of the name, or of the name of a source that was copied; upper and lower case are equal. */
  objectName?: string | null | undefined;
  /** Only what a legal hold keeps, or only what none is known to. A run of which one source is held counts as held. Of AWS’s copies nothing is told: `true` leaves them out, `false` keeps them. Looks back as far as the gateway is configured to, unless `startedAfter` is given. */
  onLegalHold?: boolean | null | undefined;
  /** Only of these Cohesity jobs, by `ProtectionJob.id`. A replica’s job has an id of its own. */
  protectionJobIds?: Array<string | number> | null | undefined;
  /** What becomes of replicas of other clusters’ jobs; AUTO if absent. */
  replicas?: ReplicaFilter | null | undefined;
  /** Only AWS resources of these types, in AWS’s words, such as `EBS`. */
  resourceTypes?: Array<string> | null | undefined;
  /** Started (for AWS: created) at this time or later. Without it, the 24 hours before now or before `startedBefore`. With `finished: false`, `endedAfter`, `expiresAfter`, `expiresBefore`, `onLegalHold`, `dataLocked`, or only states that are not finished (QUEUED, RUNNING, CANCELING, ON_HOLD, UNKNOWN), as far back as the gateway is configured to look (7 days by default). A record whose start is unknown is kept, unless it is finished and ended outside. */
  startedAfter?: string | null | undefined;
  /** Started (for AWS: created) before this time. */
  startedBefore?: string | null | undefined;
  /** Only in one of these states. */
  states?: Array<ActivityState> | null | undefined;
  /** Only to these targets, by `CopyTarget.id`. A cluster and its replica have targets of their own. */
  targetIds?: Array<string | number> | null | undefined;
  /** Only to one of these kinds of places; an AWS job’s is VAULT. */
  targetKinds?: Array<CopyTargetKind> | null | undefined;
  /** Which kinds; COPY_RUN and COPY_JOB if absent. */
  types?: Array<CopyOperationType> | null | undefined;
  /** Only these upstreams, by `Upstream.name`. */
  upstreams?: Array<string> | null | undefined;
};

/** Which kinds of copies a list holds. */
export type CopyOperationType =
  /** AWS Backup copies, as `CopyJob`. */
  | 'COPY_JOB'
  /** Cohesity copies of a run to one target, as `CopyRun`. */
  | 'COPY_RUN'
  /** Cohesity copies of single objects, as `CopySnapshotTask`: the parts of a copy run, so ask for one or the other. */
  | 'COPY_SNAPSHOT_TASK';

/** How a list of copies is sorted. Unknown values come last in both directions, equal values by `id`. Any order but STARTED_AT DESC reads the whole window, and where that is not possible the report is not complete. A cursor is good in the order that it came from. A record whose value changes between two pages may be seen twice or not at all. */
export type CopyOrder = {
  /** Smallest or oldest first, or the other way round. */
  direction: OrderDirection;
  /** What they are sorted by. */
  field: CopyOrderField;
};

/** What a list of copies can be sorted by. */
export type CopyOrderField =
  /** By `durationSeconds`; what goes on comes last. */
  | 'DURATION'
  /** By `endedAt`; what goes on comes last. */
  | 'ENDED_AT'
  /** By `expiresAt`; what has none, or does not tell it, comes last. Reads the recovery points of AWS’s jobs, as the filter member `expiresBefore` does. */
  | 'EXPIRES_AT'
  /** By `sizeBytes`. */
  | 'SIZE_BYTES'
  /** By `startedAt`. */
  | 'STARTED_AT';

/** What sort of place a copy goes to. */
export type CopyTargetKind =
  /** An external target: cloud, tape or NAS. Cohesity kArchival. */
  | 'ARCHIVAL'
  /** Converted and deployed in a cloud. Cohesity kCloudDeploy. */
  | 'CLOUD_DEPLOY'
  /** Replicated into a cloud. Cohesity kCloudReplication. */
  | 'CLOUD_REPLICATION'
  /** The cluster itself: the local snapshot with its expiry, not a copy elsewhere. Cohesity kLocal. */
  | 'LOCAL'
  /** Another Cohesity cluster. Cohesity kRemote. */
  | 'REMOTE'
  /** A kind we do not know, or none. */
  | 'UNKNOWN'
  /** An AWS backup vault. */
  | 'VAULT';

/** What went wrong, in words a program can act on; the same as `errors[].extensions.code`. */
export type ErrorCode =
  /** An argument cannot be taken. */
  | 'BAD_USER_INPUT'
  /** The caller may not do this, or not see that upstream. */
  | 'FORBIDDEN'
  /** A fault of ours; the log has it under the error id. */
  | 'INTERNAL'
  /** No trusted document has that hash. Send the text. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** A hash was sent where ids of documents are not taken. Send the text. */
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  /** The query is too large or too deep, or would cost too much; `extensions.limit` says which limit. */
  | 'QUERY_TOO_COMPLEX'
  /** The caller asks too often, or the gateway has too much to do; see retryAfterMs. */
  | 'RATE_LIMITED'
  /** No valid token or key came with the request. */
  | 'UNAUTHENTICATED'
  /** The upstream refused our credentials; an operator has to act. */
  | 'UPSTREAM_AUTH'
  /** The upstream sent what cannot be read or is too large, or left out what addresses a record. */
  | 'UPSTREAM_BAD_RESPONSE'
  /** The operation would need more upstream calls than it may make; ask for less. */
  | 'UPSTREAM_BUDGET_EXCEEDED'
  /** The upstream failed too often and is left alone for a moment; see retryAfterMs. */
  | 'UPSTREAM_CIRCUIT_OPEN'
  /** The upstream asks us to slow down, or as much is asked of it as the config allows; see retryAfterMs. */
  | 'UPSTREAM_RATE_LIMITED'
  /** The upstream did not answer in time. */
  | 'UPSTREAM_TIMEOUT'
  /** The upstream could not be reached, or failed. */
  | 'UPSTREAM_UNAVAILABLE';

/** Narrows the list of failovers; absent members do not. Members are combined with AND, the words of a list with OR. */
export type FailoverFilter = {
  /** Requested at this time or later. */
  requestedAfter?: string | null | undefined;
  /** Only in one of these states. Costs one call for the run of each failover that is looked at. */
  states?: Array<FailoverState> | null | undefined;
  /** Only of these source clusters, by `Upstream.name`. */
  upstreams?: Array<string> | null | undefined;
};

/** How far a planned failover is. */
export type FailoverState =
  /** It was called off. */
  | 'CANCELED'
  /** The backup or its replication failed. */
  | 'FAILED'
  /** The cluster has taken it on; its run is not scheduled yet. */
  | 'REQUESTED'
  /** The run backs up, replicates, or is being canceled. */
  | 'RUNNING'
  /** The backup and its replication are done, possibly with warnings. The objects are not activated by that. */
  | 'SUCCEEDED'
  /** Nobody can tell whether the cluster took it on. Nothing is sent under this id any more: look at the cluster. */
  | 'UNCONFIRMED'
  /** The cluster waits for other runs of the objects, which it asked to cancel. */
  | 'WAITING_FOR_CANCELLATIONS';

/** Why a copy failed, sorted from the vendor’s message and category; coarse enough to count and to route. */
export type FailureCategory =
  /** A role, login or permission is missing. */
  | 'ACCESS'
  /** Out of space or over a quota. */
  | 'CAPACITY'
  /** A key could not be used. */
  | 'ENCRYPTION_KEY'
  /** A tape is wanted or bad. */
  | 'MEDIA'
  /** Failed, and the message does not say why in words we know. */
  | 'OTHER'
  /** A rule forbids it: organization, retention, lock, hold. */
  | 'POLICY'
  /** The place to copy to, or the way there, is down. */
  | 'TARGET_UNREACHABLE'
  /** Asked to slow down. */
  | 'THROTTLED';

/** How the last call to an upstream went. */
export type HealthStatus =
  /** It did not, or refused our credentials. */
  | 'DOWN'
  /** This process has not called it yet. */
  | 'UNKNOWN'
  /** It answered. */
  | 'UP';

/** Why something that was asked for may be missing from an answer. */
export type IncompleteReason =
  /** The operation would have needed more upstream calls than it may make. Ask for less. */
  | 'BUDGET'
  /** The filter asks for more than the gateway looks back, `limits.lookBackHours`. `startedAfter` reads further. */
  | 'LOOK_BACK'
  /** It has not been read yet. Ask again later. */
  | 'NOT_READ_YET'
  /** An answer of the upstream is too large, however little is asked for at once. */
  | 'TOO_LARGE'
  /** The upstream sent records that cannot be read or addressed, or an answer that cannot be read at all. */
  | 'UNREADABLE'
  /** A call to the upstream failed; `error` says how. */
  | 'UPSTREAM_FAILED';

/** Which way a list is sorted. */
export type OrderDirection =
  /** Smallest first: the lowest number, the oldest time, the first name. Unknown values come last. */
  | 'ASC'
  /** Largest first. Unknown values come last all the same. */
  | 'DESC';

/** Narrows the list of objects; absent members do not. Members are combined with AND, the words of a list with OR. A member that a vendor has no notion of leaves that vendor’s objects out. */
export type ProtectedObjectFilter = {
  /** Only Cohesity sources of these environments, such as `kVMware`. */
  environments?: Array<string> | null | undefined;
  /** Only objects with a good copy that nobody can delete before its time, or only those without one. */
  immutable?: boolean | null | undefined;
  /** Only objects with a good copy under any lock in force, or only those without one. */
  locked?: boolean | null | undefined;
  /** Only where this is part of the name; upper and lower case are equal. */
  name?: string | null | undefined;
  /** Only objects with a good copy off site, or only those without one. */
  offsite?: boolean | null | undefined;
  /** Only objects whose newest good copy off site holds data of more than so many seconds ago, or that have none within `lookBackHours`: 86400 gives what has had no good copy off site for a day. */
  offsiteLagOver?: number | null | undefined;
  /** What becomes of replicas of other clusters’ jobs; AUTO if absent. */
  replicas?: ReplicaFilter | null | undefined;
  /** Only AWS resources of these types, such as `EBS`. */
  resourceTypes?: Array<string> | null | undefined;
  /** Only objects with good copies in fewer places than so many. */
  sitesBelow?: number | null | undefined;
  /** Only these upstreams, by `Upstream.name`. */
  upstreams?: Array<string> | null | undefined;
};

/** What becomes of replicas: runs and jobs that a Cohesity cluster holds for another cluster, which owns the job. The owner’s REMOTE copy and the replica’s LOCAL copy are one copy. */
export type ReplicaFilter =
  /** Leaves out the run, the job and the LOCAL copies of a replica whose owner is asked as well and has answered. Copies that the replica makes itself, REMOTE, ARCHIVAL or to a cloud, stay: its owner does not list them. If the owner fails, is not asked or may not be seen, the replica’s records stay. */
  | 'AUTO'
  /** Leaves out the run, the job and the LOCAL copies of every replica, whoever owns it and whether or not the owner answered. Copies that the replica makes itself stay. */
  | 'EXCLUDE'
  /** Keeps all: what several clusters hold counts once for each of them. */
  | 'INCLUDE'
  /** Keeps only records of replicas, the copies that they make themselves too; none of AWS. */
  | 'ONLY';

/** Which product an upstream is. */
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