import type { Micros } from './micros.js';
import type { ErrorCode } from './error-code.js';

/** How one upstream took part in an answer. */
export interface UpstreamReport {
  readonly upstream: string;
  readonly ok: boolean; // it answered every call
  readonly observedAt: Micros | null; // the oldest of the reads that the answer rests on
  readonly stale: boolean;
  readonly complete: boolean; // nothing that was asked for is missing
  readonly error: ReportedError | null;
}

export interface ReportedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryAfterMs: number | null;
}
