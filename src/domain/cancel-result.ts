import type { CopyRun } from './copy-run.js';
import type { Failover } from './failover.js';
import type { Refusal } from './refusal.js';
import type { ViewFailoverAccepted } from './view-failover-result.js';

/** Why nothing was canceled. */
export type CancelRejected = Refusal<'CancelRejected'>;

export interface FailoverCancelRequested {
  readonly __typename: 'FailoverCancelRequested';
  readonly failover: Failover;
}

export interface CopyRunCancelRequested {
  readonly __typename: 'CopyRunCancelRequested';
  readonly copyRun: CopyRun;
}

export type CancelFailoverResult = FailoverCancelRequested | CancelRejected;
export type CancelCopyRunResult = CopyRunCancelRequested | CancelRejected;
export type CancelViewFailoverResult = ViewFailoverAccepted | CancelRejected;
