import type { CopyJob } from '../../domain/copy-job.js';
import type { Micros } from '../../domain/micros.js';
import type { Session } from '../product.js';
import type { Source } from '../source.js';
import { readJobExpiry } from './job-points.js';

/**
 * Adds to each job when its copy expires. Reads the recovery points of the wanted jobs, piece by piece: up to 20 of a
 * vault by a describe each, more by its lists. If a job's expiry is unknown, the piece has the reason.
 */
export const withExpiry = (
  session: Session,
  source: Source<CopyJob>,
  isWanted: (job: CopyJob, now: Micros) => boolean,
): Source<CopyJob> => ({
  upstream: source.upstream,
  read: async function* (reading) {
    for await (const piece of source.read(reading)) {
      const wanted = piece.records.filter((job) => isWanted(job, reading.now));
      const read = await Promise.all(wanted.map((job) => readJobExpiry(session, job)));
      const reasons = read.flatMap(({ reason }) => reason ?? []);
      const stale = read.find((one) => one.stale !== null)?.stale ?? undefined;
      yield {
        ...piece,
        records: read.map(({ job }) => job),
        reasons: [...(piece.reasons ?? []), ...new Set(reasons)],
        failure: piece.failure ?? stale,
      };
    }
  },
});
