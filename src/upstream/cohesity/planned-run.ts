import { z } from 'zod';
import type { FailoverRunConfiguration, PlannedRun } from '../../domain/failover.js';
import type { Micros } from '../../domain/micros.js';
import { wireBoolean, wireEach, wireText } from '../wire.js';
import { failoverRunTypes, states, statesV2, wordIn } from './words.js';

const WirePlannedRun = z.object({
  failoverId: z.string(),
  runId: wireText,
  waitingOnOtherRunCancellations: wireBoolean,
  backupTaskStatus: wireText,
});

/** The answer to a poll. Source: Cohesity v2 `FailoverRunsResponse`. */
export const WirePlannedRuns = z.object({ failoverPlannedRuns: wireEach(WirePlannedRun) });

export const toPlannedRun = (wire: z.infer<typeof WirePlannedRun>, observedAt: Micros): PlannedRun => ({
  failoverId: wire.failoverId,
  runId: wire.runId === '' ? null : wire.runId,
  waitingOnOtherRunCancellations: wire.waitingOnOtherRunCancellations ?? false,
  backupState: wordIn({ ...states, ...statesV2 }, wire.backupTaskStatus),
  observedAt,
});

/** The body, with the vendor's member names; `null` members are left out. */
export const toWireConfiguration = (configuration: FailoverRunConfiguration): Readonly<Record<string, unknown>> => {
  const { objects, runType } = configuration;
  const members = {
    replicationClusterId: configuration.replicationClusterId,
    objects: objects.map(({ objectId }) => ({ objectId })),
    protectionGroupId: configuration.protectionGroupId,
    runType: runType === null ? null : failoverRunTypes[runType],
    viewId: configuration.viewId,
    cancelNonFailoverRuns: configuration.cancelNonFailoverRuns,
    pauseNextRuns: configuration.pauseNextRuns,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
};
