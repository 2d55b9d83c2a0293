import { z } from 'zod';
import type { CopyRun } from '../../domain/copy-run.js';
import type { RunKey, UniversalId } from '../../domain/run-key.js';
import { failureCategoryOf } from '../../domain/failure-rules.js';
import { encodeId } from '../../domain/global-id.js';
import type { Clean } from '../../domain/message.js';
import type { Micros } from '../../domain/micros.js';
import {
  wireBoolean,
  wireExpiry,
  wireInteger,
  wireList,
  wireMicros,
  wireObject,
  wireOptionalList,
  wireText,
} from '../wire.js';
import {
  type TaskContext,
  WireCopySnapshotTask,
  WireCopyStats,
  toCopySnapshotTask,
  toCopyStats,
} from './copy-snapshot-task.js';
import { WireTarget, toPlace } from './target.js';
import { states, wordIn, wormRetentionTypes } from './words.js';

export const WireUniversalId = wireObject({
  clusterId: wireInteger,
  clusterIncarnationId: wireInteger,
  id: wireInteger,
});

/** Source: Cohesity v1 `CopyRun`, an element of `ProtectionRunInstance.copyRun`. */
export const WireCopyRun = z.object({
  taskUid: WireUniversalId,
  status: wireText,
  target: WireTarget,
  runStartTimeUsecs: wireMicros,
  expiryTimeUsecs: wireExpiry,
  stats: WireCopyStats,
  copySnapshotTasks: wireOptionalList(WireCopySnapshotTask),
  dataLockConstraints: wireObject({ expiryTimeUsecs: wireMicros, wormRetentionType: wireText }),
  holdForLegalPurpose: wireBoolean,
  legalHoldings: wireList(z.object({ protectionSourceId: wireInteger, holdForLegalPurpose: wireBoolean })),
  error: wireText,
  userActionMessage: wireText,
});

/** `null` unless all three parts are present: part of a key identifies nothing. */
export const toUniversalId = (wire: z.infer<typeof WireUniversalId>): UniversalId | null => {
  const { clusterId = null, clusterIncarnationId = null, id = null } = wire ?? {};
  return clusterId === null || clusterIncarnationId === null || id === null
    ? null
    : { clusterId, clusterIncarnationId, id };
};

/** The members that a copy run takes from its run and its read. */
export interface CopyRunContext {
  readonly run: RunKey;
  readonly jobId: bigint;
  readonly jobUid: UniversalId | null;
  readonly jobName: string | null;
  readonly runStartedAt: Micros | null;
  readonly snapshotsDeleted: boolean | null; // of the cluster's own snapshots, as the run reports
  readonly observedAt: Micros;
  readonly tasksLeftOut: boolean; // the read asked for no tasks
  readonly clean: Clean; // for the answer's messages
}

/** Total. `position` is the copy's index in its run; it is part of the key if the task id is missing. */
export const toCopyRun = (wire: z.infer<typeof WireCopyRun>, context: CopyRunContext, position: number): CopyRun => {
  const { run, jobId, jobUid, runStartedAt, observedAt, clean } = context;
  const { upstream } = run;
  const taskUid = toUniversalId(wire.taskUid);
  const { target, offsite, targetDetails } = toPlace(wire.target, upstream);
  const state = wordIn(states, wire.status) ?? 'UNKNOWN';
  const error = clean(wire.error);
  const userActionMessage = clean(wire.userActionMessage);
  const key =
    taskUid === null
      ? [`${wire.target?.type ?? 'kUnknown'}.${position}`]
      : [taskUid.clusterId, taskUid.clusterIncarnationId, taskUid.id];
  const shared: TaskContext = {
    id: encodeId('CopyRun', upstream, run.jobId, run.startTimeUsecs, ...key),
    upstream,
    run,
    jobId,
    jobUid,
    name: context.jobName ?? jobId.toString(),
    target,
    offsite,
    expiresAt: wire.expiryTimeUsecs.at,
    // the run reports nothing about other places
    snapshotDeleted: target?.kind === 'LOCAL' ? context.snapshotsDeleted : null,
    expiryCleared: wire.expiryTimeUsecs.cleared,
    holdForLegalPurpose: wire.holdForLegalPurpose,
    legalHoldings: wire.legalHoldings.map((holding) => ({ upstream, ...holding })),
    dataLockConstraints:
      wire.dataLockConstraints === null
        ? null
        : {
            expiresAt: wire.dataLockConstraints.expiryTimeUsecs,
            wormRetentionType: wordIn(wormRetentionTypes, wire.dataLockConstraints.wormRetentionType),
          },
    observedAt,
  };
  const tasks = wire.copySnapshotTasks?.map((task, index) => toCopySnapshotTask(task, shared, index, clean)) ?? null;
  // One literal without spreads: there are many records, and each spread would give a different hidden class.
  return {
    __typename: 'CopyRun',
    id: shared.id,
    upstream,
    state,
    upstreamState: wire.status,
    error,
    failureCategory: failureCategoryOf(state, error, userActionMessage),
    startedAt: wire.runStartTimeUsecs ?? runStartedAt,
    endedAt: wire.stats?.endTimeUsecs ?? null,
    observedAt,
    name: shared.name,
    target,
    offsite,
    sizeBytes: wire.stats?.logicalSizeBytes ?? null,
    transferredBytes: wire.stats?.logicalBytesTransferred ?? null,
    expiresAt: shared.expiresAt,
    jobId,
    run,
    jobUid,
    taskUid,
    targetDetails,
    snapshotDeleted: shared.snapshotDeleted,
    expiryCleared: shared.expiryCleared,
    dataLockConstraints: shared.dataLockConstraints,
    holdForLegalPurpose: shared.holdForLegalPurpose,
    legalHoldings: shared.legalHoldings,
    userActionMessage,
    stats: toCopyStats(wire.stats),
    // It is not documented whether a read without tasks still sends them; received tasks are used.
    tasks: context.tasksLeftOut && (tasks === null || tasks.length === 0) ? null : (tasks ?? []),
  };
};
