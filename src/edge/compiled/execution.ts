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
import { partsOf } from './parts.js';
import { type Reported, type RunTexts, createRecordTexts } from './record-texts.js';
import { type Run, serializersOf, toCompilable, toTexted } from './schema.js';
import { type TextMemory, createTextMemory } from './text-memory.js';

const compilerOptions = { disablingCapturingStackErrors: true };
const MOST_KEPT = 500;
const MOST_FIELDS = 1000; // of one query, as code
const MOST_FIELDS_KEPT = 50_000;
const CHARACTERS_A_FIELD = 100; // of a query whose literals are long

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** The errors thrown while leaves were serialized, by message. */
const thrown = new LRUCache<string, Error>({ max: 100 });
const remember = (error: Error): void => void thrown.set(error.message, error);

const placeOf = ({ line, column }: { readonly line: number; readonly column: number }): string => `${line}:${column}`;

/** The error that GraphQL itself would have made: with the nodes of its field and its path. */
const toErrorOf =
  (document: DocumentNode, operation: OperationDefinitionNode) =>
  ({ path, locations = [], originalError, message }: Reported): GraphQLError => {
    const places = new Set(locations.map(placeOf));
    const nodes = nodesAt(document, operation.selectionSet, path ?? []).filter(
      ({ loc }) => loc !== undefined && places.has(placeOf(loc.startToken)),
    );
    return locatedError(originalError ?? thrown.get(message) ?? new GraphQLError(message), nodes, path);
  };

type ToError = ReturnType<typeof toErrorOf>;

const executeOf =
  (query: Jit.CompiledQuery['query'], toError: ToError, beginTexts: (() => RunTexts) | null): Execute =>
  (args) => {
    const texts = beginTexts?.() ?? null;
    const run: Run = { contextValue: args.contextValue, variables: coercedOf(args) ?? {}, known: new Map(), texts };
    const finish = ({ errors = [], ...result }: ExecutionResult): ExecutionResult => {
      const all = [...errors.map(toError), ...(texts?.errors ?? [])];
      return all.length === 0 ? result : { ...result, errors: all };
    };
    const result = query(args.rootValue, run, {});
    return result instanceof Promise ? result.then(finish) : finish(result);
  };

/** The result for a query: its code, or that it cannot be compiled. */
interface Kept {
  readonly execute: Execute | null;
  readonly weight: number; // in fields
}

const notCompiled: Kept = { execute: null, weight: 1 };

const compile = (args: ExecutionArgs, operation: OperationDefinitionNode, memory: TextMemory): Kept => {
  const { schema, document } = args;
  const [root, variables, name] = [schema.getQueryType(), coercedOf(args) ?? {}, operation.name?.value];
  const copy = settled(document, variables);
  const set = copy === null ? null : getOperationAST(copy, name)?.selectionSet;
  if (copy === null || root === undefined || root === null || set === undefined || set === null) return notCompiled;
  const size = sizeOf(copy, set, schema, root, MOST_FIELDS);
  if (size >= MOST_FIELDS) return notCompiled;

  const { compileQuery, isCompiledQuery } = compiler();
  const customSerializers = serializersOf(schema, remember);
  const queryOf = (target: GraphQLSchema, asked: DocumentNode, named?: string): Jit.CompiledQuery['query'] | null => {
    const own = settled(asked, variables); // a copy, because the compiler changes it
    const made = own === null ? null : compileQuery(target, own, named, { ...compilerOptions, customSerializers });
    return made !== null && isCompiledQuery(made) ? made.query : null;
  };
  const compilable = toCompilable(schema);
  const toError = toErrorOf(document, operation);
  const parted = partsOf(copy, name, schema);
  const beginTexts =
    parted === null
      ? null
      : createRecordTexts({ document: copy, parted, compilable, memory, compile: queryOf, toError });
  const query =
    parted === null || beginTexts === null
      ? queryOf(compilable, copy, name)
      : queryOf(toTexted(compilable), parted.document, name);
  const weight = size + Math.ceil((document.loc?.source.body.length ?? 0) / CHARACTERS_A_FIELD);
  return query === null ? notCompiled : { execute: executeOf(query, toError, beginTexts), weight };
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
    sizeCalculation: ({ weight }) => weight + 1,
  });
  const seen = new LRUCache<string, number>({ max: 4 * MOST_KEPT });
  const memory = createTextMemory();
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
    const key = [numberOf(document), document.definitions.indexOf(operation), ...form].join(' ');
    const found = kept.get(key);
    if (found !== undefined) return found.execute;
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    if (times <= after) return null;
    const made = compile(args, operation, memory);
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
