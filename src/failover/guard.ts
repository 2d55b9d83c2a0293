import type { AuditTrail } from '../domain/audit.js';
import type { CancelCopyRunResult, CancelFailoverResult, CancelViewFailoverResult } from '../domain/cancel-result.js';
import type { CopyRetryResult } from '../domain/copy-retry.js';
import type { Exclusive } from '../domain/exclusive.js';
import { type AttemptStore, type FailoverAttempt, type SharedAttempts, newestOf } from '../domain/failover-attempt.js';
import type { FailoverResult } from '../domain/failover-result.js';
import type { StepPressed } from '../domain/failover-workflow-result.js';
import type { Micros } from '../domain/micros.js';
import type { ViewFailoverResult } from '../domain/view-failover-result.js';
import { type Identities, createIdentities } from './identities.js';
import { createFailoverMemory } from './memory.js';
import { createOwnTurns } from './own-turns.js';
import { type PlanSeal, createOwnSecret, createPlanSeal } from './plan-seal.js';
import { type SingleFlight, createSingleFlight } from '../domain/single-flight.js';

/** The parts that replicas share if Redis is configured. */
export interface SharedGuard {
  readonly exclusive: Exclusive;
  readonly attempts: SharedAttempts;
  /** The secret that seals plans on all replicas. */
  planSecret(): Promise<Buffer>;
}

/** Keeps a repeated request from starting a second run. One per process: it outlives requests. */
export interface FailoverGuard {
  readonly memory: AttemptStore;
  readonly shared: SharedGuard | null;
  readonly ownTurns: Exclusive; // if replicas share none
  readonly audit: AuditTrail;
  readonly identities: Identities;
  readonly plans: PlanSeal;
  readonly presses: SingleFlight<FailoverResult>;
  readonly retries: SingleFlight<CopyRetryResult>;
  readonly viewFailovers: SingleFlight<ViewFailoverResult>;
  readonly steps: SingleFlight<StepPressed>; // of failover workflows
  readonly failoverCancels: SingleFlight<CancelFailoverResult>;
  readonly copyRunCancels: SingleFlight<CancelCopyRunResult>;
  readonly viewFailoverCancels: SingleFlight<CancelViewFailoverResult>;
}

/** `memory` is passed in if the shared store also reads it. */
export const createFailoverGuard = (
  audit: AuditTrail,
  shared: SharedGuard | null,
  memory: AttemptStore = createFailoverMemory(),
): FailoverGuard => ({
  memory,
  shared,
  ownTurns: createOwnTurns(),
  audit,
  identities: createIdentities(),
  plans: createPlanSeal(shared?.planSecret ?? createOwnSecret()),
  presses: createSingleFlight(),
  retries: createSingleFlight(),
  viewFailovers: createSingleFlight(),
  steps: createSingleFlight(),
  failoverCancels: createSingleFlight(),
  copyRunCancels: createSingleFlight(),
  viewFailoverCancels: createSingleFlight(),
});

/** The newest known attempt under a key. Rejects if a store that may know it cannot be reached. */
export const recall = async (
  { memory, shared, audit }: FailoverGuard,
  upstream: string,
  key: string,
): Promise<FailoverAttempt | null> =>
  newestOf(
    await Promise.all([
      memory.find(upstream, key),
      shared?.attempts.find(upstream, key) ?? null,
      audit.find(upstream, key),
    ]),
  );

/** The newest attempt of each key since a time, over all stores. */
export const recallSince = async (
  { memory, shared, audit }: FailoverGuard,
  upstream: string,
  from: Micros,
): Promise<readonly FailoverAttempt[]> => {
  const all = await Promise.all([
    memory.since(upstream, from),
    shared?.attempts.since(upstream, from) ?? [],
    audit.since(upstream, from),
  ]);
  const newest = new Map<string, FailoverAttempt>();
  for (const attempt of all.flat())
    newest.set(attempt.key, newestOf([newest.get(attempt.key) ?? null, attempt]) ?? attempt);
  return [...newest.values()];
};

/** The same; if a store cannot be reached, only the attempts that this process remembers, and `isWhole` is `false`. */
export const recallReachable = async (
  guard: FailoverGuard,
  upstream: string,
  from: Micros,
): Promise<{ readonly attempts: readonly FailoverAttempt[]; readonly isWhole: boolean }> => {
  try {
    return { attempts: await recallSince(guard, upstream, from), isWhole: true };
  } catch {
    return { attempts: await guard.memory.since(upstream, from), isWhole: false };
  }
};
