import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type GraphQLError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  Kind,
  type Location,
  OperationTypeNode,
  isOutputType,
  responsePathAsArray,
} from 'graphql';
import type * as Jit from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { fragmentsOf } from '../query-shape.js';
import { JsonText } from './json-text.js';
import { type Part, type Parted, originalsOf } from './parts.js';
import { RECORDS, type Run, type TextRun, toRecordsSchema } from './schema.js';
import type { TextMemory, Texts } from './text-memory.js';

type Query = Jit.CompiledQuery['query'];

/** An error as the compiler reports it. */
export type Reported = Pick<GraphQLError, 'message' | 'path' | 'locations' | 'originalError'>;

interface TextsOptions {
  readonly document: DocumentNode; // without conditions, and not changed
  readonly parted: Parted;
  readonly compilable: GraphQLSchema;
  readonly memory: TextMemory;
  readonly compile: (schema: GraphQLSchema, document: DocumentNode) => Query | null;
  /** Makes the error that GraphQL itself would have made. */
  readonly toError: (error: Reported) => GraphQLError;
}

/** A part as code, with the texts that it has made. */
interface CompiledPart {
  readonly query: Query;
  textsFor(variables: Run['variables']): Texts;
}

const MOST_SCOPES = 20; // sets of variables of one part

/** The query for a part alone, on the records that it is given. */
const documentOf = ({ definitions }: DocumentNode, { selectionSet }: Part): DocumentNode => ({
  kind: Kind.DOCUMENT,
  definitions: [
    {
      kind: Kind.OPERATION_DEFINITION,
      operation: OperationTypeNode.QUERY,
      selectionSet: {
        kind: Kind.SELECTION_SET,
        selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: RECORDS }, selectionSet }],
      },
    },
    ...definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION),
  ],
});

const compilePart = (part: Part, { document, compilable, memory, compile }: TextsOptions): CompiledPart | null => {
  const type = compilable.getType(part.type.name);
  const query = isOutputType(type) ? compile(toRecordsSchema(compilable, type), documentOf(document, part)) : null;
  if (query === null) return null;
  const scopes = new LRUCache<string, Texts>({ max: MOST_SCOPES });
  const textsFor = (variables: Run['variables']): Texts => {
    const scope = JSON.stringify(part.variables.map((name) => variables[name]));
    const texts = scopes.get(scope) ?? memory.create();
    scopes.set(scope, texts);
    return texts;
  };
  return { query, textsFor };
};

/** One field of a run that asks for texts. */
interface Asking {
  readonly run: Run;
  readonly path: GraphQLResolveInfo['path'];
  readonly toError: TextsOptions['toError'];
  /** Receives the errors below records. */
  readonly tell: (errors: readonly GraphQLError[]) => void;
}

/** Reports the errors below records. One that leaves out a record is thrown, because it leaves out its list too. */
const report = (
  { errors = [] }: ExecutionResult,
  values: readonly unknown[],
  pathTo: (at: number) => readonly (string | number)[],
  { toError, tell }: Asking,
): void => {
  const [first, ...others] = errors.map(({ message, path: [, at, ...below] = [], locations, originalError }) =>
    toError({ message, path: [...pathTo(Number(at)), ...below], locations, originalError }),
  );
  if (first === undefined) return;
  tell(others);
  if (values.includes(null)) throw first;
  tell([first]);
};

/**
 * The texts of one record or of a list. New ones are kept, unless they had to be waited for: then they come from
 * another read than their record. After an error they are values, and none is kept.
 */
const textsOf = (part: CompiledPart, given: unknown, asking: Asking): unknown => {
  const isList = Array.isArray(given);
  const records: readonly object[] = isList ? given : [given];
  const texts = part.textsFor(asking.run.variables);
  const answers: unknown[] = records.map(texts.of);
  const missing = answers.flatMap((answer, index) => (answer === undefined ? [index] : []));
  const whole = (): unknown => (isList ? answers : answers[0]);
  if (missing.length === 0) return whole();

  const pathTo = (at: number) => [...responsePathAsArray(asking.path), ...(isList ? [missing[at] ?? at] : [])];
  const take = (result: ExecutionResult, keep: Texts['keep'] | null): unknown => {
    const values = (result.data?.[RECORDS] ?? []) as readonly unknown[]; // a list, as its type says
    report(result, values, pathTo, asking);
    missing.forEach((index, at) => {
      const [record, value] = [records[index], values[at]];
      const text = result.errors === undefined ? new JsonText(value) : null;
      if (text !== null && record !== undefined) keep?.(record, text);
      answers[index] = text ?? value;
    });
    return whole();
  };
  const result = part.query(
    missing.map((index) => records[index]),
    { ...asking.run, texts: null },
    {},
  );
  return result instanceof Promise ? result.then((later) => take(later, null)) : take(result, texts.keep);
};

/** The texts of one run. */
export interface RunTexts extends TextRun {
  /** The errors below records. */
  readonly errors: readonly GraphQLError[];
}

/** Compiles the parts of a document, for any number of runs. `null` if one cannot be compiled. */
export const createRecordTexts = (options: TextsOptions): (() => RunTexts) | null => {
  const { document, parted, toError } = options;
  const parts = new Map<Location, CompiledPart>();
  for (const [location, part] of parted.parts) {
    const compiled = compilePart(part, options);
    if (compiled === null) return null;
    parts.set(location, compiled);
  }
  const originalOf = originalsOf(document);
  const originals = new WeakMap<readonly FieldNode[], readonly FieldNode[]>(); // resolvers remember by the list
  const fragments = Object.fromEntries(fragmentsOf(document));

  return () => {
    const told: GraphQLError[] = [];
    return {
      errors: told,
      fragments,
      originalsOf: (nodes) => {
        const known = originals.get(nodes) ?? nodes.map(originalOf);
        originals.set(nodes, known);
        return known;
      },
      textsOf: (records, node, run, path) => {
        const part = node?.loc === undefined ? undefined : parts.get(node.loc);
        if (part === undefined) throw new Error('No part of the document asks for these texts.');
        return textsOf(part, records, { run, path, toError, tell: (errors) => void told.push(...errors) });
      },
    };
  };
};
