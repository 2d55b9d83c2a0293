import { type JWTPayload, type JWTVerifyGetKey, createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import { cleanMessage } from '../domain/message.js';
import { micros } from '../domain/micros.js';
import { type Principal, type Scope, scopes as allScopes } from '../domain/principal.js';
import { type CheckToken, TokensUncheckable } from './authentication.js';

export interface JwtOptions {
  readonly jwksUri: string;
  readonly issuer: string;
  readonly audience: string;
  /** The claim that lists the upstreams a token may see; absent: every token sees all. */
  readonly upstreamsClaim?: string | undefined;
}

/** Signatures that take a private key: with a shared secret, whoever can check a token could make one. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

const TIMEOUT_MS = 5000; // of the key set's server
const KEPT_MS = 600_000; // a key set is read again when it is so old,
const COOL_DOWN_MS = 30_000; // or so young at least when a token names a key that it does not have
const FAILED_PAUSE_MS = 1000; // after a failure; a flood of bad tokens would be one of requests
const CLOCK_TOLERANCE_SECONDS = 5;
const NAME_LIMIT = 200;

const wordsIn = (claim: unknown): readonly string[] => {
  if (typeof claim === 'string') return claim.split(/\s+/).filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
};

/** A claim of the token itself, whatever its name: an object has other members too. */
const claimOf = (payload: JWTPayload, name: string): unknown =>
  Object.hasOwn(payload, name) ? payload[name] : undefined;

const nameOf = (payload: JWTPayload): string | null => {
  const names = [payload.sub, claimOf(payload, 'client_id')].filter((name) => typeof name === 'string');
  const [name = null] = names.map((one) => cleanMessage(one)).filter((one) => one !== null);
  return name === null ? null : name.slice(0, NAME_LIMIT);
};

/** `null` for a token that names nobody: what it does could not be told from what others do. */
const toPrincipal = (payload: JWTPayload, upstreamsClaim: string | undefined): Principal | null => {
  const name = nameOf(payload);
  if (name === null || payload.exp === undefined) return null;
  const granted = [...wordsIn(claimOf(payload, 'scope')), ...wordsIn(claimOf(payload, 'permissions'))];
  return {
    name,
    scopes: new Set(allScopes.filter((scope: Scope) => granted.includes(scope))),
    upstreams: upstreamsClaim === undefined ? null : new Set(wordsIn(claimOf(payload, upstreamsClaim))),
    expiresAt: micros(payload.exp * 1_000_000),
  };
};

/** `fetch` that fails at once for a moment after it has failed. */
const createPatientFetch = (): typeof fetch => {
  let failedAt = -Infinity;
  return async (...request) => {
    if (performance.now() - failedAt < FAILED_PAUSE_MS) throw new Error('the key set could not be read a moment ago');
    try {
      const response = await fetch(...request);
      if (response.status !== 200) failedAt = performance.now();
      return response;
    } catch (error) {
      failedAt = performance.now();
      throw error;
    }
  };
};

/** That the key set was read, and has no key for the token: the token's fault. */
const isNoKey = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;

const remoteKeys = (jwksUri: string) =>
  createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: TIMEOUT_MS,
    cacheMaxAge: KEPT_MS,
    cooldownDuration: COOL_DOWN_MS,
    [customFetch]: createPatientFetch(),
  });

const reasonOf = (error: unknown): string => {
  if (error instanceof errors.JWKSTimeout) return `no answer within ${TIMEOUT_MS / 1000} s`;
  if (error instanceof errors.JOSEError) return error.message; // of the library: it quotes neither the URL nor what was sent
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return 'unexpected failure';
  return 'code' in cause ? String(cause.code) : cause.message;
};

/** Reads the key set once, as the first token would, and says how many keys it has. Throws a `TokensUncheckable` that says why not. */
export const countKeys = async ({ jwksUri }: Pick<JwtOptions, 'jwksUri'>): Promise<number> => {
  const keys = remoteKeys(jwksUri);
  try {
    await keys.reload();
  } catch (error) {
    throw new TokensUncheckable(`The key set could not be read (${reasonOf(error)}).`, { cause: error });
  }
  const count = keys.jwks()?.keys.length ?? 0;
  if (count === 0) throw new TokensUncheckable('The key set has no keys.');
  return count;
};

/**
 * Checks JWTs: signed by a key of the set, by and for whom the config says, not before their time and not after. The key
 * set is fetched when first needed, and kept.
 */
export const createTokenCheck = ({ jwksUri, issuer, audience, upstreamsClaim }: JwtOptions): CheckToken => {
  const keys = remoteKeys(jwksUri);
  const keyFor: JWTVerifyGetKey = async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      throw isNoKey(error) ? error : new TokensUncheckable('the key set cannot be read', { cause: error });
    }
  };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keyFor, {
        issuer,
        audience,
        algorithms,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp'],
      });
      return toPrincipal(payload, upstreamsClaim);
    } catch (error) {
      if (error instanceof TokensUncheckable) throw error;
      return null; // why is nobody's business: it would tell how to make a better one
    }
  };
};
