import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DocumentNode, Kind, OperationTypeNode, getOperationAST, visit } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { Principal } from '../domain/principal.js';
import type { Admission } from './admission.js';
import { type Made, createAnswerStore } from './answer-store.js';
import type { Arrival, Arrived } from './arrival.js';
import { type Repeatable, ageOf, createRepeats, sendAnswer } from './repeats.js';
import { type Shared, createSharedRuns } from './shared-run.js';
import { createTextCache } from './text-cache.js';

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
  /** Resolves when an execution may begin whose request has not waited: at once, unless other work goes first. */
  readonly turnToBegin: () => Promise<void> | undefined;
  readonly count: (result: 'executed' | 'joined' | 'kept') => void;
  readonly admission: Pick<Admission, 'hold' | 'isFull'>;
  /** Receives each request that is answered without its own execution. */
  readonly answered: (request: Request, how: 'joined' | 'kept') => void;
  /** Receives each request that is answered before anything of it is parsed, and the key of its text. */
  readonly repeated: (request: IncomingMessage, principal: Principal, key: string) => void;
}

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

const rights = new WeakMap<Principal, string>();

/** A caller's rights, as text. */
const rightsOf = (principal: Principal): string => {
  const { scopes, upstreams } = principal;
  const text =
    rights.get(principal) ?? JSON.stringify([[...scopes].sort(), upstreams === null ? null : [...upstreams].sort()]);
  rights.set(principal, text);
  return text;
};

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

/** From this part of its time on, an answer is renewed by the next request, while others still get it. */
const RENEWED = 0.75;

/** Answers one request: from the cache, from a running execution, or by an execution. */
const createSharing = ({ principalOf, editions, keepMs, now, count, answered }: AnswersOptions) => {
  const store = createAnswerStore({ keepMs, now });
  const runs = createSharedRuns({ now, keepMs, done: store.put });
  const answers = new WeakMap<Request, Omit<Repeatable, 'contentType'> & { readonly made: Made }>();
  const use = (result: 'joined' | 'kept', request: Request): void => {
    count(result);
    answered(request, result);
  };
  const isDue = (key: string, { madeAt, until }: Made): boolean =>
    !runs.has(key) && now() >= madeAt + RENEWED * (until - madeAt);
  return {
    current: (key: string): Made | null => {
      const made = store.get(key);
      return made === null || isDue(key, made) ? null : made;
    },
    answerTo: (request: Request) => answers.get(request),
    answer: async (params: GraphQLParams, request: Request, execute: (shared?: Shared) => unknown) => {
      const edition = await editions.current();
      if (edition === null) return execute();
      const key = keyOf(params, request, principalOf(request), edition);
      const made = store.get(key);
      const renews = made !== null && isDue(key, made);
      if (made !== null && !renews) {
        use('kept', request);
        answers.set(request, { edition, key, operation: operationKey(params), made });
        return made.result;
      }
      if (runs.has(key)) use('joined', request);
      return runs.join(key, request.signal, execute, renews);
    },
  };
};

/** The context of a request over HTTP. */
interface Received extends Arrived {
  readonly req?: IncomingMessage;
}

interface Answers {
  /** Must come after the plugin that resolves ids of documents. */
  readonly plugin: Plugin<Carried, Received>;
  /**
   * Answers a request from the cache before anything of it is parsed, if its like was answered so before. Whether it
   * did.
   */
  repeat(arrival: Arrival, request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

type Sharing = ReturnType<typeof createSharing>;
type Repeats = ReturnType<typeof createRepeats>;

const createPlugin = (
  { editions, now, count, turnToBegin }: AnswersOptions,
  { answer, answerTo }: Sharing,
  repeats: Repeats,
): Answers['plugin'] => {
  /** Whether equal operations of a text may share an answer; known of texts that were valid. */
  const shareable = createTextCache<boolean>();
  return {
    onParams: ({ params, request, paramsHandler, setParamsHandler, context: { arrival } }) => {
      if (shareable.get(operationKey(params)) !== true) return;
      setParamsHandler((payload) => {
        const execute = async (shared?: Shared) => {
          if (arrival?.at === undefined) await turnToBegin(); // equal requests can join it from here on
          Object.assign(payload.context, { shared });
          return paramsHandler(payload);
        };
        return answer(params, request, execute) as ReturnType<typeof paramsHandler>; // it has this type
      });
    },
    onExecute: ({ args: { document, operationName, contextValue } }) => {
      const operation = getOperationAST(document, operationName)?.operation;
      if (operation === OperationTypeNode.QUERY) count('executed');
      const key = contextValue.params === undefined ? null : operationKey(contextValue.params);
      if (key !== null && !shareable.has(key)) shareable.set(key, isShareable(document, operationName));
      return operation === OperationTypeNode.MUTATION ? { onExecuteDone: () => editions.advance() } : undefined;
    },
    onResponse: async ({ request, response, serverContext: { arrival, req } }) => {
      const given = answerTo(request);
      if (given === undefined) return;
      response.headers.set('age', ageOf(given.made.madeAt, now()));
      const contentType = response.headers.get('content-type');
      if (arrival === undefined || req === undefined || contentType === null || response.status !== 200) return;
      const { edition, key, operation } = given;
      await repeats.note(arrival, req, { edition, key, operation, contentType });
    },
  };
};

/**
 * Answers equal operations once: those with the same text, variables, name, rights, accepted form and data edition.
 * Requests join a running execution, and an answer without errors is cached for a moment. Each request was
 * authenticated, counted and admitted before.
 */
export const createAnswers = (options: AnswersOptions): Answers => {
  const { editions, now, admission, count, repeated } = options;
  const sharing = createSharing(options);
  const repeats = createRepeats({ edition: editions.current, rightsOf, current: sharing.current });
  return {
    plugin: createPlugin(options, sharing, repeats),
    repeat: async (arrival, request, response) => {
      const found = await repeats.find(arrival, request);
      if (found === null || admission.isFull()) return false;
      admission.hold(request, response);
      count('kept');
      repeated(request, found.principal, found.before.operation);
      await sendAnswer(request, response, found, ageOf(found.made.madeAt, now()));
      return true;
    },
  };
};
