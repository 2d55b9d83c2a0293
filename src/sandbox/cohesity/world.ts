import type { Estate } from './estate.js';
import type { CohesityFault } from './fault.js';
import type { Job } from './job.js';
import type { Source } from './source.js';
import type { RemoteCluster } from './target.js';

/** A failover's run that was asked for; whether and when it starts follows from the clock. */
export interface PlannedRun {
  readonly failoverId: string;
  readonly job: Job;
  /** Counts the planned runs of this sandbox. */
  readonly ordinal: number;
  readonly replicationCluster: RemoteCluster;
  readonly sources: readonly Source[];
  readonly runType: string;
  readonly cancelsOthers: boolean;
  readonly requestedAt: number;
  /** Starts of the runs whose backups were going on when it was asked for. */
  readonly waitsFor: readonly number[];
  readonly canceledAt?: number;
}

/** New runs of a job are held back in this time. */
interface Pause {
  readonly jobId: number;
  readonly from: number;
  readonly until: number;
}

export interface ViewFailover {
  readonly id: string;
  readonly viewId: number;
  readonly type: string;
  readonly startedAt: number;
  readonly canceledAt?: number;
}

/** All that callers have changed; it lives as long as the process. */
export interface Overlay {
  /** When the thing with this key was canceled. */
  readonly cancels: Map<string, number>;
  readonly plannedRuns: Map<string, PlannedRun>;
  readonly pauses: Map<string, Pause>;
  readonly viewFailovers: ViewFailover[];
  /** When the copy with this key was asked for again; the last time counts. */
  readonly resyncs: Map<string, number>;
}

/** The estate, what callers did to it, the moment it is looked at (microseconds), and what goes wrong on purpose. */
export interface World {
  readonly estate: Estate;
  readonly overlay: Overlay;
  readonly now: number;
  readonly faults: ReadonlySet<CohesityFault>;
}

export const createOverlay = (): Overlay => ({
  cancels: new Map(),
  plannedRuns: new Map(),
  pauses: new Map(),
  viewFailovers: [],
  resyncs: new Map(),
});

/** Keys of `Overlay.cancels` and `Overlay.resyncs`. */
export const runKey = (jobRunId: number): string => `run:${jobRunId}`;
export const copyKey = (taskId: number): string => `copy:${taskId}`;
export const objectKey = (jobRunId: number, sourceId: number): string => `object:${jobRunId}:${sourceId}`;
