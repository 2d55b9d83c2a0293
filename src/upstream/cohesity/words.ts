import type { ActivityState } from '../../domain/activity.js';
import type { WormRetentionType } from '../../domain/copy-run.js';
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

export const runTypes: Readonly<Record<string, RunType>> = {
  kRegular: 'REGULAR',
  kFull: 'FULL',
  kLog: 'LOG',
  kSystem: 'SYSTEM',
  kHydrateCDP: 'HYDRATE_CDP',
  kStorageArraySnapshot: 'STORAGE_ARRAY_SNAPSHOT',
};

export const wormRetentionTypes: Readonly<Record<string, WormRetentionType>> = {
  kNone: 'NONE',
  kCompliance: 'COMPLIANCE',
  kAdministrative: 'ADMINISTRATIVE',
};

/** Looks a vendor's word up; a word we do not know is `UNKNOWN`, and none is `null`. */
export const wordIn = <T extends string>(
  words: Readonly<Record<string, T>>,
  word: string | null,
): T | 'UNKNOWN' | null => (word === null ? null : Object.hasOwn(words, word) ? (words[word] ?? 'UNKNOWN') : 'UNKNOWN');
