import { type DocumentNode, Kind, OperationTypeNode, getOperationAST, visit } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../domain/principal.js';
import { createAnswerStore } from './answer-store.js';
import { type Shared, createSharedRuns } from './shared-run.js';

/** The edition of the data that answers come from. Every mutation of any caller begins a new one. */
export interface Editions {
  /** `null` if it is unknown: then no answer may be shared. */
  current(): Promise<string | null>;
  advance(): Promise<void>;
}

/** The part of a request's own context that is used here. */
interface Carried {
  readonly request: Request;
  readonly params?: GraphQLParams;
  shared?: Shared;
}

interface AnswersOptions {
  readonly principalOf: (request: Request) => Principal;
  readonly editions: Editions;
  /** The longest time an answer is cached, in milliseconds; 0 caches none. */
  readonly keepMs: number;
  readonly now: () => number; // milliseconds
  readonly count: (result: 'executed' | 'joined' | 'kept') => void;
  /** Receives each request that is answered without its own execution. */
  readonly answered: (request: Request, how: 'joined' | 'kept') => void;
}

const MOST_TEXTS = 2000;
const MOST_CHARACTERS = 8_388_608;

/** Whether equal operations of a document may share an answer. */
const isShareable = (document: DocumentNode, operationName: string | null | undefined): boolean => {
  let shareable = getOperationAST(document, operationName)?.operation === OperationTypeNode.QUERY;
  visit(document, {
    enter: (node) => {
      if (node.kind === Kind.ARGUMENT && node.name.value === 'maxAge') shareable = false;
      if (node.kind === Kind.DIRECTIVE && ['defer', 'stream'].includes(node.name.value)) shareable = false;
    },
  });
  return shareable;
};

const rightsOf = ({ scopes, upstreams }: Principal): readonly unknown[] => [
  [...scopes].sort(),
  upstreams === null ? null : [...upstreams].sort(),
];

/** The identity of an operation's text. */
export const operationKey = ({ query, operationName }: GraphQLParams): string =>
  `${operationName ?? ''}\n${query ?? ''}`;

/** The key of an answer: everything it depends on. */
const keyOf = (params: GraphQLParams, request: Request, principal: Principal, edition: string): string =>
  JSON.stringify([
    edition,
    rightsOf(principal),
    request.headers.get('accept'),
    operationKey(params),
    params.variables ?? {},
  ]);

/** Answers one request: from the cache, from a running execution, or by an execution. */
const createSharing = ({ principalOf, editions, keepMs, now, count, answered }: AnswersOptions) => {
  const store = createAnswerStore({ keepMs, now });
  const runs = createSharedRuns({ now, keepMs, done: store.put });
  const ages = new WeakMap<Request, number>();
  const use = (result: 'joined' | 'kept', request: Request): void => {
    count(result);
    answered(request, result);
  };
  return {
    ageOf: (request: Request): number | null => ages.get(request) ?? null,
    answer: async (params: GraphQLParams, request: Request, execute: (shared?: Shared) => unknown) => {
      const edition = await editions.current();
      if (edition === null) return execute();
      const key = keyOf(params, request, principalOf(request), edition);
      const kept = store.get(key);
      if (kept !== null) {
        use('kept', request);
        ages.set(request, Math.floor((now() - kept.madeAt) / 1000));
        return kept.result;
      }
      if (runs.has(key)) use('joined', request);
      return runs.join(key, request.signal, execute);
    },
  };
};

/**
 * Answers equal operations once: those with the same text, variables, name, rights, accepted form and data edition.
 * Requests join a running execution, and an answer without errors is cached for a moment. Each request was
 * authenticated, counted and admitted before. Must come after the plugin that resolves ids of documents.
 */
export const useAnswers = (options: AnswersOptions): Plugin<Carried> => {
  const { answer, ageOf } = createSharing(options);
  /** For operations that are known to be valid. */
  const shareable = new LRUCache<string, boolean>({
    max: MOST_TEXTS,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_, text) => text.length,
  });
  return {
    onParams: ({ params, request, paramsHandler, setParamsHandler }) => {
      if (shareable.get(operationKey(params)) !== true) return;
      setParamsHandler((payload) => {
        const execute = (shared?: Shared) =>
          paramsHandler({ ...payload, context: Object.assign(payload.context, { shared }) });
        return answer(params, request, execute) as ReturnType<typeof paramsHandler>; // it has this type
      });
    },
    onExecute: ({ args: { document, operationName, contextValue } }) => {
      const operation = getOperationAST(document, operationName)?.operation;
      if (operation === OperationTypeNode.QUERY) options.count('executed');
      const key = contextValue.params === undefined ? null : operationKey(contextValue.params);
      if (key !== null && !shareable.has(key)) shareable.set(key, isShareable(document, operationName));
      return operation === OperationTypeNode.MUTATION ? { onExecuteDone: () => options.editions.advance() } : undefined;
    },
    onResponse: ({ request, response }) => {
      const age = ageOf(request);
      if (age !== null) response.headers.set('age', String(age));
    },
  };
};
