import type { Estate } from './estate.js';
import type { CohesityFault } from './fault.js';
import type { Job } from './job.js';
import type { Source } from './source.js';
import type { RemoteCluster } from './target.js';

/** The requested run of a failover; whether and when it starts depends on the clock. */
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
  /** The starts of the runs whose backups were running when it was requested. */
  readonly waitsFor: readonly number[];
  readonly canceledAt?: number;
}

/** A time in which new runs of a job are held back. */
interface Pause {
  readonly jobId: number;
  readonly from: number;
  readonly until: number;
}

/** A step of the failover of a view, on the cluster that takes it over. */
export interface ViewFailover {
  readonly id: string;
  readonly clusterId: number;
  /** The id of the view's source on the cluster that it was made on, so that both clusters mean the same. */
  readonly originId: number;
  readonly type: 'Planned' | 'Unplanned';
  /** The half of a planned failover; the list does not report it. */
  readonly half: 'Prepare' | 'Finalize' | null;
  readonly startedAt: number;
  readonly canceledAt?: number;
}

/** One object of a workflow, with its id on each cluster. */
export interface ObjectPair {
  readonly replicaId: number;
  readonly sourceId: number;
}

/** A failover workflow of objects. Each cluster also has a part of its state to itself. */
export interface Workflow {
  readonly id: string;
  /** The cluster that takes over. */
  readonly replicaClusterId: number;
  readonly sourceClusterId: number;
  readonly pairs: readonly ObjectPair[];
  /** The recovered object of each linked replica. */
  readonly links: ReadonlyMap<number, number>;
  readonly canceledOn: readonly number[];
}

/** Objects that a cluster backs up from now on, in place of the one that they come from. */
interface Activation {
  readonly kind: 'activated';
  readonly workflow: Workflow;
  readonly at: number;
  readonly pairs: readonly ObjectPair[];
  /** The id of the group that they join; a new one is made if no group has it. `null`: they join none. */
  readonly jobId: number | null;
  readonly replicatesBack: boolean;
}

/** Objects that the cluster which they come from backs up no more. */
interface Deactivation {
  readonly kind: 'deactivated';
  readonly workflow: Workflow;
  readonly at: number;
  readonly pairs: readonly ObjectPair[];
  readonly jobId: number;
  /** Whether they stay in their group. */
  readonly kept: boolean;
}

export type Handover = Activation | Deactivation;

/** The changes made by callers; they last as long as the process. */
export interface Overlay {
  /** When the thing with this key was canceled. */
  readonly cancels: Map<string, number>;
  readonly plannedRuns: Map<string, PlannedRun>;
  readonly pauses: Map<string, Pause>;
  readonly viewFailovers: ViewFailover[];
  readonly workflows: Map<string, Workflow>;
  /** The activations and deactivations of all workflows, in their order. */
  readonly handovers: Handover[];
  /** When the copy with this key was last retried. */
  readonly resyncs: Map<string, number>;
}

/** The estate, the changes by callers, the present moment (microseconds), and the faults. */
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
  workflows: new Map(),
  handovers: [],
  resyncs: new Map(),
});

/** Keys of `Overlay.cancels` and `Overlay.resyncs`. */
export const runKey = (jobRunId: number): string => `run:${jobRunId}`;
export const copyKey = (taskId: number): string => `copy:${taskId}`;
export const objectKey = (jobRunId: number, sourceId: number): string => `object:${jobRunId}:${sourceId}`;
