import type { ActivityState } from '../../domain/activity.js';
import type { WormRetentionType } from '../../domain/data-lock.js';
import type { FailoverRunType } from '../../domain/failover.js';
import type { RunType } from '../../domain/protection-run.js';

/** Cohesity v1's words for a task, a copy and a run; `kCancelled` with two l arrives too. */
export const states: Readonly<Record<string, ActivityState>> = {
  kAccepted: 'QUEUED',
  kRunning: 'RUNNING',
  kFinalizing: 'RUNNING',
  kCanceling: 'CANCELING',
  kCanceled: 'CANCELED',
  kCancelled: 'CANCELED',
  kSuccess: 'SUCCEEDED',
  kFailure: 'FAILED',
  kWarning: 'WARNING',
  kOnHold: 'ON_HOLD',
  kMissed: 'MISSED',
};

/** Cohesity v2's words for the same. */
export const statesV2: Readonly<Record<string, ActivityState>> = {
  Accepted: 'QUEUED',
  Running: 'RUNNING',
  Finalizing: 'RUNNING',
  Paused: 'ON_HOLD',
  OnHold: 'ON_HOLD',
  LegalHold: 'ON_HOLD',
  Canceling: 'CANCELING',
  Canceled: 'CANCELED',
  Succeeded: 'SUCCEEDED',
  SucceededWithWarning: 'WARNING',
  Failed: 'FAILED',
  Missed: 'MISSED',
  Skipped: 'MISSED',
};

export const runTypes: Readonly<Record<string, RunType>> = {
  kRegular: 'REGULAR',
  kFull: 'FULL',
  kLog: 'LOG',
  kSystem: 'SYSTEM',
  kHydrateCDP: 'HYDRATE_CDP',
  kStorageArraySnapshot: 'STORAGE_ARRAY_SNAPSHOT',
};

/** The vendor's words for FailoverRunConfiguration.runType; the last two came after 6.x. */
export const failoverRunTypes: Readonly<Record<FailoverRunType, string>> = {
  ALL: 'kAll',
  LOG: 'kLog',
  SYSTEM: 'kSystem',
  INCREMENTAL: 'kIncremental',
  FULL: 'kFull',
  HYDRATE_CDP: 'kHydrateCDP',
  STORAGE_ARRAY_SNAPSHOT: 'kStorageArraySnapshot',
};

export const wormRetentionTypes: Readonly<Record<string, WormRetentionType>> = {
  kNone: 'NONE',
  kCompliance: 'COMPLIANCE',
  kAdministrative: 'ADMINISTRATIVE',
};

/** Translates a vendor's word; an unknown word is `UNKNOWN`, a missing one `null`. */
export const wordIn = <T extends string>(
  words: Readonly<Record<string, T>>,
  word: string | null,
): T | 'UNKNOWN' | null => (word === null ? null : Object.hasOwn(words, word) ? (words[word] ?? 'UNKNOWN') : 'UNKNOWN');
