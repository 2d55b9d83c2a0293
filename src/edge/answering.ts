import type { IncomingMessage } from 'node:http';
import { type DocumentNode, type GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import { type Plugin, getSSEProcessor, isAsyncIterable, processRegularResult } from 'graphql-yoga';
import { answerFormsOf, served } from './answer-form.js';
import { isPutOff } from './deferred.js';
import { answerEventsInParts, answerInParts } from './multipart.js';
import { refusedRequest } from './refusal.js';

/** The request of an operation: over HTTP with Node's own request. */
interface Carrier {
  readonly request: Request;
  readonly req?: IncomingMessage;
}

/** The executor's arguments of an operation. */
interface Run {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

const notServed = (message: string): GraphQLError => refusedRequest(406, 'BAD_USER_INPUT', message);

/** The refusal for a caller that accepts no supported form, whatever the operation. */
export const nothingServed = (): GraphQLError =>
  notServed(
    `The form that \`Accept\` asks for is not supported. Accept ${served.whole}; ${served.parts} for \`@defer\` and \`@stream\`; for a subscription ${served.events}.`,
  );

/** The reason why an operation cannot be answered in any form that its caller accepts; `null` if it can. */
const refusalOf = ({ schema, document, operationName, variableValues }: Run, accept: string | null) => {
  const { json, events, parts } = answerFormsOf(accept);
  const operation = getOperationAST(document, operationName);
  if (events || parts) return null;
  if (!json) return nothingServed();
  if (operation === null || operation === undefined) return null; // the executor reports the reason
  if (!isPutOff({ schema, document, operation, variables: variableValues ?? {} })) return null;
  return notServed(
    `An answer with \`@defer\` or \`@stream\` comes in parts: accept ${served.parts}, or leave the directive out.`,
  );
};

/** The caller's `Accept`; `undefined` on a WebSocket, which needs none. */
const acceptOf = ({ request, req }: Carrier): string | null | undefined =>
  req === undefined ? undefined : request.headers.get('accept');

const isNotServed = (result: object): boolean =>
  'errors' in result &&
  Array.isArray(result.errors) &&
  result.errors.some((error: GraphQLError) => Object(error.extensions['http'])['status'] === 406);

/**
 * Answers each operation in a form that its caller accepts, or with 406 and a JSON body that names the supported ones.
 * Must come after the plugins that read a result.
 */
export const useAnswerForms = (): Plugin<Carrier> => {
  const subscriptions = new WeakSet<Request>();
  const asEvents = getSSEProcessor();
  return {
    // Before it runs: a mutation must not run if its caller cannot be answered.
    onExecute: ({ args, setResultAndStopExecution }) => {
      const accept = acceptOf(args.contextValue);
      const refusal = accept === undefined ? null : refusalOf(args, accept);
      if (refusal !== null) setResultAndStopExecution({ errors: [refusal] });
    },
    // Only once it has begun, because a subscription refused for another reason is answered in JSON.
    onSubscribe: ({ args: { contextValue: carrier } }) => {
      subscriptions.add(carrier.request);
      const accept = acceptOf(carrier);
      const { events, eventParts } = answerFormsOf(accept ?? null);
      if (accept === undefined || events || eventParts) return undefined;
      return {
        onSubscribeResult: ({ result, setResult }) => {
          if (!isAsyncIterable(result)) return;
          void result[Symbol.asyncIterator]().return?.();
          setResult({ errors: [notServed(`The events of a subscription are sent as ${served.events}.`)] });
        },
      };
    },
    onResultProcess: ({ request, result, setResultProcessor }) => {
      const { json, events, parts } = answerFormsOf(request.headers.get('accept'));
      if (!isAsyncIterable(result)) {
        if (isNotServed(result)) setResultProcessor(processRegularResult, 'application/json');
        else if (!json && !parts && events) setResultProcessor(asEvents, 'text/event-stream');
        return;
      }
      const isSubscription = subscriptions.has(request);
      const inParts = isSubscription ? answerEventsInParts : answerInParts;
      if (isSubscription ? events : !parts) setResultProcessor(asEvents, 'text/event-stream');
      else setResultProcessor((_result, fetchAPI) => inParts(result, fetchAPI), 'multipart/mixed');
    },
  };
};
