import type { CopyJob } from '../../domain/copy-job.js';
import type { Micros } from '../../domain/micros.js';
import type { UpstreamError } from '../../domain/upstream-error.js';
import type { Snapshot } from '../../index/ordered.js';
import { type Span, isWithin } from '../../index/span.js';
import type { Piece } from '../source.js';

/** The index's jobs of a span, taken when the read was planned: it may evict them in the meantime. */
export interface KnownJobs extends Span {
  readonly kind: 'known';
  readonly observedAt: Micros;
  readonly jobs: Snapshot<CopyJob>;
  readonly passes: (job: CopyJob) => boolean; // others do not belong to this list
}

interface Showing {
  readonly backward: boolean;
  readonly failure?: UpstreamError | undefined; // why these older jobs are used
}

const AT_ONCE = 250; // jobs in one piece

/** The jobs of a span in the wanted order, in pieces, so that a reader can stop early. */
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
      // More jobs may have begun at the same time as the next one.
      const next = records[at + AT_ONCE]?.startedAt ?? null;
      const last = some.at(-1)?.startedAt ?? null;
      const bound = next ?? last;
      const isShort = (next === null) === backward;
      yield { records: some, reached: reached(bound === null ? null : bound + (isShort ? 1 : 0)), ...common };
    }
  }
  yield { records: [], reached: reached(backward ? to : from), ...common };
};
