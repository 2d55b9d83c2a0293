import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  type FieldNode,
  type GraphQLFieldConfig,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  getArgumentValues,
  isLeafType,
  isObjectType,
} from 'graphql';
import { oncePerSchema } from '../per-schema.js';

type Arguments = Record<string, unknown>;

/** The context of a compiled operation. */
export interface Run {
  readonly contextValue: unknown;
  readonly variables: Arguments; // as coerced
  readonly known: Map<FieldNode, Arguments>; // arguments that are the same throughout one run
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

/** Gives a resolver the same arguments as GraphQL itself would. */
const resolverOf = (schema: GraphQLSchema, parent: string, name: string): GraphQLFieldResolver<unknown, Run> | null => {
  const type = schema.getType(parent);
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  if (field?.resolve === undefined) return null;
  const { resolve, args } = field;
  return (source, _args, run, info) => {
    const [node] = info.fieldNodes;
    const given = args.length === 0 || node === undefined ? none : argumentsOf(field, node, run);
    const own: { variableValues: GraphQLResolveInfo['variableValues'] } = info; // made for this call alone
    own.variableValues = run.variables;
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
