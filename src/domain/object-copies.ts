import type { CopyOperation } from './copy-operation.js';
import type { CopyTarget } from './copy-target.js';
import type { CopyWorth } from './good-copy.js';
import type { Micros } from './micros.js';
import { type ObjectHistory, createObjectHistory } from './object-history.js';
import type { UpstreamReport } from './upstream-report.js';

/** One place that an object is copied to. */
export interface ObjectTarget {
  readonly target: CopyTarget;
  readonly lastSuccessfulCopy: CopyOperation | null;
  readonly copyLagSeconds: number | null; // how old that copy's data are
}

/** How well an object is copied: what the 3-2-1-1 rule counts. */
export interface CopyPosture {
  readonly copies: number;
  readonly sites: number;
  readonly offsite: boolean;
  readonly immutable: boolean; // nobody can delete one of them before its time
  readonly locked: boolean; // one of them is under a lock, whoever could lift it
  readonly offsiteLagSeconds: number | null; // how old the newest good data off site are; null where there are none
}

/** Which upstream could not be looked at for a part of an object's copies, and why. */
export type Unread = Pick<UpstreamReport, 'upstream' | 'error' | 'incompleteReasons'>;

/** What the copies of one object come to. */
export interface ObjectCopies {
  readonly targets: readonly ObjectTarget[];
  readonly posture: CopyPosture;
  readonly offsiteDataAt: Micros | null; // of the newest good copy off site; null where there is none
  readonly unread: readonly Unread[]; // of an object by its id; a list tells it itself
}

/** Which place a copy goes to; equal texts are the same place. Each cluster counts its vaults and clouds for itself. */
const placeOf = (target: CopyTarget | null, upstream: string): string => {
  if (target === null) return 'UNKNOWN';
  switch (target.kind) {
    case 'REMOTE':
      return `REMOTE ${target.clusterId ?? target.name}`;
    case 'ARCHIVAL':
      return `ARCHIVAL ${upstream} ${target.vaultId ?? target.name}`;
    case 'CLOUD_DEPLOY':
    case 'CLOUD_REPLICATION':
      return `${target.kind} ${upstream} ${target.cloudTargetId ?? target.name}`;
    case 'VAULT':
      return `VAULT ${target.backupVaultArn}`;
    case 'LOCAL':
    case 'UNKNOWN':
      return target.kind;
  }
};

/** A copy with the time of its data. */
interface Dated {
  readonly copy: CopyOperation;
  readonly at: Micros | null;
}

const isNewer = (one: Dated, than: Dated | null): boolean =>
  than === null ||
  (one.at ?? 0) > (than.at ?? 0) ||
  (one.at === than.at && (one.copy.startedAt ?? 0) > (than.copy.startedAt ?? 0));

const lagOf = (one: Dated | null, now: Micros): number | null =>
  one === null || one.at === null ? null : Math.max(0, Math.floor((now - one.at) / 1_000_000));

interface Parts {
  readonly places: ReadonlyMap<string, { readonly target: CopyTarget; readonly last: Dated | null }>;
  readonly copies: number;
  readonly offsite: boolean;
  readonly immutable: boolean;
  readonly locked: boolean;
  readonly newestOffsite: Dated | null;
  readonly history: ObjectHistory | null; // null: not kept
  readonly jobs: ReadonlySet<string> | null; // as `jobText` writes them; null: not kept
}

/** What a sum keeps beside what a list shows. */
interface Keeps {
  readonly history?: boolean;
  readonly jobs?: boolean; // which Cohesity jobs copied the object
}

/** The copies of one object as they are added up. */
export interface ObjectCopiesSum {
  add(copy: CopyOperation, worth: CopyWorth): void;
  join(other: ObjectCopiesSum): void;
  /** Takes from another sum of the same object only which jobs copied it. */
  joinJobs(other: ObjectCopiesSum): void;
  /** Whether a job copied it, where jobs are kept. */
  isOfJob(upstream: string, jobId: bigint): boolean;
  parts(): Parts;
  result(unread?: readonly Unread[]): ObjectCopies;
}

const jobText = (upstream: string, jobId: bigint): string => `${upstream} ${jobId}`;

/**
 * Adds up the copies of one object, in any order. Keeps one copy for each place, so that memory grows with the
 * objects and not with their copies, unless their history is kept. Only good copies count.
 */
export const createObjectCopies = (now: Micros, keeps: Keeps = {}): ObjectCopiesSum => {
  const history = keeps.history === true ? createObjectHistory() : null;
  const jobs = keeps.jobs === true ? new Set<string>() : null;
  const places = new Map<string, { target: CopyTarget; last: Dated | null }>();
  let [copies, offsite, immutable, locked] = [0, false, false, false];
  let newestOffsite: Dated | null = null;
  const joinJobs = (other: ObjectCopiesSum): void => other.parts().jobs?.forEach((job) => jobs?.add(job));
  return {
    add: (copy: CopyOperation, worth: CopyWorth): void => {
      const { good, dataAt, locked: isLocked, immutable: isImmutable } = worth;
      history?.add(copy, worth);
      if (copy.jobId !== undefined) jobs?.add(jobText(copy.upstream, copy.jobId));
      if (copy.target === null) return;
      const place = placeOf(copy.target, copy.upstream);
      const entry = places.get(place) ?? { target: copy.target, last: null };
      places.set(place, entry);
      if (!good) return;
      const dated = { copy, at: dataAt };
      copies += 1;
      offsite ||= copy.offsite === true;
      immutable ||= isImmutable;
      locked ||= isLocked;
      if (isNewer(dated, entry.last)) entry.last = dated;
      if (copy.offsite === true && isNewer(dated, newestOffsite)) newestOffsite = dated;
    },
    /** Adds what another sum has come to. */
    join: (other: ObjectCopiesSum): void => {
      const more = other.parts();
      for (const [place, { target, last }] of more.places) {
        const entry = places.get(place) ?? { target, last: null };
        places.set(place, entry);
        if (last !== null && isNewer(last, entry.last)) entry.last = last;
      }
      copies += more.copies;
      offsite ||= more.offsite;
      immutable ||= more.immutable;
      locked ||= more.locked;
      if (more.history !== null) history?.join(more.history);
      if (more.newestOffsite !== null && isNewer(more.newestOffsite, newestOffsite)) newestOffsite = more.newestOffsite;
      joinJobs(other);
    },
    joinJobs,
    isOfJob: (upstream, jobId) => jobs?.has(jobText(upstream, jobId)) === true,
    parts: () => ({ places, copies, offsite, immutable, locked, newestOffsite, history, jobs }),
    result: (unread: readonly Unread[] = []): ObjectCopies => ({
      targets: [...places]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { target, last }]) => ({
          target,
          lastSuccessfulCopy: last?.copy ?? null,
          copyLagSeconds: lagOf(last, now),
        })),
      posture: {
        copies,
        sites: [...places.values()].filter(({ last }) => last !== null).length,
        offsite,
        immutable,
        locked,
        offsiteLagSeconds: lagOf(newestOffsite, now),
      },
      offsiteDataAt: newestOffsite?.at ?? null,
      unread,
    }),
  };
};
