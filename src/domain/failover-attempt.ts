import { DAY_MICROS, type Micros } from './micros.js';

export const attemptOutcomes = ['accepted', 'refused', 'notSent', 'unconfirmed'] as const;

/** How an attempt ended. `notSent`: nothing has left for the cluster. `unconfirmed`: the answer was lost. */
export type AttemptOutcome = (typeof attemptOutcomes)[number];

export const attemptActions = [
  'failover',
  'retryCopy',
  'viewFailover',
  'initFailover',
  'linkFailoverObjects',
  'activateFailover',
  'deactivateFailoverSource',
  'cancelFailoverWorkflow',
] as const;

/** The actions that start something. Each is sent once per key. */
export type AttemptAction = (typeof attemptActions)[number];

/** Values that JSON can hold; ids are decimal texts. */
export type Details = Readonly<Record<string, unknown>>;

/** A person's word on an attempt whose answer was lost. */
export interface Acknowledgement {
  readonly by: string; // the principal
  readonly at: string; // ISO 8601
  readonly happened: boolean;
  readonly note: string;
}

/** One attempt to start something, as it is remembered. It is recorded before the request leaves, and again after. */
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
  readonly sentTo?: string; // the upstream asked, if it is another than the one that the record belongs to
  readonly order?: Details; // the request, for an action that the upstream has no read of
  readonly answer?: Details; // the upstream's answer to it
  readonly acknowledged?: Acknowledgement;
  readonly principal: string;
  readonly startedAt: Micros;
  readonly outcome: AttemptOutcome | null; // null: it began, and no end was recorded
}

/**
 * The key of an attempt in stores. For a failover it is the idempotency key itself, which is the workflow id; for
 * others the action and a colon come first. No idempotency key contains a colon.
 */
export const attemptKey = (action: AttemptAction, idempotencyKey: string): string =>
  action === 'failover' ? idempotencyKey : `${action}:${idempotencyKey}`;

/** Whether an attempt is a failover's. */
export const isFailoverAttempt = ({ key }: FailoverAttempt): boolean => !key.includes(':');

/** A store of attempts: this process, Redis or the audit file. Its own failure is an `Error`. */
export interface AttemptStore {
  /** The newest attempt under a key; `null` if this store has none. */
  find(upstream: string, key: string): Promise<FailoverAttempt | null>;
  /** The newest attempt of each key that began at or after `from`. */
  since(upstream: string, from: Micros): Promise<readonly FailoverAttempt[]>;
  /** To be called before the request leaves. When it resolves, the record is as durable as the store allows. */
  begin(attempt: FailoverAttempt): Promise<void>;
  /** The same attempt, with its outcome. */
  end(attempt: FailoverAttempt): Promise<void>;
}

/** Whether the shared store still has every attempt. */
export type Standing =
  // it was emptied: the replicas write back the attempts they remember
  { readonly kind: 'whole'; readonly epoch: string } | { readonly kind: 'lost'; readonly leftMs: number };

/** The attempts of all replicas. Every method rejects with an `Error` if the store cannot be reached. */
export interface SharedAttempts extends Pick<AttemptStore, 'find' | 'since' | 'end'> {
  /** To be called under the lock. Sends nothing to an upstream, but writes back the attempts this replica remembers. */
  standing(upstream: string): Promise<Standing>;
  /** `false`, and nothing written, if the epoch has changed or an earlier attempt may have arrived. */
  begin(attempt: FailoverAttempt, epoch: string): Promise<boolean>;
  /** Whether the epoch is unchanged and the attempt is the current one under its key. */
  stands(attempt: FailoverAttempt, epoch: string): Promise<boolean>;
}

/** The decision on a request: refuse it, send it, or answer with the existing attempt. */
export type Decision = 'conflict' | 'send' | 'answer';

/**
 * Decides on a request. `attempt` is the newest one under the key; `isListed` says whether the cluster lists the id.
 * While the attempt is remembered, its key belongs to one body, and it is never sent again if it may have arrived.
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

/** Whether an accepted failover that the cluster does not list may still appear. */
export const mayStillAppear = ({ outcome, startedAt }: FailoverAttempt, now: Micros): boolean =>
  outcome === 'accepted' && now - startedAt < DAY_MICROS;

export const isAcknowledged = ({ acknowledged }: FailoverAttempt): boolean => acknowledged !== undefined;

/**
 * Picks the current attempt of a key from several stores. One that may have arrived wins, because nothing is sent after
 * it and replicas' clocks differ. Otherwise one that a person has judged wins, then the newest. Of two records of one attempt, the one with an outcome
 * wins, and a person's word wins over both.
 */
export const newestOf = (attempts: readonly (FailoverAttempt | null)[]): FailoverAttempt | null => {
  const known = attempts.filter((attempt) => attempt !== null);
  const ended = new Set(known.filter(({ outcome }) => outcome !== null).map(({ attemptId }) => attemptId));
  const judged = new Set(known.filter(isAcknowledged).map(({ attemptId }) => attemptId));
  const [standing] = known
    .filter((attempt) => isAcknowledged(attempt) || !judged.has(attempt.attemptId))
    .filter(({ attemptId, outcome }) => outcome !== null || !ended.has(attemptId))
    .sort(
      (one, other) =>
        Number(mayHaveArrived(other)) - Number(mayHaveArrived(one)) ||
        Number(isAcknowledged(other)) - Number(isAcknowledged(one)) ||
        other.startedAt - one.startedAt,
    );
  return standing ?? null;
};

/** Whether the cluster may have received it. Such an attempt is never forgotten, so that no other is sent after it. */
export const mayHaveArrived = ({ outcome }: FailoverAttempt): boolean => outcome !== 'refused' && outcome !== 'notSent';
