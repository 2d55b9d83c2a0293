import type { CopyOperation } from './copy-operation.js';
import type { CopyTarget } from './copy-target.js';
import type { CopyWorth } from './good-copy.js';
import type { Micros } from './micros.js';
import { type ObjectHistory, createObjectHistory } from './object-history.js';
import type { UpstreamReport } from './upstream-report.js';

/** One place an object is copied to. */
export interface ObjectTarget {
  readonly target: CopyTarget;
  readonly lastSuccessfulCopy: CopyOperation | null;
  readonly copyLagSeconds: number | null; // the age of that copy's data
}

/** How well an object is copied, by the counts of the 3-2-1-1 rule. */
export interface CopyPosture {
  readonly copies: number;
  readonly sites: number;
  readonly offsite: boolean;
  readonly immutable: boolean; // one of them cannot be deleted by any user before its time
  readonly locked: boolean; // one of them is under a lock, even one that can be lifted
  readonly offsiteLagSeconds: number | null; // the age of the newest good data off site; null if there are none
}

/** An upstream that could not be read for a part of an object's copies, and the reason. */
export type Unread = Pick<UpstreamReport, 'upstream' | 'error' | 'incompleteReasons'>;

/** The sums of one object's copies. */
export interface ObjectCopies {
  readonly targets: readonly ObjectTarget[];
  readonly posture: CopyPosture;
  readonly offsiteDataAt: Micros | null; // of the newest good copy off site; null if there is none
  readonly unread: readonly Unread[]; // only for an object read by its id; a list reports it itself
}

/** The place a copy goes to; equal texts mean the same place. Each cluster numbers its own vaults and clouds. */
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

/** The optional parts of a sum, which a list does not need. */
interface Keeps {
  readonly history?: boolean;
  readonly jobs?: boolean; // which Cohesity jobs copied the object
}

/** The running sums of one object's copies. */
export interface ObjectCopiesSum {
  add(copy: CopyOperation, worth: CopyWorth): void;
  join(other: ObjectCopiesSum): void;
  /** Takes only the job ids from another sum of the same object. */
  joinJobs(other: ObjectCopiesSum): void;
  /** Whether a job copied it; false if jobs are not kept. */
  isOfJob(upstream: string, jobId: bigint): boolean;
  parts(): Parts;
  result(unread?: readonly Unread[]): ObjectCopies;
}

const jobText = (upstream: string, jobId: bigint): string => `${upstream} ${jobId}`;

/**
 * Adds up the copies of one object, in any order. Only good copies count. Unless history is kept, it keeps one copy per
 * place, so memory grows with the objects and not with their copies.
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
    /** Adds the copies of another sum. */
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
