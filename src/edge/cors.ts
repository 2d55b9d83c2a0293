import type { IncomingMessage, ServerResponse } from 'node:http';
import { isListedOrigin } from './origin.js';

const MAX_AGE_SECONDS = 600;

/** The longest accepted list of header names; clients send a few hundred bytes. */
const LONGEST_ASKED = 2048;

/** A header name, as HTTP defines it. */
const token = /^[!#$%&'*+.^_`|~\w-]+$/;

/**
 * The header names that a page of a listed origin asks for, so that a client may send its name or tracing headers.
 * `null` if it is not a list of names, or too long. The gateway reads no cookies, so a page's own headers can do no
 * more than those of any other program.
 */
const askedHeaders = (asked: string): string | null => {
  if (asked.length > LONGEST_ASKED) return null;
  const names = asked.split(',').map((name) => name.trim().toLowerCase());
  const given = names.filter((name) => name !== '');
  return given.every((name) => token.test(name)) ? given.join(', ') : null;
};

/**
 * Lets pages of the listed origins read answers, including refusals; browsers refuse all others (CORS). Credentials
 * mode is never allowed: keys and tokens are in headers that a page sets itself. Returns `true` for a preflight, which
 * it answers.
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
      response.setHeader('access-control-expose-headers', 'retry-after, x-request-id');
      return false;
    }
    const allowed = askedHeaders(headers['access-control-request-headers'] ?? '');
    response.writeHead(204, {
      vary: 'Origin, Access-Control-Request-Headers',
      'access-control-allow-methods': 'GET, POST',
      ...(allowed !== null && allowed !== '' && { 'access-control-allow-headers': allowed }),
      'access-control-max-age': String(MAX_AGE_SECONDS),
    });
    response.end();
    return true;
  };
