import { type JWTPayload, type JWTVerifyGetKey, errors, jwtVerify } from 'jose';
import { cleanMessage } from '../domain/message.js';
import { micros } from '../domain/micros.js';
import { type Principal, type Scope, scopes as allScopes } from '../domain/principal.js';
import { type CheckToken, TokensUncheckable } from './authentication.js';
import { type SkippedKeys, remoteKeys } from './key-set.js';

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

/** That the key set was read, and has no key for the token: the token's fault. */
const isNoKey = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JOSENotSupported;

/** A key set that cannot be read says nothing of the token: that is another error than a token without a key. */
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

/**
 * Checks JWTs: signed by a key of the set, by and for whom the config says, not before their time and not after. The key
 * set is fetched when first needed, and kept. Where several keys fit, since the token names none or two have the same
 * name, each is tried. `onSkipped` is told which keys of the set cannot be read, once for each such set.
 */
export const createTokenCheck = (
  { jwksUri, issuer, audience, upstreamsClaim }: JwtOptions,
  onSkipped: SkippedKeys,
): CheckToken => {
  const keyFor = readableKeys(remoteKeys(jwksUri, onSkipped));
  const options = {
    issuer,
    audience,
    algorithms,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp'],
  };
  const verifiedByOneOf = async (token: string, fitting: errors.JWKSMultipleMatchingKeys): Promise<JWTPayload> => {
    for await (const key of fitting) {
      const verified = await jwtVerify(token, key, options).catch(() => null);
      if (verified !== null) return verified.payload;
    }
    throw new errors.JWSSignatureVerificationFailed();
  };
  const verified = async (token: string): Promise<JWTPayload> => {
    try {
      return (await jwtVerify(token, keyFor, options)).payload;
    } catch (error) {
      if (error instanceof errors.JWKSMultipleMatchingKeys) return verifiedByOneOf(token, error);
      throw error;
    }
  };
  return async (token) => {
    try {
      return toPrincipal(await verified(token), upstreamsClaim);
    } catch (error) {
      if (error instanceof TokensUncheckable) throw error;
      return null; // why is nobody's business: it would tell how to make a better one
    }
  };
};
