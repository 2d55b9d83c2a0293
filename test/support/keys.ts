import { createHash } from 'node:crypto';
import type { AuthConfig } from '../../src/assembly/config.js';
import type { Scope } from '../../src/domain/principal.js';

type ApiKey = NonNullable<AuthConfig['apiKeys']>[number];

/** The config of a key, which is named for what it is. */
export const apiKey = (key: string, scopes: readonly Scope[], upstreams?: readonly string[]): ApiKey => ({
  name: key,
  sha256: createHash('sha256').update(key).digest('hex'),
  scopes,
  ...(upstreams === undefined ? {} : { upstreams }),
});

/** The headers of a caller who has that key. */
export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
