import { fraction } from '../random.js';
import { joined, universalId } from './identity.js';
import { expiryOf, isDeleted } from './copy-run-v1.js';
import { integer, type Wire } from './json.js';
import type { Copy, Run } from './run.js';
import { statusV2 } from './status-v2.js';
import { sum, tasksOf } from './task.js';
import { day, second } from './time.js';
import { isFinished, progressAt, statusAt } from './timeline.js';
import type { World } from './world.js';

/** The members common to the results of all kinds of target. */
const commonOf = (world: World, run: Run, copy: Copy): Wire => {
  const { timeline, plan, failure } = copy;
  const status = statusAt(timeline, world.now);
  return {
    status: statusV2(status),
    message: status === 'kFailure' ? failure : undefined,
    startTimeUsecs: timeline.start !== null && timeline.start <= world.now ? timeline.start : undefined,
    endTimeUsecs: timeline.start !== null && isFinished(timeline, world.now) ? timeline.end : undefined,
    expiryTimeUsecs: expiryOf(copy, run, world.now),
    isManuallyDeleted: isDeleted(copy, run, world.now),
    onLegalHold: plan.legalHold === 'run',
    dataLockConstraints:
      plan.lock === undefined
        ? undefined
        : { mode: plan.lock.type.replace(/^k/, ''), expiryTimeUsecs: run.start + plan.lock.days * day },
  };
};

const bytesOf = (world: World, run: Run, copy: Copy): { readonly size: bigint; readonly done: bigint } => {
  const tasks = tasksOf(world, run, copy.timeline, copy.failure);
  return { size: sum(tasks.map(({ sizeBytes }) => sizeBytes)), done: sum(tasks.map(({ doneBytes }) => doneBytes)) };
};

/** The v2 form of one copy, under the member for its kind of target. `undefined` for the local one. */
export const copyResult = (
  world: World,
  run: Run,
  copy: Copy,
): { readonly kind: 'replication' | 'archival' | 'cloudSpin'; readonly result: Wire } | undefined => {
  const { plan, timeline, taskId } = copy;
  const { target } = plan;
  if (target.type === 'kLocal') return undefined;
  const task = joined(universalId(world.estate.cluster, taskId));
  const common = commonOf(world, run, copy);
  const { size, done } = bytesOf(world, run, copy);
  const physical = integer((done * BigInt(200 + Math.floor(300 * fraction(taskId)))) / 1000n);
  if (target.type === 'kArchival') {
    const { id, name, kind } = target.vault;
    const seconds = BigInt(
      Math.max(1, Math.floor((Math.min(world.now, timeline.end) - (timeline.start ?? world.now)) / second)),
    );
    return {
      kind: 'archival',
      result: {
        targetId: id,
        targetName: name,
        targetType: kind.slice(1),
        usageType: 'Archival',
        ownershipContext: 'Local',
        archivalTaskId: task,
        runType: run.runType,
        isIncremental: run.runType !== 'kFull',
        queuedTimeUsecs: timeline.queued,
        ...common,
        stats: {
          logicalSizeBytes: integer(size),
          logicalBytesTransferred: integer(done),
          physicalBytesTransferred: physical,
          avgLogicalTransferRateBps: integer(done / seconds),
        },
      },
    };
  }
  if (target.type === 'kCloudDeploy') {
    const { id, name, awsParams, azureParams } = target.cloud;
    return {
      kind: 'cloudSpin',
      result: {
        id,
        name,
        awsParams,
        azureParams,
        cloudspinTaskId: task,
        ...common,
        stats: { physicalBytesTransferred: physical },
      },
    };
  }
  const where =
    target.type === 'kRemote'
      ? {
          clusterId: target.cluster.clusterId,
          clusterIncarnationId: target.cluster.clusterIncarnationId,
          clusterName: target.cluster.name,
        }
      : {
          awsTargetConfig: {
            sourceId: target.cloud['id'],
            name: target.cloud['name'],
            region: 5051,
            regionName: 'eu-west-1',
          },
        };
  return {
    kind: 'replication',
    result: {
      ...where,
      replicationTaskId: task,
      percentageCompleted: Math.floor(progressAt(timeline, world.now) * 100),
      queuedTimeUsecs: timeline.queued,
      ...common,
      stats:
        timeline.start === null
          ? {}
          : {
              logicalSizeBytes: integer(size),
              logicalBytesTransferred: integer(done),
              physicalBytesTransferred: physical,
            },
      isInBound: false,
    },
  };
};
