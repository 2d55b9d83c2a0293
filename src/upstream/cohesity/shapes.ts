import { z } from 'zod';
import type { CopyRun } from '../../domain/copy-run.js';
import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import type { ProtectionJob } from '../../domain/protection-job.js';
import { type ProtectionRun, type ProtectionShell, runTypes } from '../../domain/protection-run.js';
import type { ProtectionSource } from '../../domain/protection-source.js';
import type { RemoteCluster } from '../../domain/remote-cluster.js';
import { activity, at, flag, group, int, operation, plain, record, text } from '../../cache/shapes.js';

const runKey = z.object({ upstream: z.string(), jobId: z.string(), startTimeUsecs: z.string() });
const uid = z.object({ clusterId: z.bigint(), clusterIncarnationId: z.bigint(), id: z.bigint() }).nullable();
const dataLock = z.looseObject({ expiresAt: at, wormRetentionType: text }).nullable();
const stats = z
  .object({
    startedAt: at,
    endedAt: at,
    isIncremental: flag,
    logicalSizeBytes: int,
    logicalBytesTransferred: int,
    logicalTransferRateBps: int,
    physicalBytesTransferred: int,
  })
  .nullable();

/** The stored form of a remote cluster. */
export const remoteClusterShape = record<RemoteCluster>({
  clusterId: z.bigint(),
  name: text,
  forReplication: z.boolean(),
  reachable: flag,
});

/** The stored form of a source. */
export const sourceShape = record<ProtectionSource>({
  __typename: z.literal('ProtectionSource'),
  id: z.string(),
  upstream: z.string(),
  sourceId: int,
  name: text,
  environment: text,
  parentId: int,
  details: plain,
});

const taskShape = record<CopySnapshotTask>({
  ...operation,
  __typename: z.literal('CopySnapshotTask'),
  run: runKey,
  jobId: z.bigint(),
  jobUid: uid,
  copyRunId: z.string(),
  source: sourceShape.nullable(),
  stats,
  dataLockConstraints: dataLock,
});

const copyRunShape = record<CopyRun>({
  ...operation,
  __typename: z.literal('CopyRun'),
  jobId: z.bigint(),
  run: runKey,
  jobUid: uid,
  taskUid: uid,
  targetDetails: group,
  snapshotDeleted: flag,
  expiryCleared: z.boolean(),
  dataLockConstraints: dataLock,
  holdForLegalPurpose: flag,
  legalHoldings: z.array(z.object({ upstream: z.string(), protectionSourceId: int, holdForLegalPurpose: flag })),
  userActionMessage: text,
  stats,
  tasks: z.array(taskShape).nullable(),
});

/** The stored form of a copy, which replicas also send to each other. */
export const copyShape = z.union([copyRunShape, taskShape]);

/** The stored form of a run, with its copies and their tasks. */
export const runShape = record<ProtectionRun>({
  run: runKey,
  startedAt: at,
  endedAt: at,
  shell: record<ProtectionShell>({
    ...activity,
    __typename: z.literal('ProtectionShell'),
    run: runKey,
    jobId: z.bigint(),
    jobUid: uid,
    jobRunId: int,
    runType: z.enum(runTypes).nullable(),
  }),
  copyRuns: z.array(copyRunShape),
  unreadable: z.number().int(),
});

/** The stored form of a job. */
export const protectionJobShape = record<ProtectionJob>({
  __typename: z.literal('ProtectionJob'),
  id: z.string(),
  upstream: z.string(),
  jobId: z.bigint(),
  uid,
  name: z.string(),
  description: text,
  environment: text,
  policyId: text,
  viewBoxId: int,
  parentSourceId: int,
  sourceIds: z.array(z.bigint()),
  tenantId: text,
  isActive: z.boolean(),
  isDeleted: z.boolean(),
  isPaused: z.boolean(),
  createdAt: at,
  modifiedAt: at,
  policyAppliedAt: at,
  observedAt: z.number().int(),
});

/** The stored form of a cluster's identity. */
export const clusterShape = z.looseObject({
  record: z.looseObject({ clusterId: int, clusterName: text, version: text }),
  observedAt: z.number().int(),
});
