import { DAY_MICROS, HOUR_MICROS, type Micros, micros } from '../../domain/micros.js';
import type { RecoveryPoint } from '../../domain/recovery-point.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions } from '../../calling/call.js';
import type { AwsBackupClient } from './client.js';

/** A job's recovery point, with the creation and end of the job: the original backup is older. */
export interface PointKey {
  readonly arn: string;
  readonly copiedAt: Micros | null;
  readonly endedAt: Micros | null;
}

/** The result of reading one point; `GONE` if its vault no longer has it. */
export type PointOutcome = RecoveryPoint | 'GONE' | UpstreamError;

/** A point from an earlier read, and the reason why it could not be read again. */
interface StalePoint {
  readonly point: RecoveryPoint | 'GONE';
  readonly stale: UpstreamError;
}

/** The result for one point; `YET_TO_SHOW` if its vault does not have it but its job has only just ended. */
export type KeptOutcome = PointOutcome | StalePoint | 'YET_TO_SHOW';

/** Reads points of one vault by ARN; each key has its own result. */
export type VaultPoints<Outcome = PointOutcome> = (
  vaultArn: string,
  keys: readonly PointKey[],
  call: CallOptions,
) => Promise<ReadonlyMap<string, Outcome>>;

/** Up to this many points are described one by one, because a list lacks some members; more are listed. */
export const MOST_DESCRIBED = 20;
const USUAL_WAIT = DAY_MICROS; // the usual time from a backup's creation to its copy's
const BOUND_MARGIN = 1_000_000; // it is not documented whether a bound is inclusive
const END_MARGIN = HOUR_MICROS; // a point's date and its job's may come from different clocks

type Client = Pick<AwsBackupClient, 'describeRecoveryPoint' | 'listRecoveryPoints'>;

const outcomeOf = (error: unknown): 'GONE' | UpstreamError => {
  if (!(error instanceof UpstreamError)) throw error;
  return error.reason === 'notFound' ? 'GONE' : error;
};

/**
 * The days in which the backups of these copies were most likely made, up to the last job's end: a point with a later
 * date than its job's creation must not count as gone. No `to` if a job has no end; `null` if one has no creation.
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
 * Up to twenty points take a describe each. More take the pages of a list, and never more pages than points: first the
 * days before the copies were made, then all days before those. A point in neither list is gone. If the lists were not
 * read to their end, the remaining points are described.
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

    /** Whether the lists have returned everything. */
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
