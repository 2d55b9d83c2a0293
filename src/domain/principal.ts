import type { Micros } from './micros.js';

export const scopes = ['copy:read', 'failover:execute', 'copy:cancel', 'copy:retry'] as const;

/** What a caller may be allowed to do. */
export type Scope = (typeof scopes)[number];

/** Who asks: the name that logs and audit records show, and what they may. */
export interface Principal {
  readonly name: string;
  readonly apiKey?: string; // its name in the config; absent for a token, whose name may be the same
  readonly scopes: ReadonlySet<Scope>;
  readonly upstreams: ReadonlySet<string> | null; // ids of the config; null: all
  readonly expiresAt: Micros | null; // of the token; null: never, as with an API key
}

/** Who it is that is counted: a key and a token may have the same name. */
export const identityOf = ({ name, apiKey }: Principal): string =>
  apiKey === undefined ? `token ${name}` : `key ${apiKey}`;
