import { toReportedError } from '../domain/error-code.js';
import type { Micros } from '../domain/micros.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import type { ReportedError, UpstreamReport } from '../domain/upstream-report.js';

/** What is known of one upstream's part in an answer when its reading is over. */
export interface Outcome {
  readonly upstream: string;
  readonly observedAt: Micros | null;
  readonly unreadable: number;
  readonly error: UpstreamError | null;
  readonly stale?: UpstreamError | null; // why older records stand in for what could not be read
}

/** How an upstream took part: a failure is told before what had to be left out. */
export const reportOf = ({ upstream, observedAt, unreadable, error, stale = null }: Outcome): UpstreamReport => {
  const failure = error ?? stale;
  return {
    upstream,
    ok: error === null && stale === null,
    observedAt,
    stale: stale !== null,
    complete: error === null && unreadable === 0,
    error: failure !== null ? toReportedError(failure) : unreadable > 0 ? leftOut(upstream, unreadable) : null,
  };
};

const leftOut = (upstream: string, count: number): ReportedError => ({
  code: 'UPSTREAM_BAD_RESPONSE',
  message: `Upstream ${upstream} sent ${count} record${count === 1 ? '' : 's'} that cannot be read or addressed; left out.`,
  retryAfterMs: null,
});
