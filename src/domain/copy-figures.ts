import type { ActivityState } from './activity.js';
import type { CopyTargetKind } from './copy-target-kind.js';
import type { FailureCategory } from './failure-category.js';
import type { Micros } from './micros.js';

/** What the copies of one upstream come to at one look, for metrics. */
export interface CopyFigures {
  readonly unfinished: readonly {
    readonly kind: CopyTargetKind;
    readonly state: ActivityState;
    readonly count: number;
  }[];
  /** Failed or ended in part within the last 24 hours. */
  readonly failed: readonly {
    readonly kind: CopyTargetKind;
    readonly category: FailureCategory;
    readonly count: number;
  }[];
  /** Running, without another byte for so long as is configured; 0 for each kind that has copies. */
  readonly stalled: readonly { readonly kind: CopyTargetKind; readonly count: number }[];
  readonly lastSuccess: readonly { readonly kind: CopyTargetKind; readonly at: Micros }[];
}

/** How well the objects of one upstream are copied at one look. */
export interface ObjectFigures {
  readonly count: number;
  readonly withoutOffsite: number; // no good copy off site within the configured lag
  readonly worstLagSeconds: number | null; // of those that have one; null: none has
}

/** Everything that is told of an upstream between two looks. What has not been read whole yet is absent. */
export interface WatchedFigures {
  readonly upstream: string;
  readonly copies: CopyFigures | null;
  readonly objects: ObjectFigures | null;
  readonly lookedAt: Micros | null; // the last time that it answered
  readonly hours: number | null; // as far back as the last whole look reached
  readonly megabytes: number; // what its index holds
}
