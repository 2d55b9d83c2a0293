import type { IncomingMessage, ServerResponse } from 'node:http';
import { csrfHeaders } from './csrf.js';
import { isListedOrigin } from './origin.js';

const MAX_AGE_SECONDS = 600;

const sendable = ['content-type', 'authorization', 'x-api-key', ...csrfHeaders, 'traceparent'].join(', ');

/**
 * Lets pages of the listed origins read what is answered, refusals too; all others are told nothing. Never with
 * credentials: keys and tokens travel in headers, which a page sends by itself. `true` where it was a preflight, which
 * is answered then.
 */
export const createCors =
  (origins: readonly string[]) =>
  ({ method, headers }: IncomingMessage, response: ServerResponse): boolean => {
    if (origins.length === 0) return false;
    response.setHeader('vary', 'Origin');
    const { origin } = headers;
    if (!isListedOrigin(origin, origins)) return false;
    response.setHeader('access-control-allow-origin', origin);
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) {
      response.setHeader('access-control-expose-headers', 'retry-after');
      return false;
    }
    response.writeHead(204, {
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': sendable,
      'access-control-max-age': String(MAX_AGE_SECONDS),
    });
    response.end();
    return true;
  };
