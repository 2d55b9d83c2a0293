import { isDeepStrictEqual } from 'node:util';
import type { Principal } from '../domain/principal.js';

/** The `auth` of a config. */
interface Auth {
  readonly apiKeys?: readonly ApiKey[] | undefined;
  readonly jwt?: object | undefined;
}

interface ApiKey {
  readonly name: string;
  readonly sha256: string;
  readonly scopes: readonly string[];
  readonly upstreams?: readonly string[] | undefined;
}

const grantOf = ({ apiKeys = [] }: Auth, name: string) => {
  const key = apiKeys.find((one) => one.name === name);
  return key === undefined ? null : [key.sha256, [...key.scopes].sort(), key.upstreams && [...key.upstreams].sort()];
};

/**
 * Whether a caller admitted under one config is admitted under the next with the same rights. `undefined` is a config
 * that admits everyone. For tokens only the rules are compared, not each token's claims.
 */
export const keepsRights = (before: Auth | undefined, now: Auth | undefined, { apiKey }: Principal): boolean => {
  if (before === undefined || now === undefined) return before === now;
  if (apiKey === undefined) return isDeepStrictEqual(before.jwt, now.jwt);
  return isDeepStrictEqual(grantOf(before, apiKey), grantOf(now, apiKey));
};
