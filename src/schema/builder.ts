import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import ScopeAuthPlugin, { type AuthFailure } from '@pothos/plugin-scope-auth';
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

/** What Pothos makes of our types; for signatures that take a field builder or a reference. */
export type SchemaTypes = PothosSchemaTypes.ExtendDefaultTypes<Types>;

/** What of a `fields` function's builder a shared field needs; all of it is more than the compiler can compare. */
export type FieldBuilder<T> = Pick<PothosSchemaTypes.FieldBuilder<SchemaTypes, T>, 'field'>;

const missingIn = (failure: AuthFailure): readonly string[] => {
  if ('failures' in failure) return failure.failures.flatMap(missingIn);
  return 'scope' in failure ? [failure.scope] : [];
};

/** The one builder; every file of this room adds its noun to it, and `index.ts` builds. */
export const builder = new SchemaBuilder<Types>({
  plugins: [ScopeAuthPlugin, DirectivesPlugin, federation], // the first asks first
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: ({ principal: { scopes } }) => ({
      'copy:read': scopes.has('copy:read'),
      'failover:execute': scopes.has('failover:execute'),
      'copy:cancel': scopes.has('copy:cancel'),
      'copy:retry': scopes.has('copy:retry'),
    }),
    defaultStrategy: 'all', // several scopes on one field: every one is needed
    authorizeOnSubscribe: true,
    unauthorizedError: (_parent, _context, { parentType, fieldName }, { failure }) =>
      lackOfScope(`${parentType.name}.${fieldName}`, missingIn(failure)),
  },
});

builder.queryType({
  authScopes: { 'copy:read': true }, // of each field; what federation adds is not from here, see `entities.ts`
  description:
    'Every read. A list names the upstreams that did not answer in `upstreamReports`; a single thing that cannot be read is `null` with an error.',
});

builder.mutationType({
  description:
    'What changes something. A refusal is data; each mutation asks for its own scope, and writes an audit record before and after what it sends.',
});
