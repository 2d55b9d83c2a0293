import { z } from 'zod';
import type { CopyRun } from '../../domain/copy-run.js';
import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import type { CopyStats } from '../../domain/copy-stats.js';
import { failureCategoryOf } from '../../domain/failure-rules.js';
import type { Clean } from '../../domain/message.js';
import { wireBoolean, wireInteger, wireMicros, wireObject, wireText } from '../wire.js';
import { WireProtectionSource, toProtectionSource } from './protection-source.js';
import { states, wordIn } from './words.js';

/** Source: Cohesity v1 `CopyRunStats`; absent or null before data moves. */
export const WireCopyStats = wireObject({
  startTimeUsecs: wireMicros,
  endTimeUsecs: wireMicros,
  isIncremental: wireBoolean,
  logicalSizeBytes: wireInteger,
  logicalBytesTransferred: wireInteger,
  logicalTransferRateBps: wireInteger,
  physicalBytesTransferred: wireInteger,
});

/** Source: Cohesity v1 `CopySnapshotTaskStatus`. It has no id of its own. */
export const WireCopySnapshotTask = z.object({
  source: WireProtectionSource.nullish(),
  status: wireText,
  stats: WireCopyStats,
  taskStartTimeUsecs: wireMicros,
  taskEndTimeUsecs: wireMicros,
  error: wireText,
});

export const toCopyStats = (wire: z.infer<typeof WireCopyStats>): CopyStats | null =>
  wire === null
    ? null
    : {
        startedAt: wire.startTimeUsecs,
        endedAt: wire.endTimeUsecs,
        isIncremental: wire.isIncremental,
        logicalSizeBytes: wire.logicalSizeBytes,
        logicalBytesTransferred: wire.logicalBytesTransferred,
        logicalTransferRateBps: wire.logicalTransferRateBps,
        physicalBytesTransferred: wire.physicalBytesTransferred,
      };

/** The members that a task takes from its copy run. */
export type TaskContext = Pick<
  CopyRun,
  | 'id'
  | 'upstream'
  | 'run'
  | 'jobId'
  | 'jobUid'
  | 'name'
  | 'target'
  | 'offsite'
  | 'expiresAt'
  | 'snapshotDeleted'
  | 'expiryCleared'
  | 'dataLockConstraints'
  | 'holdForLegalPurpose'
  | 'legalHoldings'
  | 'observedAt'
>;

/** Whether a source is on hold: its own hold if reported, otherwise the run's. A hold on one source holds no other. */
const holdOf = (sourceId: bigint | null, { holdForLegalPurpose, legalHoldings }: TaskContext): boolean | null => {
  const own = sourceId === null ? undefined : legalHoldings.find((one) => one.protectionSourceId === sourceId);
  return own?.holdForLegalPurpose ?? holdForLegalPurpose;
};

/** Total. `position` is the task's index in its copy run; it is part of the key if the source has no id. */
export const toCopySnapshotTask = (
  wire: z.infer<typeof WireCopySnapshotTask>,
  copyRun: TaskContext,
  position: number,
  clean: Clean,
): CopySnapshotTask => {
  const parts = copyRun.id.split(':').slice(2); // the copy run's own key
  const source = wire.source ? toProtectionSource(wire.source, copyRun.upstream, [...parts, position].join('.')) : null;
  const sourceId = source?.sourceId ?? null;
  const state = wordIn(states, wire.status) ?? 'UNKNOWN';
  const error = clean(wire.error);
  const key = sourceId === null ? `@${position}` : sourceId.toString();
  return {
    __typename: 'CopySnapshotTask',
    id: ['CopySnapshotTask', copyRun.upstream, ...parts, encodeURIComponent(key)].join(':'),
    upstream: copyRun.upstream,
    state,
    upstreamState: wire.status,
    error,
    failureCategory: failureCategoryOf(state, error),
    startedAt: wire.taskStartTimeUsecs,
    endedAt: wire.taskEndTimeUsecs,
    observedAt: copyRun.observedAt,
    name: source?.name ?? sourceId?.toString() ?? copyRun.name,
    target: copyRun.target,
    offsite: copyRun.offsite,
    sizeBytes: wire.stats?.logicalSizeBytes ?? null,
    transferredBytes: wire.stats?.logicalBytesTransferred ?? null,
    expiresAt: copyRun.expiresAt,
    run: copyRun.run,
    jobId: copyRun.jobId,
    jobUid: copyRun.jobUid,
    copyRunId: copyRun.id,
    source,
    stats: toCopyStats(wire.stats),
    snapshotDeleted: copyRun.snapshotDeleted,
    expiryCleared: copyRun.expiryCleared,
    dataLockConstraints: copyRun.dataLockConstraints,
    holdForLegalPurpose: holdOf(sourceId, copyRun),
  };
};
