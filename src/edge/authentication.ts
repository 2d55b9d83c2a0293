import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { Arrived } from './arrival.js';
import { type Principal, type Scope, scopes as allScopes } from '../domain/principal.js';
import { refusalBody } from './refusal.js';
import { refusalText } from './request-id.js';

/** A key in the config, which has only its hash. */
interface ApiKey {
  readonly name: string;
  readonly sha256: string; // 64 hexadecimal digits
  readonly scopes: readonly Scope[];
  readonly upstreams?: readonly string[] | undefined;
}

/** The headers with credentials: a request's, or a replacement if there are none. */
export interface Carrier {
  get(name: string): string | null;
}

/** Identifies the caller; `null` if that fails. A promise, because checking a token may fetch a key. */
export type Authenticate = (headers: Carrier) => Promise<Principal | null>;

/** The caller that a token names; `null` for an invalid token. Throws `TokensUncheckable`. */
export type CheckToken = (token: string) => Promise<Principal | null>;

/** The token could not be checked, because the key server cannot be reached. Not the caller's fault. */
export class TokensUncheckable extends Error {
  override readonly name = 'TokensUncheckable';
}

/** The caller of a gateway without authentication, which is allowed only on a loopback host. */
const anonymous: Principal = { name: 'anonymous', scopes: new Set(allScopes), upstreams: null, expiresAt: null };

interface Credential {
  readonly text: string;
  readonly isBearer: boolean; // from the `authorization` header, which carries tokens
}

/** The credential of a request; `null` for none, an empty one, or two that differ. */
const credentialIn = (headers: Carrier): Credential | null => {
  const authorization = headers.get('authorization');
  const bearer = authorization === null ? null : (/^bearer +(.+)$/i.exec(authorization)?.[1] ?? '');
  const [text, other = text] = [bearer, headers.get('x-api-key')].filter((one) => one !== null);
  return text === undefined || text === '' || text !== other ? null : { text, isBearer: bearer !== null };
};

const repeated = refusalBody(
  'BAD_USER_INPUT',
  'Send `Authorization` and `x-api-key` at most once each: one of them is repeated.',
);

/**
 * The refusal of a request that repeats a credential header, equal or not; `null` for any other. Node keeps only the
 * first `Authorization`, and a proxy may have checked another.
 */
export const repeatedCredentials = ({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): object | null => {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const isRepeated = (name: string): boolean => names.indexOf(name) !== names.lastIndexOf(name);
  return ['authorization', 'x-api-key'].some(isRepeated) ? repeated : null;
};

/** A header's text has one character for each byte. */
const digestOf = (key: string): Buffer => createHash('sha256').update(key, 'latin1').digest();

/** A token has three parts with dots between them, or five if encrypted. An API key may have the same shape. */
const isTokenShaped = (text: string): boolean => /^[\w-]+\.[\w-]*(?:\.[\w-]*){1,3}$/.test(text);

interface AuthenticateOptions {
  readonly apiKeys: readonly ApiKey[];
  readonly checkToken: CheckToken | null;
}

/**
 * Identifies callers by API keys and tokens. With `null`, the gateway has no authentication, and every caller is
 * `anonymous`.
 */
export const createAuthenticate = (options: AuthenticateOptions | null): Authenticate => {
  if (options === null) return () => Promise.resolve(anonymous);
  const { apiKeys, checkToken } = options;
  const known = apiKeys.map(({ name, sha256, scopes, upstreams }) => ({
    digest: Buffer.from(sha256, 'hex'),
    principal: {
      name,
      apiKey: name,
      scopes: new Set(scopes),
      upstreams: upstreams === undefined ? null : new Set(upstreams),
      expiresAt: null,
    },
  }));
  return async (headers) => {
    const credential = credentialIn(headers);
    if (credential === null) return null;
    const given = digestOf(credential.text);
    // All are compared, so that timing does not reveal which one matched.
    const [found] = known.filter(({ digest }) => timingSafeEqual(digest, given));
    if (found !== undefined) return found.principal;
    if (checkToken === null || !credential.isBearer) return null;
    // If there are no keys, it was meant as a token, and is refused as one.
    return isTokenShaped(credential.text) || known.length === 0 ? checkToken(credential.text) : null;
  };
};

const RETRY_AFTER_SECONDS = 5;

const unauthenticated = (message: string) => refusalBody('UNAUTHENTICATED', message);

const keyRefusal = unauthenticated(
  'The API key is missing or unknown: send one as `Authorization: Bearer <key>` or as `x-api-key: <key>`.',
);

const tokenRefusal = unauthenticated(
  'The token or API key is missing or invalid: send one as `Authorization: Bearer <token or key>`, or a key as `x-api-key: <key>`.',
);

interface AuthenticationOptions {
  readonly authenticate: Authenticate;
  /** Whether JWTs are accepted; the refusal says so. */
  readonly tokens: boolean;
  readonly log: (fields: { readonly errorId: string; readonly err: unknown }, message: string) => void;
  /** Receives each HTTP request whose caller is known. */
  readonly recognized: (request: IncomingMessage) => void;
}

interface Authentication {
  readonly plugin: Plugin<object, Arrived & { readonly req?: IncomingMessage }>;
  /** The caller of a request that was let in. */
  principalOf(request: Request): Principal;
  /** Lets in a request that the gateway made itself for a known caller. */
  vouch(request: Request, principal: Principal): void;
}

/**
 * Answers 401 to unknown callers before anything of the request is parsed, and 503 while tokens cannot be checked. The
 * GraphiQL page needs no credentials.
 */
export const createAuthentication = ({
  authenticate,
  tokens,
  log,
  recognized,
}: AuthenticationOptions): Authentication => {
  const principals = new WeakMap<Request, Principal>();
  const common = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return {
    plugin: {
      onRequestParse: async ({ request, serverContext: { req, arrival }, fetchAPI, endResponse }) => {
        try {
          const principal = await (arrival?.caller ?? authenticate(request.headers));
          if (principal !== null) {
            principals.set(request, principal);
            if (req !== undefined) recognized(req);
            return;
          }
          const headers = { ...common, 'www-authenticate': 'Bearer' };
          const body = refusalText(tokens ? tokenRefusal : keyRefusal, req);
          endResponse(new fetchAPI.Response(body, { status: 401, headers }));
        } catch (err) {
          const errorId = randomUUID();
          log({ errorId, err }, 'a token could not be checked');
          const message = `Tokens cannot be checked now; try again in a moment, or quote the error id ${errorId} to the operator.`;
          const more = { errorId, retryAfterMs: RETRY_AFTER_SECONDS * 1000 };
          const body = refusalText(refusalBody('INTERNAL', message, more), req);
          const headers = { ...common, 'retry-after': String(RETRY_AFTER_SECONDS) };
          endResponse(new fetchAPI.Response(body, { status: 503, headers }));
        }
      },
    },
    principalOf: (request) => {
      const principal = principals.get(request);
      if (principal === undefined) throw new Error('a request that was not authenticated');
      return principal;
    },
    vouch: (request, principal) => void principals.set(request, principal),
  };
};
