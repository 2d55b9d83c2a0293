import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  Lexer,
  Source,
  TokenKind,
  getOperationAST,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { CALL_WEIGHT } from '../domain/query-cost.js';
import { coercedOf } from './coerced-variables.js';
import { createCosts } from './query-cost.js';
import { type QueryShape, shapeOf } from './query-shape.js';

/** The limits of one operation, as in `limits` of the config. */
interface QueryLimits {
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxRootFields: number;
  readonly maxTokens: number;
  readonly maxCost: number;
  readonly maxPageSize: number;
}

const MAX_NESTING = 200; // of brackets: the parser is recursive
const MAX_INTROSPECTION_DEPTH = 20; // tools' own introspection query is 15 deep
const MAX_REPEATS = 50; // many components' fragments ask for the same `id`
const MAX_DIRECTIVES = 5; // there are four

type Figures = Readonly<Record<string, number | string>>;

/** Over HTTP it is 400 if the caller accepts GraphQL's own media type, as for every query that cannot run. */
const tooComplex = (message: string, figures: Figures): GraphQLError =>
  new GraphQLError(message, {
    extensions: { code: 'QUERY_TOO_COMPLEX', ...figures, http: { spec: true, status: 400 } },
  });

const figure = (value: number): number => Math.min(value, Number.MAX_SAFE_INTEGER);
const written = (value: number): string => figure(value).toLocaleString('en-US');

const opening: readonly string[] = [TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L];
const closing: readonly string[] = [TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R];

/** Counts before parsing, because parsing is the target of a flood of tokens. */
const countTokens = (text: string, maxTokens: number): void => {
  const lexer = new Lexer(new Source(text));
  let nesting = 0;
  for (let tokens = 0; ; tokens += 1) {
    try {
      lexer.advance();
    } catch {
      return; // the parser reports the problem and its place
    }
    const { kind } = lexer.token;
    if (kind === TokenKind.EOF) return;
    if (opening.includes(kind)) nesting += 1;
    if (closing.includes(kind)) nesting -= 1;
    if (tokens >= maxTokens)
      throw tooComplex(`The query has more than ${maxTokens} tokens (limits.maxTokens); split it.`, {
        limit: 'maxTokens',
        most: maxTokens,
      });
    if (nesting > MAX_NESTING)
      throw tooComplex(`The query nests brackets more than ${MAX_NESTING} deep.`, {
        limit: 'nesting',
        most: MAX_NESTING,
      });
  }
};

interface Rule {
  readonly limit: string; // its name in the config, if it has one
  readonly most: number;
  readonly of: (shape: QueryShape) => number;
  readonly says: (value: string) => string;
}

const rulesOf = ({ maxDepth, maxAliases, maxRootFields }: QueryLimits): readonly Rule[] => [
  { limit: 'maxDepth', most: maxDepth, of: ({ depth }) => depth, says: (n) => `nests fields ${n} deep` },
  { limit: 'maxAliases', most: maxAliases, of: ({ aliases }) => aliases, says: (n) => `has ${n} aliases` },
  {
    limit: 'maxRootFields',
    most: maxRootFields,
    of: ({ rootFields }) => rootFields,
    says: (n) => `has ${n} fields at the root`,
  },
  {
    limit: 'repeats',
    most: MAX_REPEATS,
    of: ({ repeats }) => repeats,
    says: (n) => `asks ${n} times for one field in one place`,
  },
  {
    limit: 'directives',
    most: MAX_DIRECTIVES,
    of: ({ directives }) => directives,
    says: (n) => `has ${n} directives in one place`,
  },
  {
    limit: 'introspectionDepth',
    most: MAX_INTROSPECTION_DEPTH,
    of: ({ introspectionDepth }) => introspectionDepth,
    says: (n) => `nests introspection ${n} deep`,
  },
];

const refusalsOf = (document: DocumentNode, rules: readonly Rule[]): readonly GraphQLError[] => {
  const shape = shapeOf(document);
  return rules.flatMap(({ limit, most, of, says }) => {
    const value = of(shape);
    if (value <= most) return [];
    const message = `The query ${says(written(value))}; the limit is ${most}. Ask for less at once.`;
    return [tooComplex(message, { limit, value: figure(value), most })];
  });
};

/** The executor's arguments of an operation. */
interface Run {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The request of an operation, over any transport. */
interface Carried {
  readonly request: Request;
}

/** An operation about to run, which may still be stopped. */
interface Starting {
  readonly args: Run & { readonly contextValue: Carried };
  setResultAndStopExecution(result: ExecutionResult): void;
}

/** `null` if it may run, and also if it cannot: then the executor reports the reason. */
const refusalOf = (
  args: Run,
  { maxCost, maxPageSize }: QueryLimits,
  costOf: ReturnType<typeof createCosts>,
  costs: (cost: number) => void,
): GraphQLError | null => {
  const { schema, document, operationName } = args;
  const [operation, variables] = [getOperationAST(document, operationName), coercedOf(args)];
  if (operation === null || operation === undefined || variables === null) return null;
  const { cost, calls } = costOf({ schema, document, operation, variables, maxPageSize });
  costs(figure(cost));
  if (cost <= maxCost) return null;
  const records = cost - calls * CALL_WEIGHT;
  return tooComplex(
    `The query may cost ${written(cost)}: ${written(records)} records, and ${written(calls)} upstream ${calls === 1 ? 'call' : 'calls'} at ${CALL_WEIGHT} each. The limit is ${written(maxCost)} (limits.maxCost); ask for smaller pages, or for fewer lists within lists.`,
    { limit: 'maxCost', cost: figure(cost), maxCost, records: figure(records), calls: figure(calls) },
  );
};

/**
 * Refuses a query that asks for too much, before anything is read for it. Its tokens are checked before parsing and its
 * shape before validation, because both steps can be made slow; its cost is checked before it runs. Must come after the
 * plugins that read a result. `costs` receives the cost.
 */
export const useQueryLimits = (
  limits: QueryLimits,
  costs: (request: Request, cost: number) => void,
): Plugin<Carried> => {
  const rules = rulesOf(limits);
  const costOf = createCosts();
  const refuse = ({ args, setResultAndStopExecution }: Starting): void => {
    const refusal = refusalOf(args, limits, costOf, (cost) => costs(args.contextValue.request, cost));
    if (refusal !== null) setResultAndStopExecution({ errors: [refusal] });
  };
  return {
    onParse: ({ params: { source } }) =>
      countTokens(typeof source === 'string' ? source : source.body, limits.maxTokens),
    onValidate: ({ params: { documentAST }, setResult }) => {
      const refusals = refusalsOf(documentAST, rules);
      if (refusals.length > 0) setResult(refusals);
    },
    onExecute: refuse,
    onSubscribe: refuse,
  };
};
