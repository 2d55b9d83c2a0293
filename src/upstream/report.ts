import { toReportedError } from '../domain/error-code.js';
import { type IncompleteReason, orderedReasons } from '../domain/incomplete-reason.js';
import type { Micros } from '../domain/micros.js';
import type { UpstreamError, UpstreamFailure } from '../domain/upstream-error.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import type { ReportedError } from '../domain/error-code.js';

/** What is known of one upstream's part in an answer when its reading is over. */
interface Outcome {
  readonly upstream: string;
  readonly observedAt: Micros | null;
  readonly unreadable: number;
  readonly error: UpstreamError | null;
  readonly stale?: UpstreamError | null; // why older records stand in for what could not be read
  readonly reasons?: Iterable<IncompleteReason>; // why else something may be missing
}

const reasonsOfFailures: Partial<Record<UpstreamFailure, IncompleteReason>> = {
  budgetExceeded: 'BUDGET',
  tooLarge: 'TOO_LARGE',
  malformed: 'UNREADABLE',
};

/** Why the records are missing that a failed call would have brought. */
export const reasonOfFailure = ({ reason }: UpstreamError): IncompleteReason =>
  reasonsOfFailures[reason] ?? 'UPSTREAM_FAILED';

/** How an upstream took part: a failure is told before what had to be left out. */
export const reportOf = ({
  upstream,
  observedAt,
  unreadable,
  error,
  stale = null,
  reasons,
}: Outcome): UpstreamReport => {
  const failure = error ?? stale;
  const report: UpstreamReport = {
    upstream,
    ok: error === null && stale === null,
    observedAt,
    stale: stale !== null,
    complete: true,
    incompleteReasons: [],
    error: failure !== null ? toReportedError(failure) : unreadable > 0 ? leftOut(upstream, unreadable) : null,
  };
  return withReasons(report, [
    ...(reasons ?? []),
    ...(error === null ? [] : [reasonOfFailure(error)]),
    ...(unreadable > 0 ? (['UNREADABLE'] as const) : []),
  ]);
};

/** The report with more reasons why something may be missing. */
export const withReasons = (report: UpstreamReport, reasons: Iterable<IncompleteReason>): UpstreamReport => {
  const incompleteReasons = orderedReasons([...report.incompleteReasons, ...reasons]);
  return { ...report, complete: incompleteReasons.length === 0, incompleteReasons };
};

/** The report of what rests on older reads too, since the upstream has failed meanwhile. */
export const staleReport = (report: UpstreamReport, failure: UpstreamError): UpstreamReport => ({
  ...report,
  ok: false,
  stale: true,
  error: report.error ?? toReportedError(failure),
});

const leftOut = (upstream: string, count: number): ReportedError => ({
  code: 'UPSTREAM_BAD_RESPONSE',
  message: `Upstream ${upstream} sent ${count} record${count === 1 ? '' : 's'} that cannot be read or addressed; left out.`,
  retryAfterMs: null,
});
