import { createHash, timingSafeEqual } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import { type Principal, type Scope, scopes as allScopes } from '../domain/principal.js';

/** A key as the config has it, which does not know the key itself. */
export interface ApiKey {
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

/** Who asks where no authentication is configured, which only a loopback host may go without. */
const anonymous: Principal = { name: 'anonymous', scopes: new Set(allScopes), upstreams: null };

/** The key that a request brings; `null` for none, for an empty one, and for two that differ. */
const keyIn = (headers: Carrier): string | null => {
  const authorization = headers.get('authorization');
  const bearer = authorization === null ? null : (/^bearer +(.+)$/i.exec(authorization)?.[1] ?? '');
  const [key, other = key] = [bearer, headers.get('x-api-key')].filter((one) => one !== null);
  return key === undefined || key === '' || key !== other ? null : key;
};

/** A header's text is one character for each byte that was sent. */
const digestOf = (key: string): Buffer => createHash('sha256').update(key, 'latin1').digest();

/** Tells callers apart by API keys; `null` for a gateway without authentication, where everyone is `anonymous`. */
export const createAuthenticate = (apiKeys: readonly ApiKey[] | null): Authenticate => {
  if (apiKeys === null) return () => Promise.resolve(anonymous);
  const known = apiKeys.map(({ name, sha256, scopes, upstreams }) => ({
    digest: Buffer.from(sha256, 'hex'),
    principal: { name, scopes: new Set(scopes), upstreams: upstreams === undefined ? null : new Set(upstreams) },
  }));
  return (headers) => {
    const key = keyIn(headers);
    if (key === null) return Promise.resolve(null);
    const given = digestOf(key);
    // All are compared, so that the time taken does not tell which one was right.
    const [found] = known.filter(({ digest }) => timingSafeEqual(digest, given));
    return Promise.resolve(found?.principal ?? null);
  };
};

const refusal = JSON.stringify({
  errors: [
    {
      message: 'No API key that is known here: send one as `Authorization: Bearer <key>` or as `x-api-key: <key>`.',
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
});

export interface Authentication {
  readonly plugin: Plugin;
  /** Who sent a request that has been let in. */
  principalOf(request: Request): Principal;
}

/** Answers 401 to whoever cannot be told, before anything of the request is parsed. The GraphiQL page is not held back. */
export const createAuthentication = (authenticate: Authenticate): Authentication => {
  const principals = new WeakMap<Request, Principal>();
  return {
    plugin: {
      onRequestParse: async ({ request, fetchAPI, endResponse }) => {
        const principal = await authenticate(request.headers);
        if (principal !== null) {
          principals.set(request, principal);
          return;
        }
        const headers = {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          'www-authenticate': 'Bearer',
        };
        endResponse(new fetchAPI.Response(refusal, { status: 401, headers }));
      },
    },
    principalOf: (request) => {
      const principal = principals.get(request);
      if (principal === undefined) throw new Error('a request that nobody has authenticated');
      return principal;
    },
  };
};
