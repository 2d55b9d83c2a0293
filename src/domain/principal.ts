import type { Micros } from './micros.js';

export const scopes = ['copy:read', 'failover:execute', 'failover:activate', 'copy:cancel', 'copy:retry'] as const;

/** A permission of a caller. */
export type Scope = (typeof scopes)[number];

/** The caller: the name in logs and audit records, and the permissions. */
export interface Principal {
  readonly name: string;
  readonly apiKey?: string; // its name in the config; absent for a token, whose name may be the same
  readonly scopes: ReadonlySet<Scope>;
  readonly upstreams: ReadonlySet<string> | null; // ids in the config; null: all
  readonly expiresAt: Micros | null; // of the token; null: never, as with an API key
}

/** The identity that limits count by: a key and a token may have the same name. */
export const identityOf = ({ name, apiKey }: Principal): string =>
  apiKey === undefined ? `token ${name}` : `key ${apiKey}`;
