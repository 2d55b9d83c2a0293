import type {
  ActivityState,
  CircuitState,
  CopyTargetKind,
  FailoverState,
  FailureCategory,
  HealthStatus,
  IncompleteReason,
  UpstreamKind,
} from '../generated/graphql.js';

/** A state: its colour, and the shape beside it, so that nothing depends on colour alone. */
export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'quiet';

interface Word {
  readonly text: string;
  readonly tone: Tone;
}

export const states: Readonly<Record<ActivityState, Word>> = {
  QUEUED: { text: 'Waiting', tone: 'quiet' },
  RUNNING: { text: 'Copying', tone: 'busy' },
  CANCELING: { text: 'Stopping', tone: 'busy' },
  ON_HOLD: { text: 'On hold', tone: 'quiet' },
  SUCCEEDED: { text: 'Succeeded', tone: 'good' },
  WARNING: { text: 'Succeeded, with warnings', tone: 'warn' },
  PARTIAL: { text: 'Partly copied', tone: 'warn' },
  FAILED: { text: 'Failed', tone: 'bad' },
  CANCELED: { text: 'Stopped', tone: 'quiet' },
  MISSED: { text: 'Missed', tone: 'warn' },
  UNKNOWN: { text: 'State not known', tone: 'quiet' },
};

export const categories: Readonly<Record<FailureCategory | 'NONE', string>> = {
  ACCESS: 'Access denied',
  CAPACITY: 'No space, or over a quota',
  ENCRYPTION_KEY: 'Encryption key not usable',
  MEDIA: 'Tape wanted or bad',
  OTHER: 'Other reasons',
  POLICY: 'Forbidden by a rule',
  TARGET_UNREACHABLE: 'Target unreachable',
  THROTTLED: 'Asked to slow down',
  NONE: 'No reason told',
};

export const failovers: Readonly<Record<FailoverState, Word>> = {
  REQUESTED: { text: 'Requested', tone: 'busy' },
  WAITING_FOR_CANCELLATIONS: { text: 'Waits for other runs to stop', tone: 'busy' },
  RUNNING: { text: 'Running', tone: 'busy' },
  SUCCEEDED: { text: 'Succeeded', tone: 'good' },
  FAILED: { text: 'Failed', tone: 'bad' },
  CANCELED: { text: 'Called off', tone: 'quiet' },
  UNCONFIRMED: { text: 'Not confirmed: check the cluster', tone: 'warn' },
};

export const health: Readonly<Record<HealthStatus, Word>> = {
  UP: { text: 'Up', tone: 'good' },
  DOWN: { text: 'Down', tone: 'bad' },
  UNKNOWN: { text: 'Not asked yet', tone: 'quiet' },
};

export const circuits: Readonly<Record<CircuitState, string | null>> = {
  CLOSED: null,
  HALF_OPEN: 'being tried again',
  OPEN: 'not asked for a moment, because it failed too often',
};

export const kinds: Readonly<Record<UpstreamKind, string>> = { COHESITY: 'Cohesity', AWS_BACKUP: 'AWS Backup' };

export const reasons: Readonly<Record<IncompleteReason, string>> = {
  UPSTREAM_FAILED: 'it did not answer every call',
  BUDGET: 'it would take more calls than one question may make',
  LOOK_BACK: 'this is further back than the gateway looks',
  UNREADABLE: 'some of its records cannot be read',
  TOO_LARGE: 'its answer is too large',
  NOT_READ_YET: 'some of it has not been read yet',
};

const targetKinds: Readonly<Record<CopyTargetKind, string>> = {
  LOCAL: 'local snapshot',
  REMOTE: 'other cluster',
  ARCHIVAL: 'archive',
  VAULT: 'vault',
  CLOUD_DEPLOY: 'cloud deploy',
  CLOUD_REPLICATION: 'cloud replication',
  UNKNOWN: 'unknown place',
};

interface Target {
  readonly kind: CopyTargetKind;
  readonly name?: string | null;
}

/** A place as one line names it. */
export const targetName = (target: Target | null | undefined): string =>
  target === null || target === undefined ? 'place not told' : (target.name ?? targetKinds[target.kind]);

/** The kind of place, if its name does not contain it. */
export const targetKind = (target: Target | null | undefined): string | null =>
  target === null || target === undefined || (target.name ?? null) === null ? null : targetKinds[target.kind];
