import type { UpstreamError, UpstreamFailure } from './upstream-error.js';

export const errorCodes = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'QUERY_TOO_COMPLEX',
  'RATE_LIMITED',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_RATE_LIMITED',
  'UPSTREAM_CIRCUIT_OPEN',
  'UPSTREAM_AUTH',
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_BUDGET_EXCEEDED',
  'INTERNAL',
] as const;

/** The closed set of `errors[].extensions.code`, except the two that GraphQL itself defines. */
export type ErrorCode = (typeof errorCodes)[number];

/** The code and words for each failed upstream call. The vendor's words stay in our logs. */
const told: Readonly<Record<UpstreamFailure, readonly [ErrorCode, string]>> = {
  timeout: ['UPSTREAM_TIMEOUT', 'did not answer in time'],
  unavailable: ['UPSTREAM_UNAVAILABLE', 'could not be reached or failed'],
  throttled: ['UPSTREAM_RATE_LIMITED', 'asks us to slow down'],
  notFound: ['UPSTREAM_BAD_RESPONSE', 'does not know what was asked for'],
  rejected: ['UPSTREAM_BAD_RESPONSE', 'refused the request'],
  unauthorized: ['UPSTREAM_AUTH', 'refused our credentials'],
  malformed: ['UPSTREAM_BAD_RESPONSE', 'sent an answer that cannot be read'],
  tooLarge: ['UPSTREAM_BAD_RESPONSE', 'sent an answer that is too large'],
  circuitOpen: ['UPSTREAM_CIRCUIT_OPEN', 'failed too often, so the gateway makes no calls to it for a moment'],
  budgetExceeded: ['UPSTREAM_BUDGET_EXCEEDED', 'would need more calls than one operation may make; ask for less'],
  canceled: ['UPSTREAM_TIMEOUT', 'had not answered when the operation ran out of time'],
};

const untrustedWords = 'could not be reached: its certificate is not trusted';

export const toReportedError = ({ upstream, reason, untrusted, retryAfterMs }: UpstreamError): ReportedError => {
  const [code, given] = told[reason];
  const words = untrusted ? untrustedWords : given;
  return { code, message: `Upstream ${upstream} ${words}.`, retryAfterMs };
};

export interface ReportedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryAfterMs: number | null;
}
