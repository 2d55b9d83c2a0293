import type { CopyJob } from './copy-job.js';
import type { CopySnapshotTask } from './copy-snapshot-task.js';
import type { CopyTarget } from './copy-target.js';
import { isGoodCopy } from './good-copy.js';
import { type Micros } from './micros.js';

/** A copy of one object: Cohesity's task, AWS's job. */
export type ObjectCopy = CopySnapshotTask | CopyJob;

/** One place that an object is copied to. */
export interface ObjectTarget {
  readonly target: CopyTarget;
  readonly lastSuccessfulCopy: ObjectCopy | null;
  readonly copyLagSeconds: number | null; // now minus the start of that copy
}

/** How well an object is copied: what the 3-2-1-1 rule counts. */
export interface CopyPosture {
  readonly copies: number;
  readonly sites: number;
  readonly offsite: boolean;
  readonly immutable: boolean;
}

/** What the copies of one object come to. */
export interface ObjectCopies {
  readonly targets: readonly ObjectTarget[];
  readonly posture: CopyPosture;
  readonly offsiteLagSeconds: number | null; // of the newest good copy off site; null where there is none
}

/** Which place a copy goes to; equal texts are the same place. */
const placeOf = (target: CopyTarget | null): string => {
  if (target === null) return 'UNKNOWN';
  switch (target.kind) {
    case 'REMOTE':
      return `REMOTE ${target.clusterId ?? target.name}`;
    case 'ARCHIVAL':
      return `ARCHIVAL ${target.vaultId ?? target.name}`;
    case 'CLOUD_DEPLOY':
    case 'CLOUD_REPLICATION':
      return `${target.kind} ${target.id ?? target.name}`;
    case 'VAULT':
      return `VAULT ${target.backupVaultArn}`;
    case 'LOCAL':
    case 'UNKNOWN':
      return target.kind;
  }
};

/** A lock in force: nobody can delete the copy before its time. */
const isLocked = (copy: ObjectCopy, now: Micros): boolean => {
  if (copy.__typename === 'CopyJob') return copy.destinationVaultLockState?.toUpperCase() === 'LOCKED';
  const lock = copy.dataLockConstraints;
  if (lock === null || lock.wormRetentionType === null || lock.wormRetentionType === 'NONE') return false;
  return lock.expiresAt !== null && lock.expiresAt > now; // of one without a time nobody can say that it is in force
};

const isNewer = (copy: ObjectCopy, than: ObjectCopy | null): boolean =>
  than === null || (copy.startedAt ?? 0) > (than.startedAt ?? 0);

const lagOf = (copy: ObjectCopy | null, now: Micros): number | null =>
  copy === null || copy.startedAt === null ? null : Math.max(0, Math.floor((now - copy.startedAt) / 1_000_000));

/**
 * Adds up the copies of one object, in any order. Keeps one copy for each place, so that memory grows with the
 * objects and not with their copies. Only good copies count, see `isGoodCopy`.
 */
export const createObjectCopies = (now: Micros) => {
  const places = new Map<string, { target: CopyTarget; last: ObjectCopy | null }>();
  let [copies, offsite, immutable] = [0, false, false];
  let newestOffsite: ObjectCopy | null = null;
  return {
    add: (copy: ObjectCopy): void => {
      if (copy.target === null) return;
      const place = placeOf(copy.target);
      const entry = places.get(place) ?? { target: copy.target, last: null };
      places.set(place, entry);
      if (!isGoodCopy(copy, now)) return;
      copies += 1;
      offsite ||= copy.target.offsite === true;
      immutable ||= isLocked(copy, now);
      if (isNewer(copy, entry.last)) entry.last = copy;
      if (copy.target.offsite === true && isNewer(copy, newestOffsite)) newestOffsite = copy;
    },
    result: (): ObjectCopies => ({
      targets: [...places]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { target, last }]) => ({ target, lastSuccessfulCopy: last, copyLagSeconds: lagOf(last, now) })),
      posture: { copies, sites: [...places.values()].filter(({ last }) => last !== null).length, offsite, immutable },
      offsiteLagSeconds: lagOf(newestOffsite, now),
    }),
  };
};
