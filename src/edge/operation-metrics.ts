import { type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Arrived } from './arrival.js';
import { type Incremental, asIncremental } from './incremental.js';
import type { Metrics, OperationOutcome } from './metrics.js';

/** The outcome of a complete answer. */
export const outcomeOf = ({ data, errors = [] }: ExecutionResult): OperationOutcome => {
  if (errors.length === 0) return 'ok';
  return data === undefined || data === null ? 'failed' : 'partial';
};

const hasErrors = ({ errors, incremental = [] }: Incremental): boolean =>
  errors !== undefined || incremental.some((piece) => piece.errors !== undefined);

/** The request of an operation, over any transport. */
interface Carried {
  readonly request: Request;
}

/**
 * Counts operations by kind and outcome, over every transport. Requests refused before a query, such as by a missing
 * key, do not count. Must come after the plugins that add errors.
 */
export const createOperationMetrics = ({
  operation,
}: Pick<Metrics, 'operation'>): {
  readonly plugin: Plugin<Carried, Arrived>;
  /** To be called for a request that gets the answer of another with the same query. */
  answered(request: Request): void;
  /** The same for one that is answered at once. */
  repeated(): void;
} => {
  const begun = new WeakMap<Request, number>();
  const counted = new WeakSet<Request>();
  const unexecuted = new WeakSet<Request>(); // queries answered without their own execution
  const msOf = (request: Request): number | null => {
    const startedAt = begun.get(request);
    return startedAt === undefined ? null : performance.now() - startedAt;
  };
  const plugin: Plugin<Carried, Arrived> = {
    onParams: ({ request, context: { arrival } }) => void begun.set(request, arrival?.at ?? performance.now()),
    // On a WebSocket, operations have no parameters.
    onParse: ({ context: { request } }) => void (begun.has(request) || begun.set(request, performance.now())),
    onExecute: ({ args: { document, operationName, contextValue } }) => {
      const { request } = contextValue;
      const { operation: kind } = getOperationAST(document, operationName) ?? { operation: 'unknown' };
      return {
        onExecuteDone: ({ result }) => {
          counted.add(request);
          if (!(Symbol.asyncIterator in result)) {
            operation(kind, outcomeOf(result), msOf(request));
            return undefined;
          }
          let outcome: OperationOutcome = 'ok';
          return {
            onNext: ({ result: part }) => {
              if (hasErrors(asIncremental(part))) outcome = 'partial';
            },
            onEnd: () => operation(kind, outcome, msOf(request)),
          };
        },
      };
    },
    onSubscribe: ({ args: { contextValue } }) => ({
      onSubscribeResult: ({ result }) => {
        counted.add(contextValue.request);
        operation('subscription', Symbol.asyncIterator in result ? 'ok' : outcomeOf(result), null);
      },
    }),
    // Over HTTP: refused before it ran.
    onExecutionResult: ({ request, result }) => {
      if (counted.has(request) || result === undefined || Array.isArray(result) || Symbol.asyncIterator in result)
        return;
      operation(unexecuted.has(request) ? 'query' : 'unknown', outcomeOf(result), msOf(request));
    },
  };
  return {
    plugin,
    answered: (request) => void unexecuted.add(request),
    repeated: () => operation('query', 'ok', 0),
  };
};
