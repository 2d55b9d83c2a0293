import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '../domain/error-code.js';
import { isLoopback } from '../domain/loopback.js';
import { refusalBody } from './refusal.js';

/** The refusal of a request that is not meant for this gateway. */
interface Misdirection {
  readonly status: 400 | 421;
  readonly reason: string; // the status text
  readonly body: object;
}

const misdirection = (status: 400 | 421, reason: string, code: ErrorCode, message: string): Misdirection => ({
  status,
  reason,
  body: refusalBody(code, message),
});

/** An invalid host makes no URL, and the HTTP server below would answer with a stack. */
const nowhere = misdirection(400, 'Bad Request', 'BAD_USER_INPUT', 'The `Host` header is not a valid host.');

const elsewhere = misdirection(
  421,
  'Misdirected Request',
  'FORBIDDEN',
  'Without `auth` in its config, the gateway answers only pages of a loopback name, such as 127.0.0.1, or of the host of one of `cors.origins`.',
);

const names = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i;

export interface HostPolicy {
  /** Whether the gateway needs no credentials, so that only this machine may reach it. */
  readonly open: boolean;
  readonly origins: readonly string[];
}

/** Whether a browser sent it on behalf of a page. A browser sends no `Origin` when a page reads its own site. */
const isByPage = ({ method, headers: { origin, upgrade } }: IncomingMessage): boolean =>
  origin !== undefined || (method !== 'POST' && upgrade === undefined);

/**
 * Checks `Host`; `null` if the request may pass. A page can point its own name at this machine, and would then have the
 * same origin. So if no key is needed, pages of other names than this machine's own are refused.
 */
export const misdirectionOf = (request: IncomingMessage, { open, origins }: HostPolicy): Misdirection | null => {
  const { host } = request.headers;
  if (host === undefined) return null; // not a browser
  if (!names.test(host) || !URL.canParse(`http://${host}`)) return nowhere;
  if (!open || !isByPage(request)) return null;
  const { hostname } = new URL(`http://${host}`);
  const isOurs =
    isLoopback(hostname.replace(/^\[|\]$/g, '')) || origins.some((one) => new URL(one).hostname === hostname);
  return isOurs ? null : elsewhere;
};

/** Whether a page belongs to a listed origin, by the browser's word. */
export const isListedOrigin = (origin: string | undefined, origins: readonly string[]): origin is string =>
  origin !== undefined && origins.includes(origin);

/**
 * Whether a page may open a WebSocket: one of this host or of a listed origin. A browser lets every page open one to
 * any host, and sends the page's origin; other programs send no `Origin`.
 */
export const isWelcomeOrigin = ({ headers }: IncomingMessage, origins: readonly string[]): boolean => {
  const { origin, host } = headers;
  if (origin === undefined || isListedOrigin(origin, origins)) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: from } = new URL(origin);
  // A proxy may end TLS, so only hosts are compared, each without its scheme's default port.
  const own = `${protocol}//${host}`;
  return from !== '' && URL.canParse(own) && new URL(own).host === from;
};
