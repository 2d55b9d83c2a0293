import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../domain/error-code.js';

type More = Readonly<Record<string, unknown>>;

/** What is answered where GraphQL has no part in it. */
export const refusalBody = (code: ErrorCode, message: string, more: More = {}) => ({
  errors: [{ message, extensions: { code, ...more } }],
});

/** A request that is refused as a whole: over HTTP with this status and these headers, which are not shown. */
export const refusedRequest = (
  status: number,
  code: ErrorCode,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  more: More = {},
): GraphQLError => new GraphQLError(message, { extensions: { code, ...more, http: { status, headers } } });

/** One that may be sent again later: `Retry-After` has whole seconds, one at least. */
export const comeAgain = (status: 429 | 503, message: string, retryAfterMs: number): GraphQLError => {
  const headers = { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
  return refusedRequest(status, 'RATE_LIMITED', message, headers, { retryAfterMs });
};

/** What is said to whoever comes while the gateway ends. */
export const SHUTTING_DOWN = 'The gateway is shutting down; ask again.';

export const shuttingDown = refusalBody('RATE_LIMITED', SHUTTING_DOWN, { retryAfterMs: 1000 });
