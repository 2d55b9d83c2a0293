import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '../domain/error-code.js';
import { isLoopback } from '../domain/loopback.js';
import { refusalBody } from './refusal.js';

/** Why a request is not for this gateway. */
interface Misdirection {
  readonly status: 400 | 421;
  readonly reason: string; // of the status
  readonly body: object;
}

const misdirection = (status: 400 | 421, reason: string, code: ErrorCode, message: string): Misdirection => ({
  status,
  reason,
  body: refusalBody(code, message),
});

/** From what is no host, no URL can be made, and what is below us tells the caller so with a stack. */
const nowhere = misdirection(400, 'Bad Request', 'BAD_USER_INPUT', 'The `Host` header names no host.');

const elsewhere = misdirection(
  421,
  'Misdirected Request',
  'FORBIDDEN',
  'Without `auth` in its config the gateway answers pages of a loopback name alone, such as 127.0.0.1, or of the host of one of `cors.origins`.',
);

const names = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i;

export interface HostPolicy {
  /** Whether whoever can reach it may ask, so that only this machine may reach it. */
  readonly open: boolean;
  readonly origins: readonly string[];
}

/** What a browser says of itself, save that it sends no `Origin` when a page reads its own site. */
const isByPage = ({ method, headers: { origin, upgrade } }: IncomingMessage): boolean =>
  origin !== undefined || (method !== 'POST' && upgrade === undefined);

/**
 * Looks at `Host`; `null` where it may be asked. A page can have its own name lead to this machine, and would then be of
 * the same origin: where nobody needs a key, a page of another name than this machine's own is refused.
 */
export const misdirectionOf = (request: IncomingMessage, { open, origins }: HostPolicy): Misdirection | null => {
  const { host } = request.headers;
  if (host === undefined) return null; // no browser
  if (!names.test(host) || !URL.canParse(`http://${host}`)) return nowhere;
  if (!open || !isByPage(request)) return null;
  const { hostname } = new URL(`http://${host}`);
  const isOurs =
    isLoopback(hostname.replace(/^\[|\]$/g, '')) || origins.some((one) => new URL(one).hostname === hostname);
  return isOurs ? null : elsewhere;
};

/** Whether a page is of a listed origin, which is where a browser says it is from. */
export const isListedOrigin = (origin: string | undefined, origins: readonly string[]): origin is string =>
  origin !== undefined && origins.includes(origin);

/**
 * Whether a page may open a WebSocket: one of this host, or of a listed origin. A browser lets every page open one to
 * anywhere, and says where the page is from; a program that is no browser sends no `Origin`.
 */
export const isWelcomeOrigin = ({ headers }: IncomingMessage, origins: readonly string[]): boolean => {
  const { origin, host } = headers;
  if (origin === undefined || isListedOrigin(origin, origins)) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: from } = new URL(origin);
  // A proxy may have taken off TLS, so only the host is compared; each without its scheme's own port.
  const own = `${protocol}//${host}`;
  return from !== '' && URL.canParse(own) && new URL(own).host === from;
};
