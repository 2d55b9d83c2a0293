import { backupEndOf, snapshotsDeletedAt, violatesSla } from './backup-run-v1.js';
import { copyResult } from './copy-result-v2.js';
import { isQueued } from './copy-run-v1.js';
import { joined, universalId } from './identity.js';
import { integer, type Wire } from './json.js';
import { quirkOf, straightToCloud } from './quirk.js';
import type { Run } from './run.js';
import { statusV2 } from './status-v2.js';
import { sum, tasksOf } from './task.js';
import { statusAt } from './timeline.js';
import type { World } from './world.js';

export const runIdOf = ({ job, start }: Run): string => `${job.id}:${start}`;

const backupInfo = (world: World, run: Run): Wire => {
  const tasks = tasksOf(world, run, run.backup, run.failure);
  const status = statusAt(run.backup, world.now);
  const count = (...words: readonly string[]): number => tasks.filter((task) => words.includes(task.status)).length;
  const read = sum(tasks.map(({ doneBytes }) => doneBytes));
  const lock = run.copies[0]?.plan.lock;
  return {
    runType: run.runType,
    status: statusV2(status),
    isSlaViolated: violatesSla(run, world.now),
    startTimeUsecs: run.start,
    endTimeUsecs: backupEndOf(run, world.now),
    messages: status === 'kFailure' ? [run.failure] : null,
    successfulObjectsCount: count('kSuccess', 'kWarning'),
    failedObjectsCount: count('kFailure'),
    cancelledObjectsCount: count('kCanceled', 'kCancelled'),
    successfulAppObjectsCount: 0,
    failedAppObjectsCount: 0,
    cancelledAppObjectsCount: 0,
    localSnapshotStats: {
      logicalSizeBytes: integer(sum(tasks.map(({ sizeBytes }) => sizeBytes))),
      bytesWritten: integer(read / 3n),
      bytesRead: integer(read),
    },
    indexingTaskId: `indexing_${run.job.id}_${run.jobRunId}`,
    localTaskId: joined(universalId(world.estate.cluster, run.copies[0]?.taskId ?? run.jobRunId)),
    ...(lock === undefined ? {} : { dataLock: lock.type.replace(/^k/, '') }),
  };
};

const objectsOf = (world: World, run: Run): readonly Wire[] =>
  tasksOf(world, run, run.backup, run.failure).map(({ source, status, startedAt, endedAt, sizeBytes }) => ({
    object: {
      id: source.id,
      name: source.name,
      sourceId: source.parentId,
      environment: source.environment,
      uuid: source.uuid,
      logicalSizeBytes: integer(source.sizeBytes),
    },
    localSnapshotInfo: {
      snapshotInfo: {
        status: status === 'kSuccess' ? 'kSuccessful' : status,
        startTimeUsecs: startedAt,
        endTimeUsecs: endedAt,
        stats: { logicalSizeBytes: integer(sizeBytes) },
      },
    },
    onLegalHold: run.copies.some(({ plan }) => plan.legalHold === 'run'),
  }));

/** A run in v2's form. The backup of a run from another cluster is in another member. */
export const runWireV2 = (world: World, run: Run, withObjects: boolean): Wire => {
  const { job } = run;
  const direct = quirkOf(run) === straightToCloud;
  const deleted = snapshotsDeletedAt(run, world.now) !== undefined;
  const results = run.copies
    .filter((copy) => isQueued(copy, world.now))
    .flatMap((copy) => copyResult(world, run, copy) ?? [])
    .filter(({ kind }) => !direct || kind === 'archival');
  const ofKind = (kind: string): readonly Wire[] | undefined => {
    const found = results.filter((result) => result.kind === kind).map(({ result }) => result);
    return found.length === 0 ? undefined : found;
  };
  const [replication, archival, cloudSpin] = [ofKind('replication'), ofKind('archival'), ofKind('cloudSpin')];
  const backup = direct
    ? {}
    : { [job.origin === undefined ? 'localBackupInfo' : 'originalBackupInfo']: backupInfo(world, run) };
  return {
    id: runIdOf(run),
    protectionGroupInstanceId: run.jobRunId,
    protectionGroupId: joined(job.uid),
    protectionGroupName: job.name,
    environment: job.environment,
    isReplicationRun: job.origin !== undefined,
    ...(job.origin === undefined
      ? {}
      : {
          originClusterIdentifier: {
            clusterId: job.origin.clusterId,
            clusterIncarnationId: job.origin.clusterIncarnationId,
            clusterName: job.origin.name,
          },
          originProtectionGroupId: joined(job.uid),
        }),
    isLocalSnapshotsDeleted: deleted,
    hasLocalSnapshot: !direct && !deleted,
    isCloudArchivalDirect: direct,
    onLegalHold: run.copies.some(({ plan }) => plan.legalHold === 'run'),
    ...backup,
    ...(replication === undefined ? {} : { replicationInfo: { replicationTargetResults: replication } }),
    ...(archival === undefined ? {} : { archivalInfo: { archivalTargetResults: archival } }),
    ...(cloudSpin === undefined ? {} : { cloudSpinInfo: { cloudSpinTargetResults: cloudSpin } }),
    objects: withObjects ? objectsOf(world, run) : null,
  };
};

/** A run in `runs/summary`: its backup only. */
export const summaryWire = (world: World, run: Run): Wire => {
  const info = backupInfo(world, run);
  const stats = tasksOf(world, run, run.backup, run.failure);
  return {
    id: runIdOf(run),
    protectionGroupId: joined(run.job.uid),
    protectionGroupName: run.job.name,
    environment: run.job.environment,
    status: info['status'],
    isSlaViolated: info['isSlaViolated'],
    isFullRun: run.runType === 'kFull',
    startTimeUsecs: run.start,
    endTimeUsecs: info['endTimeUsecs'],
    totalObjectsCount: stats.length,
    successObjectsCount: info['successfulObjectsCount'],
    logicalSizeBytes: integer(sum(stats.map(({ sizeBytes }) => sizeBytes))),
    bytesWritten: integer(sum(stats.map(({ doneBytes }) => doneBytes)) / 3n),
  };
};
