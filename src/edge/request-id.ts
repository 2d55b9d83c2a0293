import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type Plugin, isAsyncIterable, mapAsyncIterator } from 'graphql-yoga';
import { asIncremental } from './incremental.js';

/** The header that a proxy or client may send, and that every answer has. */
export const REQUEST_ID = 'x-request-id';

/** The ids that other programs make: long enough to be found in a log, and unable to break a log line. */
const taken = /^[\w.:/+=@~-]{1,128}$/;

const ids = new WeakMap<IncomingMessage, string>();

/** The id of a request: the one it came with, otherwise a new one. */
export const requestIdOf = (request: IncomingMessage): string => {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const given = request.headers[REQUEST_ID];
  const id = typeof given === 'string' && taken.test(given) ? given : randomUUID();
  ids.set(request, id);
  return id;
};

const marked = (error: GraphQLError, requestId: string): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    originalError: error.originalError ?? null,
    extensions: { ...error.extensions, requestId },
  });

type Failure = GraphQLError | GraphQLFormattedError;

/** Adds the id of its request to an error, in the form it had. */
const withId = <E extends Failure>(error: E, requestId: string): E | GraphQLError =>
  error instanceof GraphQLError
    ? marked(error, requestId)
    : { ...error, extensions: { ...error.extensions, requestId } };

interface Failed {
  readonly errors?: readonly Failure[] | undefined;
}

const withIds = <Part extends Failed>(part: Part, requestId: string): Part =>
  part.errors === undefined ? part : { ...part, errors: part.errors.map((error) => withId(error, requestId)) };

/** The text of a refusal, with the id of its request. */
export const refusalText = (body: Failed, request: IncomingMessage | undefined): string =>
  JSON.stringify(request === undefined ? body : withIds(body, requestIdOf(request)));

/** Adds the id of its request to each error of an answer, an event or one payload of an answer in parts. */
export const markErrors = <Result extends Failed>(result: Result, requestId: string): Result => {
  const { incremental } = asIncremental(result);
  const marked = withIds(result, requestId);
  if (incremental?.some(({ errors }) => errors !== undefined) !== true) return marked;
  return { ...marked, incremental: incremental.map((piece) => withIds(piece, requestId)) };
};

/** Adds the request's id to each error over HTTP. Must come before the plugin that writes the answer. */
export const useRequestId = (): Plugin<object, { readonly req?: IncomingMessage }> => ({
  onResultProcess: ({ result, setResult, serverContext: { req } }) => {
    if (Array.isArray(result) || req === undefined) return;
    const mark = (part: ExecutionResult): ExecutionResult => markErrors(part, requestIdOf(req));
    if (isAsyncIterable(result)) setResult(mapAsyncIterator<ExecutionResult, ExecutionResult>(result, mark));
    else if (result.errors !== undefined) setResult(mark(result));
  },
});
