import { DAY_MICROS, type Micros } from './micros.js';

export const attemptOutcomes = ['accepted', 'refused', 'notSent', 'unconfirmed'] as const;

/** How an attempt ended. `notSent`: nothing has left for the cluster. `unconfirmed`: the answer was lost. */
export type AttemptOutcome = (typeof attemptOutcomes)[number];

export const attemptActions = ['failover', 'retryCopy', 'viewFailover'] as const;

/** What starts something, and so is sent once under a key. */
export type AttemptAction = (typeof attemptActions)[number];

/** One press of a button that starts something, as it is remembered: written down before the request leaves, and after. */
export interface FailoverAttempt {
  readonly attemptId: string; // joins the two records
  readonly upstream: string;
  readonly key: string; // the idempotency key, as `attemptKey` writes it
  readonly bodyDigest: string; // SHA-256 of the body, hexadecimal
  readonly objectIds: readonly string[]; // entity ids, decimal
  readonly replicationClusterId: string | null; // decimal; null where the record was written before it was kept
  readonly step: string | null; // of an action that has several: which of them
  readonly subject: string | null; // what may have one open attempt at a time, over all keys; null: the upstream judges
  readonly ground: readonly string[]; // marks of what the upstream had of the subject when it was pressed
  readonly madeId: string | null; // the upstream's id of what it started, where its answer said it
  readonly principal: string;
  readonly startedAt: Micros;
  readonly outcome: AttemptOutcome | null; // null: it began, and nobody wrote down how it ended
}

/**
 * The key under which an attempt is remembered: a failover's as it was given, since it is the workflow id, and another
 * with the action before it. No idempotency key has a colon.
 */
export const attemptKey = (action: AttemptAction, idempotencyKey: string): string =>
  action === 'failover' ? idempotencyKey : `${action}:${idempotencyKey}`;

/** Whether an attempt is a failover's. */
export const isFailoverAttempt = ({ key }: FailoverAttempt): boolean => !key.includes(':');

/** A place where attempts are remembered: this process, Redis, the audit file. Its own failure is an `Error`. */
export interface AttemptStore {
  /** The newest attempt under a key; `null` where this place knows of none. */
  find(upstream: string, key: string): Promise<FailoverAttempt | null>;
  /** The newest attempt of each key that began since a time. */
  since(upstream: string, from: Micros): Promise<readonly FailoverAttempt[]>;
  /** Before the request leaves: when this resolves, the record would outlive the process as far as the place does. */
  begin(attempt: FailoverAttempt): Promise<void>;
  /** The same attempt, with its outcome. */
  end(attempt: FailoverAttempt): Promise<void>;
}

/** Whether what replicas share knows every attempt. */
export type Standing =
  { readonly kind: 'whole'; readonly epoch: string } | { readonly kind: 'lost'; readonly leftMs: number }; // it was emptied: replicas write back what they remember

/** The attempts of all replicas. Every method rejects with an `Error` where they cannot be asked for. */
export interface SharedAttempts extends Pick<AttemptStore, 'find' | 'since' | 'end'> {
  /** Ask under the lock; sends nothing itself, but writes back what this replica remembers. */
  standing(upstream: string): Promise<Standing>;
  /** `false` in another epoch, and after an attempt that may have arrived: then nothing was written. */
  begin(attempt: FailoverAttempt, epoch: string): Promise<boolean>;
  /** Whether the epoch goes on and the attempt is what stands under its key. */
  stands(attempt: FailoverAttempt, epoch: string): Promise<boolean>;
}

/** What to do with a press of the button: refuse it, send it, or answer with what is there. */
export type Decision = 'conflict' | 'send' | 'answer';

/**
 * `attempt` is the newest one under the key, `isListed` whether the cluster lists the id. A key stands for one body, and
 * one whose attempt may have reached the cluster is never sent again: both as long as the attempt is remembered.
 */
export const decide = (
  attempt: FailoverAttempt | null,
  { bodyDigest, isListed }: { readonly bodyDigest: string; readonly isListed: boolean },
): Decision => {
  if (attempt === null || attempt.outcome === 'notSent') return isListed ? 'answer' : 'send';
  if (attempt.bodyDigest !== bodyDigest) return 'conflict';
  if (isListed) return 'answer';
  return attempt.outcome === 'refused' ? 'send' : 'answer';
};

/** Whether a cluster that does not list an accepted failover may still be about to. */
export const mayStillAppear = ({ outcome, startedAt }: FailoverAttempt, now: Micros): boolean =>
  outcome === 'accepted' && now - startedAt < DAY_MICROS;

/**
 * What stands for a key, out of what several places remember of it: what may have reached the cluster before what did
 * not, since nothing is sent after it and the clocks of replicas differ; then the newest. Of one attempt, the record
 * that has its outcome.
 */
export const newestOf = (attempts: readonly (FailoverAttempt | null)[]): FailoverAttempt | null => {
  const known = attempts.filter((attempt) => attempt !== null);
  const ended = new Set(known.filter(({ outcome }) => outcome !== null).map(({ attemptId }) => attemptId));
  const [standing] = known
    .filter(({ attemptId, outcome }) => outcome !== null || !ended.has(attemptId))
    .sort(
      (one, other) => Number(mayHaveArrived(other)) - Number(mayHaveArrived(one)) || other.startedAt - one.startedAt,
    );
  return standing ?? null;
};

/** Whether the cluster may have it: such an attempt is never forgotten, so that none is sent after it. */
export const mayHaveArrived = ({ outcome }: FailoverAttempt): boolean => outcome !== 'refused' && outcome !== 'notSent';
