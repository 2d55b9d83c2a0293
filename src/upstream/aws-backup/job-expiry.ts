import type { CopyJob } from '../../domain/copy-job.js';
import type { Micros } from '../../domain/micros.js';
import type { Session } from '../product.js';
import type { Piece, Reading, Source } from '../source.js';
import { readJobExpiry } from './job-points.js';

/** The jobs whose expiry is read. */
type IsWanted = (job: CopyJob, now: Micros) => boolean;

const read = async function* (
  session: Session,
  source: Source<CopyJob>,
  isWanted: IsWanted,
  reading: Reading,
): AsyncGenerator<Piece<CopyJob>, void, void> {
  for await (const piece of source.read(reading)) {
    const wanted = piece.records.filter((job) => isWanted(job, reading.now));
    const found = await Promise.all(wanted.map((job) => readJobExpiry(session, job)));
    const reasons = found.flatMap(({ reason }) => reason ?? []);
    const stale = found.find((one) => one.stale !== null)?.stale ?? undefined;
    yield {
      ...piece,
      records: found.map(({ job }) => job),
      reasons: [...(piece.reasons ?? []), ...new Set(reasons)],
      failure: piece.failure ?? stale,
    };
  }
};

/**
 * Adds to each job when its copy expires. Reads the recovery points of the wanted jobs, piece by piece: up to 20 of a
 * vault by a describe each, more by its lists. If a job's expiry is unknown, the piece has the reason.
 */
export const withExpiry = (session: Session, source: Source<CopyJob>, isWanted: IsWanted): Source<CopyJob> => ({
  upstream: source.upstream,
  read: (reading) => read(session, source, isWanted, reading),
});
