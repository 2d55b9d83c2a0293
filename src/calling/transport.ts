import { UpstreamError } from '../domain/upstream-error.js';
import { ProxyError } from './tunnel.js';

// a day; a longer wait is as good as an outage, and GraphQL's Int ends at 25 days
const LONGEST_RETRY_AFTER_MS = 86_400_000;

/** `Retry-After`, in seconds or as a date, converted to milliseconds; `null` if it is absent or invalid. */
export const retryAfterMs = (header: string | readonly string[] | undefined): number | null => {
  const text = typeof header === 'string' ? header : header?.[0];
  if (text === undefined) return null;
  // A date begins with its weekday; `Date.parse` alone accepts almost anything.
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : at - Date.now();
  return Number.isNaN(wait) ? null : Math.min(Math.max(0, wait), LONGEST_RETRY_AFTER_MS);
};

/** The code that Node or undici gives a failure; empty if there is none. */
export const codeOf = (error: unknown): string => {
  // undici's parser gives no code to an answer that does not begin like HTTP.
  if (error instanceof Error && error.name === 'HTTPParserError') return 'HPE_INVALID';
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
};

const notHttp = /^HPE_|^UND_ERR_HEADERS_OVERFLOW$/;
const tooSlow = /^ETIMEDOUT$|^UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT$/;
const notTrusted =
  /^(?:ERR_TLS_)?CERT_|^UNABLE_TO_|SELF_SIGNED_CERT|^CRL_|^INVALID_(?:CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$|^HOSTNAME_MISMATCH$|^ERROR_IN_CERT_/;
const notTls = /^ERR_TLS_|^ERR_SSL_|^EPROTO$/;
const notBegun = /^ECONNREFUSED$|^ENOTFOUND$|^EAI_|^E(?:HOST|NET)UNREACH$|^UND_ERR_CONNECT_TIMEOUT$/; // nothing was sent
const noConnection = /^E(?:CONN[A-Z]+|PIPE|NOTFOUND|AI_[A-Z]+|HOST[A-Z]+|NET[A-Z]+)$|^UND_ERR_/;

/** The error for a failed proxy before an upstream; `null` for another failure. The message names the proxy. */
export const proxyFailure = (upstream: string, error: unknown): UpstreamError | null =>
  error instanceof ProxyError
    ? new UpstreamError(upstream, 'unavailable', error.message, { transient: error.transient, sent: false })
    : null;

/**
 * The error for a failed connection, by the code from Node or undici; `null` for other codes. A certificate that is not
 * trusted is not transient.
 */
export const connectionFailure = (upstream: string, code: string): UpstreamError | null => {
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return new UpstreamError(upstream, 'tooLarge', 'answer too large');
  if (notHttp.test(code)) return new UpstreamError(upstream, 'malformed', `not HTTP: ${code}`);
  const sent = !notBegun.test(code);
  if (tooSlow.test(code)) return new UpstreamError(upstream, 'timeout', code, { sent });
  if (notTrusted.test(code))
    return new UpstreamError(upstream, 'unavailable', code, { transient: false, untrusted: true, sent: false });
  if (notTls.test(code)) return new UpstreamError(upstream, 'unavailable', code, { transient: false });
  return noConnection.test(code) ? new UpstreamError(upstream, 'unavailable', code, { sent }) : null;
};
