import type { JWTPayload } from 'jose';
import { isMapping } from '../domain/mapping.js';
import { cleanMessage } from '../domain/message.js';
import { micros } from '../domain/micros.js';
import { type Principal, type Scope, scopes as allScopes } from '../domain/principal.js';

/** The claims to read; absent: those of the usual issuers. */
export interface ClaimOptions {
  /** The claim that lists the scopes. */
  readonly scopesClaim?: string | undefined;
  /** The prefix that an issuer writes before each scope, such as `copygraph/`. */
  readonly scopePrefix?: string | undefined;
  /** The claim that names the caller. */
  readonly nameClaim?: string | undefined;
  /** The claim that lists the upstreams a token may see; absent: all of them. */
  readonly upstreamsClaim?: string | undefined;
}

const NAME_LIMIT = 200;

/** RFC 8693 and 9068; Entra ID and Okta; Auth0; app roles of Entra ID. */
const scopeClaims = ['scope', 'scp', 'permissions', 'roles'];

/** RFC 8693; OpenID Connect; Entra ID, version 1; Okta. */
const clientClaims = ['client_id', 'azp', 'appid', 'cid'];

const own = (holder: unknown, name: string): unknown =>
  isMapping(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined;

/**
 * A claim of the token, looked up as an own member. If no claim has a name with dots, the name is a path: Keycloak
 * lists roles in `realm_access.roles`.
 */
const claimOf = (payload: JWTPayload, name: string): unknown =>
  own(payload, name) ?? name.split('.').reduce<unknown>(own, payload);

const wordsIn = (claim: unknown): readonly string[] => {
  if (typeof claim === 'string') return claim.split(/\s+/).filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
};

/** The client that the token was issued to; `null` if the token does not say. */
export const clientOf = (payload: JWTPayload): string | null => {
  const [client = null] = clientClaims.map((name) => own(payload, name)).filter((one) => typeof one === 'string');
  return client;
};

const nameOf = (payload: JWTPayload, nameClaim: string | undefined): string | null => {
  const chosen = nameClaim === undefined ? undefined : claimOf(payload, nameClaim);
  const [name = null] = [chosen, payload.sub, ...clientClaims.map((claim) => own(payload, claim))]
    .filter((one) => typeof one === 'string')
    .map((one) => cleanMessage(one))
    .filter((one) => one !== null);
  return name === null ? null : name.slice(0, NAME_LIMIT);
};

const scopesOf = (payload: JWTPayload, { scopesClaim, scopePrefix = '' }: ClaimOptions): ReadonlySet<Scope> => {
  const claims = scopesClaim === undefined ? scopeClaims : [scopesClaim];
  const words = claims.flatMap((claim) => wordsIn(claimOf(payload, claim)));
  const granted = words.map((word) => (word.startsWith(scopePrefix) ? word.slice(scopePrefix.length) : word));
  return new Set(allScopes.filter((scope) => granted.includes(scope)));
};

/** The caller in a token; `null` if it names none, because then its actions could not be attributed. */
export const toPrincipal = (payload: JWTPayload, options: ClaimOptions): Principal | null => {
  const { nameClaim, upstreamsClaim } = options;
  const name = nameOf(payload, nameClaim);
  if (name === null || payload.exp === undefined) return null;
  return {
    name,
    scopes: scopesOf(payload, options),
    upstreams: upstreamsClaim === undefined ? null : new Set(wordsIn(claimOf(payload, upstreamsClaim))),
    expiresAt: micros(payload.exp * 1_000_000),
  };
};
