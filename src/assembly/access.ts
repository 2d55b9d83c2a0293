import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { type Authenticate, type CheckToken, createAuthenticate } from '../edge/authentication.js';
import { createTokenCheck } from '../edge/jwt.js';
import { createRefusalLog } from '../edge/token-refusal.js';
import type { Metrics } from '../edge/metrics.js';
import { type Certificates, createCertificates, keySetFetch } from './network.js';

type Jwt = NonNullable<NonNullable<Config['auth']>['jwt']>;

/** How tokens are checked, with the key set that was fetched for it. */
interface Tokens {
  readonly jwt: Jwt;
  readonly certificates: Certificates;
  readonly check: CheckToken;
}

/** Who is let in under one config. */
export interface Access {
  readonly authenticate: Authenticate;
  readonly tokens: Tokens | null;
}

interface AccessOptions {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'tokenRefused' | 'takeTokens'>;
  readonly before: Access | null;
}

const checkTokens = (jwt: Jwt, { logger, metrics }: AccessOptions): Tokens => {
  const certificates = createCertificates();
  const fetch = keySetFetch(jwt, certificates);
  metrics.takeTokens();
  const onSkipped = (places: readonly number[]): void =>
    logger.error({ keys: places }, 'keys of the key set of auth.jwt cannot be read: they are skipped');
  const onRefused = createRefusalLog({
    log: logger.info.bind(logger),
    count: metrics.tokenRefused,
    now: () => performance.now(),
  });
  return { jwt, certificates, check: createTokenCheck(jwt, { fetch, onSkipped, onRefused }) };
};

/**
 * What a caller may be let in with; configured without keys, nobody is. What was fetched to check tokens is kept where
 * they are checked in the same way: the key set may be out of reach just now.
 */
export const createAccess = (auth: Config['auth'], options: AccessOptions): Access => {
  if (auth === undefined) return { authenticate: createAuthenticate(null), tokens: null };
  const { apiKeys = [], jwt } = auth;
  const kept = options.before?.tokens ?? null;
  const isSame = kept !== null && isDeepStrictEqual(kept.jwt, jwt) && kept.certificates.areSame();
  const tokens = isSame ? kept : jwt === undefined ? null : checkTokens(jwt, options);
  return { authenticate: createAuthenticate({ apiKeys, checkToken: tokens?.check ?? null }), tokens };
};
