import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  type FieldNode,
  type GraphQLFieldConfig,
  type GraphQLFieldResolver,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  GraphQLSchema,
  type GraphQLTypeResolver,
  getArgumentValues,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { oncePerSchema } from '../per-schema.js';
import { asTexts, returnsRecords } from './parts.js';

type Arguments = Record<string, unknown>;

/** The context of a compiled operation. */
export interface Run {
  readonly contextValue: unknown;
  readonly variables: Arguments; // as coerced
  readonly known: Map<FieldNode, Arguments>; // arguments that are the same throughout one run
  readonly texts: TextRun | null; // where texts are asked for instead of records
}

/** The helpers for a document that asks for texts. */
export interface TextRun {
  /** A field's nodes, and the fragments, as they were before the document was changed. */
  originalsOf(nodes: readonly FieldNode[]): readonly FieldNode[];
  readonly fragments: GraphQLResolveInfo['fragments'];
  /** Returns the texts of records, one or a list, for a field of the document. */
  textsOf(records: unknown, node: FieldNode | undefined, run: Run, path: GraphQLResolveInfo['path']): unknown;
}

const argumentsOf = (
  field: Parameters<typeof getArgumentValues>[0],
  node: FieldNode,
  { variables, known }: Run,
): Arguments => {
  const found = known.get(node);
  if (found !== undefined) return found;
  const made = getArgumentValues(field, node, variables);
  known.set(node, made);
  return made;
};

const none: Arguments = {};

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };

/** Gives a resolver the same arguments as GraphQL itself would. */
const resolverOf = (schema: GraphQLSchema, parent: string, name: string): GraphQLFieldResolver<unknown, Run> | null => {
  const type = schema.getType(parent);
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  if (field?.resolve === undefined) return null;
  const { resolve, args } = field;
  return (source, _args, run, info) => {
    const [node] = info.fieldNodes;
    const given = args.length === 0 || node === undefined ? none : argumentsOf(field, node, run);
    const own: Mutable<Pick<GraphQLResolveInfo, 'variableValues' | 'fieldNodes' | 'fragments'>> = info; // made for this call alone
    own.variableValues = run.variables;
    if (run.texts !== null) {
      own.fieldNodes = run.texts.originalsOf(info.fieldNodes);
      own.fragments = run.texts.fragments;
    }
    return resolve(source, given, run.contextValue, info);
  };
};

type Serialize = (value: unknown) => unknown;

/** The serializers of leaves. The compiler keeps only the message of an error, so the error itself is stored first. */
export const serializersOf = (
  schema: GraphQLSchema,
  thrown: (error: Error) => void,
): Readonly<Record<string, Serialize>> =>
  Object.fromEntries(
    Object.values(schema.getTypeMap())
      .filter(isLeafType)
      .map((type) => {
        const serialize: Serialize = (value) => {
          try {
            return type.serialize(value);
          } catch (error) {
            if (error instanceof Error) thrown(error);
            throw error;
          }
        };
        return [type.name, serialize];
      }),
  );

type ResolveType = GraphQLTypeResolver<unknown, Run>;

/** The compiler expects it to return: if it threw, the answer would never come. */
const calm =
  (resolveType: ResolveType): ResolveType =>
  (value, run, info, type) => {
    try {
      return resolveType(value, run, info, type);
    } catch {
      return undefined; // becomes an error of that field
    }
  };

const typeName: ResolveType = (value) =>
  typeof value === 'object' && value !== null && '__typename' in value && typeof value.__typename === 'string'
    ? value.__typename
    : undefined;

/**
 * The schema for the compiler. GraphQL itself evaluates arguments, because compiled code cannot handle `BigInt`, and
 * treats a missing variable as `null`.
 */
export const toCompilable = oncePerSchema((schema) =>
  mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field: GraphQLFieldConfig<unknown, Run>, name, parent) => {
      const { resolve: _, ...plain } = field;
      const resolve = resolverOf(schema, parent, name);
      return resolve === null ? { ...plain, args: {} } : { ...plain, args: {}, resolve };
    },
    [MapperKind.ABSTRACT_TYPE]: (type) => {
      type.resolveType = calm(type.resolveType ?? typeName);
      return type;
    },
  }),
);

const JsonTextScalar = new GraphQLScalarType({ name: 'JsonText', serialize: (value) => value });

/** The same type of texts: one, or a list. */
const withTexts = (type: GraphQLOutputType): GraphQLOutputType => {
  if (isNonNullType(type)) return new GraphQLNonNull(withTexts(type.ofType));
  return isListType(type) ? new GraphQLList(withTexts(type.ofType)) : JsonTextScalar;
};

/** Adds to each field that returns records of a list one that returns their texts. */
export const toTexted = oncePerSchema((compilable) =>
  mapSchema(compilable, {
    [MapperKind.OBJECT_TYPE]: (type) => {
      const config = type.toConfig();
      const fields = Object.entries(config.fields).filter(([, { extensions }]) =>
        returnsRecords({ extensions: extensions ?? {} }),
      );
      for (const [name, { type: of, resolve }] of fields) {
        const asText: GraphQLFieldResolver<unknown, Run> = (source, args, run, info) => {
          const [node] = info.fieldNodes; // before the resolver sees another
          return run.texts?.textsOf(resolve?.(source, args, run, info), node, run, info.path);
        };
        config.fields[asTexts(name)] = { type: withTexts(of), resolve: asText };
      }
      return fields.length === 0 ? undefined : new GraphQLObjectType(config);
    },
  }),
);

/** The name of the root field for the texts of records. */
export const RECORDS = 'copygraphRecords';

const recordsSchemas = new WeakMap<GraphQLOutputType, GraphQLSchema>();

/** A schema whose only query returns the records that it is given, as this type. */
export const toRecordsSchema = (compilable: GraphQLSchema, type: GraphQLOutputType): GraphQLSchema => {
  const resolve = (records: readonly unknown[]): readonly unknown[] => records;
  const fields = { [RECORDS]: { type: new GraphQLList(type), resolve } };
  const made =
    recordsSchemas.get(type) ??
    new GraphQLSchema({
      query: new GraphQLObjectType({ name: 'CopygraphRecords', fields }),
      types: Object.values(compilable.getTypeMap()),
      assumeValid: true,
    });
  recordsSchemas.set(type, made);
  return made;
};
