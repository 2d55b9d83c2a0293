import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import type { Context } from '../context.js';
import type { Micros } from '../domain/micros.js';
import type { Json } from '../domain/protection-source.js';

interface Types {
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Micros; Output: Micros };
    BigInt: { Input: bigint; Output: bigint };
    JSON: { Input: never; Output: Json };
  };
}

/** What Pothos makes of our types; for signatures that take a field builder or a reference. */
export type SchemaTypes = PothosSchemaTypes.ExtendDefaultTypes<Types>;

/** What a `fields` function of an object or interface is handed. */
export type FieldBuilder<T> = PothosSchemaTypes.FieldBuilder<SchemaTypes, T>;

/** The one builder; every file of this room adds its noun to it, and `index.ts` builds. */
export const builder = new SchemaBuilder<Types>({
  plugins: [DirectivesPlugin, FederationPlugin],
  defaultFieldNullability: false,
});

builder.queryType({
  description:
    'Every read. A list names the upstreams that did not answer in `upstreamReports`; a single thing that cannot be read is `null` with an error.',
});
