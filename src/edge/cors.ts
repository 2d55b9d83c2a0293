import type { IncomingMessage, ServerResponse } from 'node:http';
import { isListedOrigin } from './origin.js';

const MAX_AGE_SECONDS = 600;

/** Of names of headers that a page asks for; what clients send is a few hundred bytes. */
const LONGEST_ASKED = 2048;

/** A name as HTTP has it. */
const token = /^[!#$%&'*+.^_`|~\w-]+$/;

/**
 * The names of headers that a page of a listed origin asks for, so that a client may say its name or be traced; `null` for
 * what is no list of names, or too long. The gateway reads no cookie, so no header that a page sets by itself is more than
 * what any other program may send.
 */
const askedHeaders = (asked: string): string | null => {
  if (asked.length > LONGEST_ASKED) return null;
  const names = asked.split(',').map((name) => name.trim().toLowerCase());
  const given = names.filter((name) => name !== '');
  return given.every((name) => token.test(name)) ? given.join(', ') : null;
};

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
