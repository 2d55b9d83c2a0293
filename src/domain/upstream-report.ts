import type { Micros } from './micros.js';
import type { IncompleteReason } from './incomplete-reason.js';
import type { ReportedError } from './error-code.js';

/** One upstream's part in an answer. */
export interface UpstreamReport {
  readonly upstream: string;
  readonly ok: boolean; // it answered every call
  readonly observedAt: Micros | null; // the oldest of the reads in this answer
  readonly stale: boolean;
  readonly complete: boolean; // nothing is missing: there is no reason below
  readonly incompleteReasons: readonly IncompleteReason[]; // each once, in the enum's order
  readonly error: ReportedError | null;
}

/** Whether two reports are the same, apart from the time of the read. */
export const isSameReport = (a: UpstreamReport | null, b: UpstreamReport): boolean =>
  a !== null &&
  a.ok === b.ok &&
  a.stale === b.stale &&
  a.incompleteReasons.join() === b.incompleteReasons.join() &&
  a.error?.code === b.error?.code;
