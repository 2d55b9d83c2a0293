import { toReportedError } from '../domain/error-code.js';
import { type IncompleteReason, orderedReasons } from '../domain/incomplete-reason.js';
import type { Micros } from '../domain/micros.js';
import type { UpstreamError, UpstreamFailure } from '../domain/upstream-error.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import type { ReportedError } from '../domain/error-code.js';

/** The facts about one upstream's part in an answer, after reading. */
interface Outcome {
  readonly upstream: string;
  readonly observedAt: Micros | null;
  readonly unreadable: number;
  readonly error: UpstreamError | null;
  readonly stale?: UpstreamError | null; // why older records are used
  readonly reasons?: Iterable<IncompleteReason>; // other reasons why records may be missing
}

const reasonsOfFailures: Partial<Record<UpstreamFailure, IncompleteReason>> = {
  budgetExceeded: 'BUDGET',
  tooLarge: 'TOO_LARGE',
  malformed: 'UNREADABLE',
};

/** The reason for the missing records of a failed call. */
export const reasonOfFailure = ({ reason }: UpstreamError): IncompleteReason =>
  reasonsOfFailures[reason] ?? 'UPSTREAM_FAILED';

/** The report of an upstream's part; a failure comes before records that were left out. */
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

/** Adds reasons why records may be missing to a report. */
export const withReasons = (report: UpstreamReport, reasons: readonly IncompleteReason[]): UpstreamReport => {
  if (reasons.length === 0) return report;
  const incompleteReasons = orderedReasons([...report.incompleteReasons, ...reasons]);
  return { ...report, complete: incompleteReasons.length === 0, incompleteReasons };
};

/** Marks a report as using older reads, because the upstream has failed since. */
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
