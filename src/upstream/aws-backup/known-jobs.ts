import type { CopyJob } from '../../domain/copy-job.js';
import type { Micros } from '../../domain/micros.js';
import type { UpstreamError } from '../../domain/upstream-error.js';
import type { Snapshot } from '../../index/ordered.js';
import { type Span, isWithin } from '../../index/span.js';
import type { Piece } from '../source.js';

/** What the index has of a span, as it was when that was planned: it may let go of it meanwhile. */
export interface KnownJobs extends Span {
  readonly kind: 'known';
  readonly observedAt: Micros;
  readonly jobs: Snapshot<CopyJob>;
  readonly passes: (job: CopyJob) => boolean; // the others are not of this list
}

interface Showing {
  readonly backward: boolean;
  readonly failure?: UpstreamError | undefined; // these stand in for what could not be read
}

const AT_ONCE = 250; // jobs in one piece

/** The jobs of a span in the order that they are wanted in, so that who has enough need not look at the rest. */
export const piecesOf = function* (
  known: KnownJobs,
  { backward, failure }: Showing,
): Generator<Piece<CopyJob>, void, void> {
  const { from, to, observedAt, jobs, passes } = known;
  const common = { observedAt, unreadable: 0, ...(failure === undefined ? {} : { failure }) };
  const reached = (at: number | null): number | null => (failure === undefined ? at : null);
  for (const hour of backward ? jobs.hours.toReversed() : jobs.hours) {
    const within = hour.filter((job) => isWithin(known, job.startedAt) && passes(job));
    const records = backward ? within.reverse() : within;
    for (let at = 0; at < records.length; at += AT_ONCE) {
      const some = records.slice(at, at + AT_ONCE);
      // Of those that began at the same time as the next one, more may come.
      const next = records[at + AT_ONCE]?.startedAt ?? null;
      const last = some.at(-1)?.startedAt ?? null;
      const bound = next ?? last;
      const isShort = (next === null) === backward;
      yield { ...common, records: some, reached: reached(bound === null ? null : bound + (isShort ? 1 : 0)) };
    }
  }
  yield { ...common, records: [], reached: reached(backward ? to : from) };
};
