import type { ActivityState } from './activity.js';
import type { CopyTargetKind } from './copy-target-kind.js';
import type { FailureCategory } from './failure-category.js';
import type { Micros } from './micros.js';

/** The figures of one upstream's copies at one poll, for metrics. */
export interface CopyFigures {
  readonly unfinished: readonly {
    readonly kind: CopyTargetKind;
    readonly state: ActivityState;
    readonly count: number;
  }[];
  /** Copies that failed or ended in part within the last 24 hours. */
  readonly failed: readonly {
    readonly kind: CopyTargetKind;
    readonly category: FailureCategory;
    readonly count: number;
  }[];
  /** Running copies that have moved no byte for the configured time; 0 for each kind that has copies. */
  readonly stalled: readonly { readonly kind: CopyTargetKind; readonly count: number }[];
  readonly lastSuccess: readonly { readonly kind: CopyTargetKind; readonly at: Micros }[];
}

/** The figures of one upstream's objects at one poll. */
export interface ObjectFigures {
  readonly count: number;
  readonly withoutOffsite: number; // no good copy off site within the configured lag
  readonly worstLagSeconds: number | null; // of the objects that have one; null: none has
}

/** All figures of an upstream at one poll. A figure that has not been read completely yet is absent. */
export interface WatchedFigures {
  readonly upstream: string;
  readonly copies: CopyFigures | null;
  readonly objects: ObjectFigures | null;
  readonly lookedAt: Micros | null; // when it last answered
  readonly hours: number | null; // how far back the last complete read reached
  readonly megabytes: number; // the size of its index
}
