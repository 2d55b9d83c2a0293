import { GraphQLDeferDirective, GraphQLStreamDirective } from '@graphql-tools/utils';
import {
  GraphQLObjectType,
  GraphQLSchema,
  type GraphQLNamedType,
  introspectionFromSchema,
  isAbstractType,
  isIntrospectionType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { printSubgraph } from './subgraph.js';

type Print = (schema: GraphQLSchema) => string;

const json = (data: object): string => `${JSON.stringify(data, null, 2)}\n`;

/** Whether a name is Federation's own. Such fields and types are for gateways, not for applications. */
const isFederations = ({ name }: { readonly name: string }): boolean => name.startsWith('_');

/** The query type without the fields that are only for gateways. */
const forApplications = (query: GraphQLObjectType): GraphQLObjectType => {
  const { fields, ...config } = query.toConfig();
  const kept = Object.entries(fields).filter(([name]) => !isFederations({ name }));
  return new GraphQLObjectType({ ...config, fields: Object.fromEntries(kept) });
};

/**
 * The schema as an application sees it: without Federation, with `@defer` and `@stream`, which the gateway supports. Types
 * and fields are sorted by name.
 */
const toClientSchema = (schema: GraphQLSchema): GraphQLSchema => {
  const { query, types, directives, ...config } = schema.toConfig();
  if (query === null || query === undefined) throw new Error('a schema without queries');
  const asked = forApplications(query);
  const kept = types
    .filter((type: GraphQLNamedType) => isIntrospectionType(type) || !isFederations(type))
    .map((type) => (type === query ? asked : type));
  const own = directives.filter(({ name }) => !['defer', 'stream'].includes(name));
  const incremental = [GraphQLDeferDirective, GraphQLStreamDirective];
  return lexicographicSortSchema(
    new GraphQLSchema({ ...config, query: asked, types: kept, directives: [...own, ...incremental] }),
  );
};

/** The object types of each interface and union, in the form of Apollo Client's `possibleTypes`. */
const possibleTypesOf = (schema: GraphQLSchema): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.values(schema.getTypeMap())
      .filter(isAbstractType)
      .map((type) => [
        type.name,
        schema
          .getPossibleTypes(type)
          .map(({ name }) => name)
          .sort(),
      ]),
  );

const printClient: Print = (schema) => `${printSchema(toClientSchema(schema))}\n`;
const printIntrospection: Print = (schema) => json(introspectionFromSchema(toClientSchema(schema)));
const printPossibleTypes: Print = (schema) => json(possibleTypesOf(toClientSchema(schema)));

/** Printers of the served schema, by the reader that each is for. */
export const printFor = {
  client: printClient,
  subgraph: printSubgraph,
  introspection: printIntrospection,
  possibleTypes: printPossibleTypes,
} as const satisfies Record<string, Print>;

/** The files of `client/` in the package, for people who build clients. */
export const clientFiles: readonly { readonly name: string; readonly print: Print }[] = [
  { name: 'schema.graphql', print: printClient },
  { name: 'introspection.json', print: printIntrospection },
  { name: 'possible-types.json', print: printPossibleTypes },
];
