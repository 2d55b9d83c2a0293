import { type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, errors, jwtVerify } from 'jose';
import type { Principal } from '../domain/principal.js';
import { type CheckToken, TokensUncheckable } from './authentication.js';
import { type FetchKeys, type SkippedKeys, remoteKeys } from './key-set.js';
import { type ClaimOptions, clientOf, toPrincipal } from './token-claims.js';
import { ClientRefused, type OnRefused, refusalReasonOf } from './token-refusal.js';

interface JwtOptions extends ClaimOptions {
  readonly jwksUri: string;
  readonly issuer: string;
  /** Absent only if `clientIds` are given. */
  readonly audience?: string | undefined;
  /** The clients whose tokens are accepted; absent: all. */
  readonly clientIds?: readonly string[] | undefined;
}

/** Only signatures with a private key: with a shared secret, whoever can check a token could also make one. */
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

const CLOCK_TOLERANCE_SECONDS = 5;

/** Whether the key set was read but has no key for the token: then the token is at fault. */
const isNoKey = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JOSENotSupported;

/** Marks the error of an unreadable key set, which says nothing about the token. */
const readableKeys =
  (keys: ReturnType<typeof remoteKeys>): JWTVerifyGetKey =>
  async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (isNoKey(error) || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new TokensUncheckable('the key set cannot be read', { cause: error });
    }
  };

/** With and without a final slash: issuers write either form, whatever their documents say. */
const spellingsOf = (issuer: string): string[] => {
  const bare = issuer.replace(/\/$/, '');
  return [bare, `${bare}/`];
};

/** Tries each key that fits. If one of them signed the token, it is judged by its claims, not by the other keys. */
const verifiedByOneOf = async (
  token: string,
  fitting: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTPayload> => {
  for await (const key of fitting) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
};

interface TokenCheckOptions {
  readonly fetch: FetchKeys;
  /** Receives the unreadable keys of a key set, once for each set. */
  readonly onSkipped: SkippedKeys;
  readonly onRefused: OnRefused;
}

/**
 * Checks JWTs: the signature by a key of the set, the configured issuer and audience, and the time. The key set is
 * fetched on first use and cached. If several keys fit, because the token names none or names repeat, each is tried.
 */
export const createTokenCheck = (jwt: JwtOptions, { fetch, onSkipped, onRefused }: TokenCheckOptions): CheckToken => {
  const { clientIds } = jwt;
  const keyFor = readableKeys(remoteKeys(jwt.jwksUri, fetch, onSkipped));
  const options: JWTVerifyOptions = {
    issuer: spellingsOf(jwt.issuer),
    ...(jwt.audience === undefined ? {} : { audience: jwt.audience }),
    algorithms,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp'],
  };
  const verified = async (token: string): Promise<JWTPayload> => {
    try {
      return (await jwtVerify(token, keyFor, options)).payload;
    } catch (error) {
      if (error instanceof errors.JWKSMultipleMatchingKeys) return verifiedByOneOf(token, error, options);
      throw error;
    }
  };
  const accepted = async (token: string): Promise<Principal> => {
    const payload = await verified(token);
    if (clientIds !== undefined && !clientIds.includes(clientOf(payload) ?? '')) throw new ClientRefused();
    const principal = toPrincipal(payload, jwt);
    if (principal === null) throw new errors.JWTInvalid('the token does not name its caller');
    return principal;
  };
  return async (token) => {
    try {
      return await accepted(token);
    } catch (error) {
      if (error instanceof TokensUncheckable) throw error;
      onRefused(refusalReasonOf(error), token);
      return null; // the caller does not learn why, because that would help to forge a better one
    }
  };
};
