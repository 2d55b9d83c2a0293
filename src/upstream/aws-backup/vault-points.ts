import { DAY_MICROS, HOUR_MICROS, type Micros, micros } from '../../domain/micros.js';
import type { RecoveryPoint } from '../../domain/recovery-point.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions } from '../../calling/call.js';
import type { AwsBackupClient } from './client.js';

/** A recovery point that a job names, when that job was created, and when it ended: the point was made before. */
export interface PointKey {
  readonly arn: string;
  readonly copiedAt: Micros | null;
  readonly endedAt: Micros | null;
}

/** One point's outcome; `GONE` where its vault has it no more. */
export type PointOutcome = RecoveryPoint | 'GONE' | UpstreamError;

/** A point as it was read before, and why it could not be read again. */
interface StalePoint {
  readonly point: RecoveryPoint | 'GONE';
  readonly stale: UpstreamError;
}

/** What is told of a point; `YET_TO_SHOW` where its vault has it not, and the job that makes it has just ended. */
export type KeptOutcome = PointOutcome | StalePoint | 'YET_TO_SHOW';

/** Reads points of one vault, by their ARNs; each key has its own outcome. */
export type VaultPoints<Outcome = PointOutcome> = (
  vaultArn: string,
  keys: readonly PointKey[],
  call: CallOptions,
) => Promise<ReadonlyMap<string, Outcome>>;

/** So many points are described one by one, since a list does not tell all of them; more are listed. */
export const MOST_DESCRIBED = 20;
const USUAL_WAIT = DAY_MICROS; // from a backup's creation to its copy's, mostly
const BOUND_MARGIN = 1_000_000; // whether a bound includes its own moment is not stated
const END_MARGIN = HOUR_MICROS; // a point may be dated by another clock than its job

type Client = Pick<AwsBackupClient, 'describeRecoveryPoint' | 'listRecoveryPoints'>;

const outcomeOf = (error: unknown): 'GONE' | UpstreamError => {
  if (!(error instanceof UpstreamError)) throw error;
  return error.reason === 'notFound' ? 'GONE' : error;
};

/**
 * The days that the backups of these copies were most likely made in, up to the last job's end: what is dated later than
 * its job's creation must not be taken for gone. No `to` where a job tells no end; `null` where one tells no creation.
 */
const usualDays = (keys: readonly PointKey[]): { readonly from: Micros; readonly to: Micros | undefined } | null => {
  const times = keys.map(({ copiedAt }) => copiedAt).filter((at) => at !== null);
  if (times.length < keys.length) return null;
  const oldest = times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const ends = keys.map(({ endedAt }) => endedAt).filter((at) => at !== null);
  const last = ends.reduce((most, at) => Math.max(most, at), 0);
  const to = ends.length < keys.length ? undefined : micros(last + END_MARGIN);
  return { from: micros(Math.max(1, oldest - USUAL_WAIT)), to };
};

/**
 * Up to twenty points cost a describe each. More cost the pages of a list: first of the days before the copies were
 * made, then of all days before those, never more pages than points. What neither list shows is gone; where they were
 * not read to their end, what is left is described.
 */
export const createVaultPoints =
  ({ describeRecoveryPoint, listRecoveryPoints }: Client): VaultPoints =>
  async (vaultArn, keys, call) => {
    const outcomes = new Map<string, PointOutcome>();
    const missing = new Set(keys.map(({ arn }) => arn));
    let pagesLeft = missing.size;

    /** Whether the list was read to its end. */
    const list = async (createdAfter: Micros | undefined, createdBefore: Micros | undefined): Promise<boolean> => {
      let nextToken: string | undefined;
      let unreadable = 0;
      do {
        if (missing.size === 0 || pagesLeft === 0) return false;
        pagesLeft -= 1;
        const page = await listRecoveryPoints({ vaultArn, createdAfter, createdBefore, nextToken }, call);
        for (const point of page.records) if (missing.delete(point.arn)) outcomes.set(point.arn, point);
        unreadable += page.unreadable;
        nextToken = page.nextToken ?? undefined;
      } while (nextToken !== undefined);
      return unreadable === 0;
    };

    /** Whether lists have shown all that there is. */
    const listAll = async (): Promise<boolean> => {
      const days = usualDays(keys);
      const recent = await list(days?.from, days?.to);
      if (days === null || !recent || missing.size <= MOST_DESCRIBED) return days === null && recent;
      return list(undefined, micros(days.from + BOUND_MARGIN));
    };

    const settle = (outcome: PointOutcome): void => missing.forEach((arn) => void outcomes.set(arn, outcome));

    try {
      if (missing.size > MOST_DESCRIBED && (await listAll())) {
        settle('GONE');
        return outcomes;
      }
    } catch (error) {
      settle(outcomeOf(error));
      return outcomes;
    }
    await Promise.all(
      [...missing].map(async (arn) =>
        outcomes.set(arn, await describeRecoveryPoint(vaultArn, arn, call).catch(outcomeOf)),
      ),
    );
    return outcomes;
  };
