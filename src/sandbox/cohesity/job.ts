import type { UniversalId } from './identity.js';
import type { Source } from './source.js';
import type { Target } from './target.js';

/** A low and a high end, both inclusive. */
export type Range = readonly [number, number];

/** A job's policy for copying each of its snapshots. */
export interface CopyPlan {
  readonly target: Target;
  readonly retentionDays: number;
  /** From the end of the backup to the first byte. */
  readonly waitMinutes: Range;
  readonly moveMinutes: Range;
  /** From the last byte (or the cancel) to the end. */
  readonly settleMinutes?: Range;
  /** Queued this long after the run's start, with its own `runStartTimeUsecs`. */
  readonly queuedAfterMinutes?: Range;
  /** The outcomes of its runs, in turn; by default they are random. */
  readonly outcomes?: readonly string[];
  readonly lock?: { readonly type: string; readonly days: number };
  readonly legalHold?: 'run' | 'objects';
  readonly userActionMessage?: string;
  /** While it is queued, its times are 0 instead of absent. */
  readonly zeroWhileQueued?: boolean;
  /** It fails before any data has moved: without figures and times. */
  readonly failsBeforeData?: boolean;
  /** How many hours after its run the snapshot is deleted by hand. */
  readonly deletedAfterHours?: number;
}

interface Gap {
  readonly sourceId: number;
  readonly from: number;
  readonly until: number;
}

export interface Job {
  readonly id: number;
  readonly uid: UniversalId;
  readonly name: string;
  readonly description?: string;
  readonly environment: string;
  readonly policyId: string;
  readonly viewBoxId: number;
  readonly parentSourceId: number;
  readonly sources: readonly Source[];
  readonly intervalMinutes: number;
  readonly phaseMinutes: number;
  readonly runMinutes: Range;
  readonly runTypes: readonly string[];
  readonly backupOutcomes?: readonly string[];
  readonly copies: readonly CopyPlan[];
  /** Made by another cluster and replicated here. */
  readonly origin?: { readonly clusterId: number; readonly clusterIncarnationId: number; readonly name: string };
  /** The job on the other played cluster whose runs are replicated here. */
  readonly replicaOf?: Job;
  /** The objects that were taken out; its older runs still hold them. */
  readonly former?: readonly Source[];
  /** The times in which it does not back an object up. */
  readonly gaps?: readonly Gap[];
  readonly deleted?: boolean;
  readonly paused?: boolean;
  /** Shows each unusual shape that the contract allows, one in each run. */
  readonly quirks?: boolean;
  /** The youngest and the oldest age at which its runs are listed. */
  readonly retentionHours: number;
  readonly youngestHours: number;
}

/** A copy plan with the usual waits. */
export const copyTo = (target: Target, more: Partial<CopyPlan> = {}): CopyPlan => ({
  target,
  retentionDays: target.type === 'kArchival' ? 365 : 30,
  waitMinutes: [1, 6],
  moveMinutes: [5, 40],
  ...more,
});

/** The objects that a run of the job at this time holds. */
export const sourcesAt = ({ sources, former = [], gaps = [] }: Job, at: number): readonly Source[] => {
  const all = former.length === 0 ? sources : [...sources, ...former].sort((a, b) => a.id - b.id);
  const isMissing = ({ id }: Source): boolean =>
    gaps.some(({ sourceId, from, until }) => sourceId === id && at > from && at <= until);
  return gaps.length === 0 ? all : all.filter((source) => !isMissing(source));
};

/** The job whose schedule the runs follow. */
export const scheduleOf = (job: Job): Job => job.replicaOf ?? job;

/** The longest time, in minutes, from the start of a run of this job to its last end. */
export const longestMinutes = (job: Job): number =>
  (job.replicaOf === undefined ? 0 : longestMinutes(job.replicaOf)) +
  job.runMinutes[1] +
  2 +
  Math.max(
    0,
    ...job.copies.map(
      ({ waitMinutes, moveMinutes, settleMinutes, queuedAfterMinutes }) =>
        waitMinutes[1] + moveMinutes[1] + (settleMinutes?.[1] ?? 2) + (queuedAfterMinutes?.[1] ?? 0),
    ),
  );
