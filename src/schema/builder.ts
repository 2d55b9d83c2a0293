import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import ScopeAuthPlugin, { type AuthFailure, RequestCache } from '@pothos/plugin-scope-auth';
import type { Context } from '../assembly/context.js';
import { lackOfScope } from '../domain/forbidden.js';
import type { Micros } from '../domain/micros.js';
import type { Scope } from '../domain/principal.js';
import type { Json } from '../domain/json.js';
import federation from './federation.js';

interface Types {
  Context: Context;
  DefaultFieldNullability: false;
  AuthScopes: Record<Scope, true>;
  DefaultAuthStrategy: 'all';
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Micros; Output: Micros };
    BigInt: { Input: bigint; Output: bigint };
    JSON: { Input: never; Output: Json };
  };
}

/** Our types in the form of Pothos, for signatures that take a field builder or a reference. */
export type SchemaTypes = PothosSchemaTypes.ExtendDefaultTypes<Types>;

/** The part of a `fields` function's builder that a shared field needs. The whole is more than the compiler can compare. */
export type FieldBuilder<T> = Pick<PothosSchemaTypes.FieldBuilder<SchemaTypes, T>, 'field'>;

const missingIn = (failure: AuthFailure): readonly string[] => {
  if ('failures' in failure) return failure.failures.flatMap(missingIn);
  return 'scope' in failure ? [failure.scope] : [];
};

/** The one builder. Every file of this room adds its noun to it, and `index.ts` builds the schema. */
export const builder = new SchemaBuilder<Types>({
  plugins: [ScopeAuthPlugin, DirectivesPlugin, federation], // scopes are checked first
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: ({ principal: { scopes } }) => ({
      'copy:read': scopes.has('copy:read'),
      'failover:execute': scopes.has('failover:execute'),
      'failover:activate': scopes.has('failover:activate'),
      'copy:cancel': scopes.has('copy:cancel'),
      'copy:retry': scopes.has('copy:retry'),
    }),
    defaultStrategy: 'all', // of several scopes on one field every one is needed
    authorizeOnSubscribe: true,
    unauthorizedError: (_parent, _context, { parentType, fieldName }, { failure }) =>
      lackOfScope(`${parentType.name}.${fieldName}`, missingIn(failure)),
  },
});

builder.queryType({
  authScopes: { 'copy:read': true }, // of each field; for federation's own fields see `entities.ts`
  description:
    'Every read. A list reports in `upstreamReports` the upstreams that did not answer. A single record that cannot be read is `null` with an error.',
});

builder.mutationType({
  description:
    'Every action on an upstream. A refusal is data, and not an entry of `errors`. Each mutation needs a scope, and writes an audit record before and after it sends a request.',
});

/**
 * Lets the scopes of an operation go that has ended. The plugin keeps them in a `WeakMap` together with the context,
 * where they would outlive the operation, and with them everything that it has read.
 */
export const forgetScopes = (context: object): void => RequestCache.clearForContext(context);
