import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
  getOperationAST,
  locatedError,
} from 'graphql';
import type * as Jit from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { coercedOf } from '../coerced-variables.js';
import { compiler } from './compiler.js';
import { type Traits, sizeOf, nodesAt, settled, traitsOf } from './document.js';
import { type Run, serializersOf, toCompilable } from './schema.js';

const MOST_KEPT = 500;
const MOST_FIELDS = 1000; // of one query, as code
const MOST_FIELDS_KEPT = 50_000;

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** The errors thrown while leaves were serialized, by message. */
const thrown = new LRUCache<string, Error>({ max: 100 });
const remember = (error: Error): void => void thrown.set(error.message, error);

const placeOf = ({ line, column }: { readonly line: number; readonly column: number }): string => `${line}:${column}`;

/** The error that GraphQL itself would have made: with the nodes of its field and its path. */
const toError = (error: GraphQLError, document: DocumentNode, operation: OperationDefinitionNode): GraphQLError => {
  const { path, locations = [], originalError, message } = error;
  const places = new Set(locations.map(placeOf));
  const nodes = nodesAt(document, operation.selectionSet, path ?? []).filter(
    ({ loc }) => loc !== undefined && places.has(placeOf(loc.startToken)),
  );
  return locatedError(originalError ?? thrown.get(message) ?? new GraphQLError(message), nodes, path);
};

const executeOf = (
  query: Jit.CompiledQuery['query'],
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Execute => {
  const finish = ({ errors, ...result }: ExecutionResult): ExecutionResult =>
    errors === undefined ? result : { ...result, errors: errors.map((error) => toError(error, document, operation)) };
  return (args) => {
    const run: Run = { contextValue: args.contextValue, variables: coercedOf(args) ?? {}, known: new Map() };
    const result = query(args.rootValue, run, {});
    return result instanceof Promise ? result.then(finish) : finish(result);
  };
};

/** The result for a query: its code, or that it cannot be compiled. */
interface Kept {
  readonly execute: Execute | null;
  readonly size: number; // number of fields
}

const notCompiled: Kept = { execute: null, size: 1 };

const compile = (args: ExecutionArgs, operation: OperationDefinitionNode, compilable: GraphQLSchema): Kept => {
  const { schema, document } = args;
  const root = schema.getQueryType();
  const copy = settled(document, coercedOf(args) ?? {});
  const set = copy === null ? null : getOperationAST(copy, operation.name?.value)?.selectionSet;
  if (copy === null || root === undefined || root === null || set === undefined || set === null) return notCompiled;
  const size = sizeOf(copy, set, schema, root, MOST_FIELDS);
  if (size >= MOST_FIELDS) return notCompiled;
  const { compileQuery, isCompiledQuery } = compiler();
  const compiled = compileQuery(compilable, copy, operation.name?.value, {
    disablingCapturingStackErrors: true,
    customSerializers: serializersOf(schema, remember),
  });
  return isCompiledQuery(compiled) ? { execute: executeOf(compiled.query, document, operation), size } : notCompiled;
};

/**
 * Compiles a query when it has run more than `after` times. Documents that the compiler handles otherwise than GraphQL
 * run the ordinary way: mutations, subscriptions, introspection, `@defer`, many conditions.
 */
const createCompiler = (after: number): ((args: ExecutionArgs) => Execute | null) => {
  const traits = new WeakMap<DocumentNode, Traits>();
  const numbers = new WeakMap<DocumentNode, number>();
  const kept = new LRUCache<string, Kept>({
    max: MOST_KEPT,
    maxSize: MOST_FIELDS_KEPT,
    sizeCalculation: ({ size }) => size + 1,
  });
  const seen = new LRUCache<string, number>({ max: 4 * MOST_KEPT });
  let documents = 0;

  const numberOf = (document: DocumentNode): number => {
    const number = numbers.get(document) ?? (documents += 1);
    numbers.set(document, number);
    return number;
  };

  return (args) => {
    const { schema, document, operationName } = args;
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== OperationTypeNode.QUERY) return null;
    const known = traits.get(document) ?? traitsOf(document, schema);
    traits.set(document, known);
    const variables = known.compilable ? coercedOf(args) : null;
    if (variables === null) return null;
    const form = known.booleans.map((name) => String(variables[name]));
    const key = [numberOf(document), operation.name?.value ?? '', ...form].join(' ');
    const found = kept.get(key);
    if (found !== undefined) return found.execute;
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    if (times <= after) return null;
    const made = compile(args, operation, toCompilable(schema));
    kept.set(key, made);
    return made.execute;
  };
};

/** Runs queries as compiled code. Must come after the plugins that refuse operations. */
export const useCompiledExecution = (after: number): Plugin => {
  const compiled = createCompiler(after);
  return {
    onExecute: ({ args, setExecuteFn }) => {
      const execute = compiled(args);
      if (execute !== null) setExecuteFn(execute);
    },
  };
};
