import { type FailoverAttempt, mayStillAppear } from '../domain/failover-attempt.js';
import {
  type Failover,
  type FailoverProgress,
  type PlannedRun,
  failoverProgressOf,
  runOfRunId,
} from '../domain/failover.js';
import type { ProtectionRun } from '../domain/protection-run.js';
import type { RunKey } from '../domain/run-key.js';
import { encodeId } from '../domain/global-id.js';
import type { Micros } from '../domain/micros.js';
import { mayHaveArrived } from '../domain/failover-attempt.js';
import { UpstreamError } from '../domain/upstream-error.js';
import { type FailoverGuard, recall } from './guard.js';
import type { FailoverAbility, Session } from '../upstream/product.js';
import { orFailure } from '../calling/outcome.js';

/** The inputs for reading a failover. */
export interface FailoverContext {
  readonly session: Session;
  readonly failoverGuard: FailoverGuard;
  readonly now: Micros;
}

/** An upstream's ability to fail over; `undefined` if it has none, or does not exist. */
export const abilityOf = ({ clients }: Session, upstream: string): FailoverAbility | undefined =>
  clients.get(upstream)?.failover;

const remoteOf = (attempt: FailoverAttempt | null): bigint | null => {
  const id = attempt?.replicationClusterId ?? null;
  return id === null || !/^\d{1,20}$/.test(id) ? null : BigInt(id);
};

/** Builds a failover from the cluster's list and the remembered request. */
export const toFailover = (
  upstream: string,
  failoverId: string,
  {
    planned,
    attempt,
    now,
  }: { readonly planned: PlannedRun | null; readonly attempt: FailoverAttempt | null; readonly now: Micros },
): Failover => ({
  __typename: 'Failover',
  id: encodeId('Failover', upstream, failoverId),
  upstream,
  failoverId,
  planned,
  confirmed: planned !== null || (attempt !== null && mayStillAppear(attempt, now)),
  requestedAt: attempt?.startedAt ?? null,
  replicationClusterId: remoteOf(attempt),
});

/**
 * One failover by its workflow id: a poll that all failovers of a cluster share. `null` if neither the cluster nor any
 * store knows it.
 */
export const loadFailover = async (
  { session, failoverGuard, now }: FailoverContext,
  upstream: string,
  failoverId: string,
): Promise<Failover | null> => {
  const [planned, attempt] = await Promise.all([
    abilityOf(session, upstream)?.planned(session, failoverId) ?? null,
    // If the stores cannot be reached, the cluster's own list counts.
    recall(failoverGuard, upstream, failoverId).catch(() => failoverGuard.memory.find(upstream, failoverId)),
  ]);
  const began = attempt !== null && mayHaveArrived(attempt);
  return planned === null && !began ? null : toFailover(upstream, failoverId, { planned, attempt, now });
};

/** The key of a failover's run; `null` before there is one, and for a run id of another form. */
export const runKeyOfFailover = ({ upstream, planned }: Failover): RunKey | null => {
  const run = planned?.runId === null || planned === null ? null : runOfRunId(planned.runId);
  return run === null ? null : { upstream, ...run };
};

/** The run of a failover, read once per request. */
export const runOfFailover = (session: Session, upstream: string, run: RunKey): Promise<ProtectionRun | null> =>
  abilityOf(session, upstream)?.run(session, run) ?? Promise.resolve(null);

/** The progress of a failover; reads its run, if there is one: one call, shared with `run` and `copyRuns`. */
export const loadFailoverProgress = async (session: Session, failover: Failover): Promise<FailoverProgress> => {
  if (failover.progress !== undefined) return failover.progress;
  const run = runKeyOfFailover(failover);
  if (run === null) return failoverProgressOf(failover, undefined);
  const read = await orFailure(runOfFailover(session, failover.upstream, run));
  // If it cannot be read, the state says as much as the poll does.
  return failoverProgressOf(failover, read instanceof UpstreamError ? undefined : read);
};
