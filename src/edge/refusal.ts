import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../domain/error-code.js';

type More = Readonly<Record<string, unknown>>;

/** The body of a refusal outside GraphQL. */
export const refusalBody = (code: ErrorCode, message: string, more: More = {}) => ({
  errors: [{ message, extensions: { code, ...more } }],
});

/** Refuses a whole request: over HTTP with this status and these headers, which are not part of the error. */
export const refusedRequest = (
  status: number,
  code: ErrorCode,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  more: More = {},
): GraphQLError => new GraphQLError(message, { extensions: { code, ...more, http: { status, headers } } });

/** A refusal of a request that may be sent again later. `Retry-After` is in whole seconds, at least one. */
export const comeAgain = (status: 429 | 503, message: string, retryAfterMs: number): GraphQLError => {
  const headers = { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
  return refusedRequest(status, 'RATE_LIMITED', message, headers, { retryAfterMs });
};

/** The answer to requests that arrive while the gateway stops. */
export const SHUTTING_DOWN = 'The gateway is shutting down; try again.';

export const shuttingDown = refusalBody('RATE_LIMITED', SHUTTING_DOWN, { retryAfterMs: 1000 });
