import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { type Authenticate, type CheckToken, createAuthenticate } from '../edge/authentication.js';
import { createTokenCheck } from '../edge/jwt.js';
import { createRefusalLog } from '../edge/token-refusal.js';
import type { Metrics } from '../edge/metrics.js';
import { type Certificates, createCertificates, keySetFetch } from './network.js';

type Jwt = NonNullable<NonNullable<Config['auth']>['jwt']>;

/** The checker of tokens, with the key set fetched for it. */
interface Tokens {
  readonly jwt: Jwt;
  readonly certificates: Certificates;
  readonly check: CheckToken;
}

/** The callers that one config lets in. */
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
    logger.error({ keys: places }, 'keys of the key set of auth.jwt cannot be read, and are skipped');
  const onRefused = createRefusalLog({
    log: logger.info.bind(logger),
    count: metrics.tokenRefused,
    now: () => performance.now(),
  });
  return { jwt, certificates, check: createTokenCheck(jwt, { fetch, onSkipped, onRefused }) };
};

/**
 * Lets callers in by their credentials; a config with `auth` but without keys lets nobody in. If tokens are checked as
 * before the reload, the fetched key set is kept, because its server may be out of reach now.
 */
export const createAccess = (auth: Config['auth'], options: AccessOptions): Access => {
  if (auth === undefined) return { authenticate: createAuthenticate(null), tokens: null };
  const { apiKeys = [], jwt } = auth;
  const kept = options.before?.tokens ?? null;
  const isSame = kept !== null && isDeepStrictEqual(kept.jwt, jwt) && kept.certificates.areSame();
  const tokens = isSame ? kept : jwt === undefined ? null : checkTokens(jwt, options);
  return { authenticate: createAuthenticate({ apiKeys, checkToken: tokens?.check ?? null }), tokens };
};
