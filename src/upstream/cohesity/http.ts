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
  /** What the config says now of `auth`; a secret in a file may be another. */
  readonly authAgain?: (() => CohesityAuth | null) | undefined;
  readonly accessClusterId?: string | undefined; // through Helios: which cluster is meant
  readonly dispatcher: Dispatcher;
  readonly policy: Policy;
  readonly now: () => Micros;
}

/** Values of a query; lists are comma separated, as the vendor's SDKs send them; absent ones are not sent. */
export type Query = Readonly<
  Record<string, string | number | bigint | boolean | readonly (string | bigint)[] | undefined>
>;

/** JSON over HTTP to one cluster: authentication, time-outs and failures; no knowledge of any operation. */
export interface CohesityHttp {
  get<T>(path: string, query: Query, options: CallOptions, decode: Decode<T>): Promise<T>;
  /**
   * Sends once; resolves with the parsed answer, `null` for none. Only a call that is refused at the door for its token
   * is made again with a new one, as the vendor says. An `UpstreamError` tells by `sent` whether it may have arrived.
   */
  post(path: string, body: unknown, options: CallOptions): Promise<unknown>;
  /** The same by another method. */
  put(path: string, body: unknown, options: CallOptions): Promise<unknown>;
}

/** Makes of a body, piece by piece as it comes, what the caller wants; a `SyntaxError` means that it is malformed. */
type Decode<T> = (body: AsyncIterable<string>) => Promise<T>;

/** A body that is one small piece of JSON; `null` for none. */
export const decodeJson: Decode<unknown> = async (body) => {
  const text = await textOf(body);
  if (text === null) throw new OversizeError('an answer that is too large to be parsed at once');
  return text.trim() === '' ? null : parseJson(text);
};

/** A body as text; `null` for one that is too large to be parsed at once, which is not read to its end. */
const textOf = async (body: AsyncIterable<string>): Promise<string | null> => {
  let text = '';
  for await (const piece of body) {
    text += piece;
    if (text.length > MOST_TEXT) return null;
  }
  return text;
};

/** Bytes as text, however they are cut. `setEncoding` of this body decodes nothing: its pieces stay bytes. */
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

/** Inner services that were busy; anything else in a 500 (`KInternalError` for a missing group) stays as it is. */
const busy = /time(?:d )?-?out|magneto|busy|try again|temporar|unavailable|deadline/i;

const toSearch = (query: Query): string => {
  const search = Object.entries(query)
    .filter((entry): entry is [string, NonNullable<Query[string]>] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(Array.isArray(value) ? value.join(',') : String(value))}`);
  return search.length === 0 ? '' : `?${search.join('&').replaceAll('%2C', ',')}`;
};

/** The path of a call as its documentation has it: without a query, and without what looks like an id. */
const withoutIds = (path: string): string =>
  (path.split('?')[0] ?? '')
    .split('/')
    .map((part) => (/^(?:v\d|[A-Za-z-]*)$/.test(part) ? part : '{id}'))
    .join('/');

/**
 * A call that is refused for its token gets a new one and is made once more.
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
      // What is nested beyond the stack is as good as no JSON.
      if (error instanceof SyntaxError || error instanceof RangeError) {
        throw new UpstreamError(upstream, 'malformed', 'the answer is not JSON');
      }
      const atProxy = proxyFailure(upstream, error);
      if (atProxy !== null) throw atProxy;
      const code = codeOf(error);
      if (code === '') throw error; // no connection fails without one: a bug of ours
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
    // A page that is not the API's own does not say that a record is missing: the URL leads elsewhere.
    if (status === 404) return new UpstreamError(upstream, body === null ? 'malformed' : 'notFound', message, details);
    if (status >= 500) {
      const transient = status !== 500 || body === null || busy.test(message);
      return new UpstreamError(upstream, 'unavailable', message, { ...details, transient });
    }
    // A redirect is not followed: it would carry the token to another place.
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

  /** Says who we are, and once more where that turns out to be refused and there are other credentials. */
  const authorized = async <T>(
    call: CallOptions,
    isOurToken: (refusal: UpstreamError) => boolean,
    make: (headers: Readonly<Record<string, string>>) => Promise<T>,
  ): Promise<T> => {
    // A login is everyone's, so a caller who goes away only stops waiting for it.
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
    // A 500 may speak of the token of something behind the cluster, long after the request was let in.
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
