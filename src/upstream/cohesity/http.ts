import { stringify } from 'lossless-json';
import { type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { cleanMessage } from '../../domain/message.js';
import type { Micros } from '../../domain/micros.js';
import { UpstreamError, beforeSending } from '../../domain/upstream-error.js';
import { traceHeaders } from '../../calling/attempt.js';
import { type CallOptions, canceled } from '../../calling/call.js';
import { unlessAborted } from '../../calling/deadline.js';
import { MOST_TEXT, OversizeError, parseJson } from '../../calling/json.js';
import type { Policy } from '../../calling/policy.js';
import { codeOf, connectionFailure, proxyFailure, retryAfterMs } from '../../calling/transport.js';
import { type Credential, createCredential } from './credential.js';
import type { CohesityAuth } from './login.js';

interface CohesityHttpOptions {
  readonly upstream: string;
  readonly url: string;
  readonly auth: CohesityAuth;
  /** The present `auth` in the config; a secret's file may have changed. */
  readonly authAgain?: (() => CohesityAuth | null) | undefined;
  readonly accessClusterId?: string | undefined; // through Helios: the id of the cluster
  readonly dispatcher: Dispatcher;
  readonly policy: Policy;
  readonly now: () => Micros;
}

/** The values of a query: lists are joined with commas, as in the vendor's SDKs; absent ones are not sent. */
export type Query = Readonly<
  Record<string, string | number | bigint | boolean | readonly (string | bigint)[] | undefined>
>;

/** JSON over HTTP to one cluster: authentication, timeouts and failures, without knowledge of any operation. */
export interface CohesityHttp {
  get<T>(path: string, query: Query, options: CallOptions, decode: Decode<T>): Promise<T>;
  /**
   * Sends once; resolves with the parsed answer, `null` for none. Only a call refused for its token, before it ran, is
   * made again with a new token, as the vendor documents. An `UpstreamError`'s `sent` says whether it may have arrived.
   */
  post(path: string, body: unknown, options: CallOptions): Promise<unknown>;
  /** As `post`, by PUT. */
  put(path: string, body: unknown, options: CallOptions): Promise<unknown>;
}

/** Decodes a body as it arrives; a `SyntaxError` means that it is malformed. */
type Decode<T> = (body: AsyncIterable<string>) => Promise<T>;

/** Decodes a body of one small piece of JSON; `null` for none. */
export const decodeJson: Decode<unknown> = async (body) => {
  const text = await textOf(body);
  if (text === null) throw new OversizeError('an answer that is too large to be parsed at once');
  return text.trim() === '' ? null : parseJson(text);
};

/** A body as text; `null` if it is too large to be parsed at once; then it is not read to its end. */
const textOf = async (body: AsyncIterable<string>): Promise<string | null> => {
  let text = '';
  for await (const piece of body) {
    text += piece;
    if (text.length > MOST_TEXT) return null;
  }
  return text;
};

/** Bytes as text, wherever they are split. `setEncoding` has no effect on this body: its chunks stay bytes. */
const textIn = async function* (body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  for await (const piece of body) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
};

interface Message {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const WireError = z.object({ errorCode: z.union([z.string(), z.number()]).nullish(), message: z.string().nullish() });

/** Errors of inner services that are busy; other 500s (`KInternalError` for a missing group) are not transient. */
const busy = /time(?:d )?-?out|magneto|busy|try again|temporar|unavailable|deadline/i;

const toSearch = (query: Query): string => {
  const search = Object.entries(query)
    .filter((entry): entry is [string, NonNullable<Query[string]>] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(Array.isArray(value) ? value.join(',') : String(value))}`);
  return search.length === 0 ? '' : `?${search.join('&').replaceAll('%2C', ',')}`;
};

/** The documented path of a call: without its query, and without parts that resemble ids. */
const withoutIds = (path: string): string =>
  (path.split('?')[0] ?? '')
    .split('/')
    .map((part) => (/^(?:v\d|[A-Za-z-]*)$/.test(part) ? part : '{id}'))
    .join('/');

/**
 * Sends calls to one cluster. A call refused for its token is made once more with a new one.
 * Source: cohesity.md, "Auth" and "Errors and limits".
 */
export const createCohesityHttp = (options: CohesityHttpOptions): CohesityHttp => {
  const { upstream, auth, accessClusterId, dispatcher, policy, now } = options;
  const base = options.url.replace(/\/+$/, '');

  const send = async <T>(
    { method, path, headers, body }: Message,
    decode: Decode<T>,
    signal: AbortSignal,
  ): Promise<T> => {
    try {
      const all = { ...headers, ...traceHeaders(`${method} ${withoutIds(path)}`) };
      const response = await request(`${base}${path}`, {
        method,
        headers: all,
        body: body ?? null,
        signal,
        dispatcher,
      });
      const { statusCode } = response;
      const content = textIn(response.body);
      if (statusCode < 200 || statusCode >= 300) {
        throw failure(statusCode, (await textOf(content)) ?? '', retryAfterMs(response.headers['retry-after']));
      }
      return await decode(content);
    } catch (error) {
      if (error instanceof UpstreamError) throw error;
      // Nesting beyond the stack counts as invalid JSON.
      if (error instanceof SyntaxError || error instanceof RangeError) {
        throw new UpstreamError(upstream, 'malformed', 'the answer is not JSON');
      }
      const atProxy = proxyFailure(upstream, error);
      if (atProxy !== null) throw atProxy;
      const code = codeOf(error);
      if (code === '') throw error; // every connection failure has one, so this is a bug of ours
      throw connectionFailure(upstream, code) ?? new UpstreamError(upstream, 'unavailable', code);
    }
  };

  const failure = (status: number, text: string, retryAfter: number | null): UpstreamError => {
    const body = readError(text);
    const errorCode = body?.errorCode === null || body?.errorCode === undefined ? null : String(body.errorCode);
    const message = `HTTP ${status}: ${cleanMessage(body?.message) ?? errorCode ?? 'no message'}`;
    const details = { retryAfterMs: retryAfter, errorCode, status };
    if (status === 429) return new UpstreamError(upstream, 'throttled', message, details);
    if (status === 401 || /token[^.]{0,20}expired|expired[^.]{0,20}token/i.test(message)) {
      return new TokenRefusedError(upstream, 'unauthorized', message, details);
    }
    if (status === 403) return new UpstreamError(upstream, 'unauthorized', message, details);
    // If a 404 is not from the API itself, the URL is wrong: it does not mean that a record is missing.
    if (status === 404) return new UpstreamError(upstream, body === null ? 'malformed' : 'notFound', message, details);
    if (status >= 500) {
      const transient = status !== 500 || body === null || busy.test(message);
      return new UpstreamError(upstream, 'unavailable', message, { ...details, transient });
    }
    // A redirect is not followed: it would send the token to another host.
    if (status < 400) return new UpstreamError(upstream, 'malformed', `HTTP ${status}: not an answer`, { status });
    return new UpstreamError(upstream, 'rejected', message, details);
  };

  const common: Record<string, string> = { accept: 'application/json' };
  const credential = createCredential({
    upstream,
    auth,
    readAgain: options.authAgain ?? (() => null),
    policy,
    now,
    send: (body, signal) => {
      const headers = { ...common, 'content-type': 'application/json' };
      const message = { method: 'POST', path: '/irisservices/api/v1/public/accessTokens', headers, body } as const;
      return send(message, decodeJson, signal);
    },
  });
  const identity: Record<string, string> = accessClusterId === undefined ? {} : { accessClusterId };

  /** Adds the credentials. If they are refused and there are other ones, makes the call once more. */
  const authorized = async <T>(
    call: CallOptions,
    isOurToken: (refusal: UpstreamError) => boolean,
    make: (headers: Readonly<Record<string, string>>) => Promise<T>,
  ): Promise<T> => {
    // All callers share a login, so a caller that leaves only stops waiting for it.
    const headersOf = (shared: ReturnType<Credential['headers']>) =>
      unlessAborted(call.signal, shared, () => canceled(upstream)).catch((error: unknown) => {
        throw error instanceof UpstreamError ? beforeSending(error) : error;
      });
    const used = credential.headers();
    const headers = await headersOf(used);
    try {
      return await make(headers);
    } catch (error) {
      if (!(error instanceof TokenRefusedError) || !isOurToken(error) || !credential.renew(used)) throw error;
      return make(await headersOf(credential.headers()));
    }
  };

  const write = (method: 'POST' | 'PUT', path: string, body: unknown, call: CallOptions): Promise<unknown> => {
    const content = body === undefined ? {} : { body: stringify(body) ?? '' };
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    // A 500 may be about the token of an inner service, long after the request was accepted.
    const atTheDoor = ({ status }: UpstreamError): boolean => status !== null && status < 500;
    return authorized(call, atTheDoor, (headers) =>
      policy.write(call, (signal) => {
        const all = { ...common, ...identity, ...type, ...headers };
        return send({ method, path, headers: all, ...content }, decodeJson, signal);
      }),
    );
  };

  return {
    get: (path, query, call, decode) => {
      const target = path + toSearch(query);
      return authorized(
        call,
        () => true,
        (headers) =>
          policy.read(call, (signal) =>
            send({ method: 'GET', path: target, headers: { ...common, ...identity, ...headers } }, decode, signal),
          ),
      );
    },
    post: (path, body, call) => write('POST', path, body, call),
    put: (path, body, call) => write('PUT', path, body, call),
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
