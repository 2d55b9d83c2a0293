import { type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { cleanMessage } from '../../domain/message.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions } from '../call.js';
import { parseJson } from '../json.js';
import type { Policy } from '../policy.js';

/** How we log in: a key, or a name and password that are changed for a bearer token. */
export type CohesityAuth =
  { readonly apiKey: string } | { readonly username: string; readonly password: string; readonly domain: string };

export interface CohesityHttpOptions {
  readonly upstream: string;
  readonly url: string;
  readonly auth: CohesityAuth;
  readonly accessClusterId?: string | undefined; // through Helios: which cluster is meant
  readonly dispatcher: Dispatcher;
  readonly policy: Policy;
}

/** Values of a query; lists are comma separated, as the vendor's SDKs send them; absent ones are not sent. */
export type Query = Readonly<
  Record<string, string | number | bigint | boolean | readonly (string | bigint)[] | undefined>
>;

/** JSON over HTTP to one cluster: authentication, time-outs and failures; no knowledge of any operation. */
export interface CohesityHttp {
  get(path: string, query: Query, options: CallOptions): Promise<unknown>;
}

const WireToken = z.object({ accessToken: z.string().min(1), tokenType: z.string().nullish() });
const WireError = z.object({ errorCode: z.union([z.string(), z.number()]).nullish(), message: z.string().nullish() });

/** Inner services that were busy; anything else in a 500 (`KInternalError` for a missing group) stays as it is. */
const busy = /time(?:d )?-?out|magneto|busy|try again|temporar|unavailable|deadline/i;

const toSearch = (query: Query): string => {
  const search = Object.entries(query)
    .filter((entry): entry is [string, NonNullable<Query[string]>] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(Array.isArray(value) ? value.join(',') : String(value))}`);
  return search.length === 0 ? '' : `?${search.join('&').replaceAll('%2C', ',')}`;
};

const retryAfterMs = (header: string | string[] | undefined): number | null => {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return null;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
};

/**
 * Logs in when first needed, once however many calls wait for it. A token lasts 24 hours and nothing says when it
 * ends: a call that is refused for its token gets a new one and is made once more.
 * Source: cohesity.md, "Auth" and "Errors and limits".
 */
export const createCohesityHttp = (options: CohesityHttpOptions): CohesityHttp => {
  const { upstream, auth, accessClusterId, dispatcher, policy } = options;
  const base = options.url.replace(/\/+$/, '');
  let login: Promise<string> | null = null;

  const send = async (
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | null,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const { statusCode, text, retryAfter } = await exchange(method, `${base}${path}`, headers, body, signal);
    if (statusCode >= 200 && statusCode < 300) return parseBody(text);
    throw failure(statusCode, text, retryAfter);
  };

  const exchange = async (
    method: 'GET' | 'POST',
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string | null,
    signal: AbortSignal,
  ) => {
    try {
      const response = await request(url, { method, headers, body, signal, dispatcher });
      return {
        statusCode: response.statusCode,
        text: await response.body.text(),
        retryAfter: retryAfterMs(response.headers['retry-after']),
      };
    } catch (error) {
      throw transportFailure(error);
    }
  };

  const transportFailure = (error: unknown): Error => {
    if (!(error instanceof Error)) return new UpstreamError(upstream, 'unavailable', String(error));
    const code = 'code' in error ? String(error.code) : '';
    if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return new UpstreamError(upstream, 'tooLarge', 'answer too large');
    if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') {
      return new UpstreamError(upstream, 'malformed', `not HTTP: ${code}`);
    }
    if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
      return new UpstreamError(upstream, 'timeout', code);
    }
    return new UpstreamError(upstream, 'unavailable', code || error.name);
  };

  const parseBody = (text: string): unknown => {
    if (text === '') return null;
    try {
      return parseJson(text);
    } catch {
      throw new UpstreamError(upstream, 'malformed', 'the answer is not JSON');
    }
  };

  const failure = (status: number, text: string, retryAfter: number | null): UpstreamError => {
    const body = readError(text);
    const errorCode = body?.errorCode === null || body?.errorCode === undefined ? null : String(body.errorCode);
    const message = `HTTP ${status}: ${cleanMessage(body?.message) ?? errorCode ?? 'no message'}`;
    const details = { retryAfterMs: retryAfter, errorCode };
    if (status === 429) return new UpstreamError(upstream, 'throttled', message, details);
    if (status === 401 || /token[^.]{0,20}expired|expired[^.]{0,20}token/i.test(message)) {
      return new TokenRefusedError(upstream, 'unauthorized', message, details);
    }
    if (status === 403) return new UpstreamError(upstream, 'unauthorized', message, details);
    if (status === 404) return new UpstreamError(upstream, 'notFound', message, details);
    if (status >= 500) {
      const transient = status !== 500 || body === null || busy.test(message);
      return new UpstreamError(upstream, 'unavailable', message, { ...details, transient });
    }
    // A redirect is not followed: it would carry the token to another place.
    if (status < 400) return new UpstreamError(upstream, 'malformed', `HTTP ${status}: not an answer`);
    return new UpstreamError(upstream, 'rejected', message, details);
  };

  const authenticate = async (credentials: Exclude<CohesityAuth, { apiKey: string }>): Promise<string> => {
    const answer = await policy
      .read({}, (signal) =>
        send(
          'POST',
          '/irisservices/api/v1/public/accessTokens',
          { 'content-type': 'application/json', accept: 'application/json' },
          JSON.stringify({
            username: credentials.username,
            password: credentials.password,
            domain: credentials.domain,
          }),
          signal,
        ),
      )
      .catch((error: unknown) => {
        // A bad password answers 400 as well as 401.
        throw error instanceof UpstreamError && error.reason === 'rejected'
          ? new UpstreamError(upstream, 'unauthorized', error.message)
          : error;
      });
    const token = WireToken.safeParse(answer);
    if (!token.success) throw new UpstreamError(upstream, 'malformed', 'the login answered without a token');
    return `${token.data.tokenType ?? 'Bearer'} ${token.data.accessToken}`;
  };

  /** One login at a time, shared by all who wait; a failed one is forgotten, so that the next call tries again. */
  const bearer = (credentials: Exclude<CohesityAuth, { apiKey: string }>): Promise<string> => {
    if (login === null) {
      const attempt = authenticate(credentials);
      login = attempt;
      attempt.catch(() => {
        if (login === attempt) login = null;
      });
    }
    return login;
  };

  const common: Record<string, string> = { accept: 'application/json' };
  if (accessClusterId !== undefined) common['accessClusterId'] = accessClusterId;

  return {
    get: async (path, query, callOptions) => {
      const target = path + toSearch(query);
      const call = (header: Record<string, string>) =>
        policy.read(callOptions, (signal) => send('GET', target, { ...common, ...header }, null, signal));
      if ('apiKey' in auth) return call({ apiKey: auth.apiKey });
      const used = bearer(auth);
      const authorization = await used;
      try {
        return await call({ authorization });
      } catch (error) {
        if (!(error instanceof TokenRefusedError)) throw error;
        if (login === used) login = null; // not if another call has logged in anew since
        return call({ authorization: await bearer(auth) });
      }
    },
  };
};

/** The token was refused: a new one may help. */
class TokenRefusedError extends UpstreamError {}

const readError = (text: string): z.infer<typeof WireError> | null => {
  try {
    return WireError.safeParse(parseJson(text)).data ?? null;
  } catch {
    return null; // 429 and proxies answer plain text or HTML
  }
};
