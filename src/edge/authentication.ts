import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { type Principal, type Scope, scopes as allScopes } from '../domain/principal.js';
import { refusalBody } from './refusal.js';
import { refusalText } from './request-id.js';

/** A key as the config has it, which does not know the key itself. */
interface ApiKey {
  readonly name: string;
  readonly sha256: string; // 64 hexadecimal digits
  readonly scopes: readonly Scope[];
  readonly upstreams?: readonly string[] | undefined;
}

/** What brings credentials: the headers of a request, or what stands in for them where there are none. */
export interface Carrier {
  get(name: string): string | null;
}

/** Who asks; `null` where nobody can tell. A promise, since a token's signature may take a key that must be fetched. */
export type Authenticate = (headers: Carrier) => Promise<Principal | null>;

/** Whose token it is; `null` for one that is no good. Throws `TokensUncheckable`. */
export type CheckToken = (token: string) => Promise<Principal | null>;

/** The token may be good or not: what would tell cannot be reached. No fault of the caller's. */
export class TokensUncheckable extends Error {
  override readonly name = 'TokensUncheckable';
}

/** Who asks where no authentication is configured, which only a loopback host may go without. */
const anonymous: Principal = { name: 'anonymous', scopes: new Set(allScopes), upstreams: null, expiresAt: null };

interface Credential {
  readonly text: string;
  readonly isBearer: boolean; // of the `authorization` header, where tokens travel
}

/** The one that a request brings; `null` for none, for an empty one, and for two that differ. */
const credentialIn = (headers: Carrier): Credential | null => {
  const authorization = headers.get('authorization');
  const bearer = authorization === null ? null : (/^bearer +(.+)$/i.exec(authorization)?.[1] ?? '');
  const [text, other = text] = [bearer, headers.get('x-api-key')].filter((one) => one !== null);
  return text === undefined || text === '' || text !== other ? null : { text, isBearer: bearer !== null };
};

const repeated = refusalBody(
  'BAD_USER_INPUT',
  'Send `Authorization` and `x-api-key` once each: a header is there twice.',
);

/**
 * Why a request is refused that has a header of credentials more than once, equal or not; `null` for any other. Node
 * keeps the first `Authorization` alone, and a proxy before us may have looked at another.
 */
export const repeatedCredentials = ({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): object | null => {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const isRepeated = (name: string): boolean => names.indexOf(name) !== names.lastIndexOf(name);
  return ['authorization', 'x-api-key'].some(isRepeated) ? repeated : null;
};

/** A header's text is one character for each byte that was sent. */
const digestOf = (key: string): Buffer => createHash('sha256').update(key, 'latin1').digest();

/** Parts with dots between them, three or, of an encrypted one, five; an API key may look so too. */
const isTokenShaped = (text: string): boolean => /^[\w-]+\.[\w-]*(?:\.[\w-]*){1,3}$/.test(text);

interface AuthenticateOptions {
  readonly apiKeys: readonly ApiKey[];
  readonly checkToken: CheckToken | null;
}

/** Tells callers apart by API keys and tokens; `null` for a gateway without authentication: everyone is `anonymous`. */
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
    // All are compared, so that the time taken does not tell which one was right.
    const [found] = known.filter(({ digest }) => timingSafeEqual(digest, given));
    if (found !== undefined) return found.principal;
    if (checkToken === null || !credential.isBearer) return null;
    // Where there are no keys it was meant as a token, and its refusal is one of a token.
    return isTokenShaped(credential.text) || known.length === 0 ? checkToken(credential.text) : null;
  };
};

const RETRY_AFTER_SECONDS = 5;

const unauthenticated = (message: string) => refusalBody('UNAUTHENTICATED', message);

const keyRefusal = unauthenticated(
  'No API key that is known here: send one as `Authorization: Bearer <key>` or as `x-api-key: <key>`.',
);

const tokenRefusal = unauthenticated(
  'No token or API key that is good here: send one as `Authorization: Bearer <token or key>`, or a key as `x-api-key: <key>`.',
);

interface AuthenticationOptions {
  readonly authenticate: Authenticate;
  /** Whether a JWT would do; the refusal says so. */
  readonly tokens: boolean;
  readonly log: (fields: { readonly errorId: string; readonly err: unknown }, message: string) => void;
  /** Told of each request over HTTP whose sender is known. */
  readonly recognized: (request: IncomingMessage) => void;
}

interface Authentication {
  readonly plugin: Plugin<object, { readonly req?: IncomingMessage }>;
  /** Who sent a request that has been let in. */
  principalOf(request: Request): Principal;
  /** Lets in a request that was made here for somebody who is known already. */
  vouch(request: Request, principal: Principal): void;
}

/**
 * Answers 401 to whoever cannot be told, before anything of the request is parsed, and 503 while tokens cannot be
 * checked. The GraphiQL page is not held back.
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
      onRequestParse: async ({ request, serverContext: { req }, fetchAPI, endResponse }) => {
        try {
          const principal = await authenticate(request.headers);
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
          const message = `Tokens cannot be checked now; ask again in a moment, or quote the error id ${errorId} to the operator.`;
          const more = { errorId, retryAfterMs: RETRY_AFTER_SECONDS * 1000 };
          const body = refusalText(refusalBody('INTERNAL', message, more), req);
          const headers = { ...common, 'retry-after': String(RETRY_AFTER_SECONDS) };
          endResponse(new fetchAPI.Response(body, { status: 503, headers }));
        }
      },
    },
    principalOf: (request) => {
      const principal = principals.get(request);
      if (principal === undefined) throw new Error('a request that nobody has authenticated');
      return principal;
    },
    vouch: (request, principal) => void principals.set(request, principal),
  };
};
