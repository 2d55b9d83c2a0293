import { type DocumentNode, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Metrics, OperationKind, OperationOutcome } from './metrics.js';

/** What this plugin sees of an execution. */
interface Execution {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly contextValue: { readonly request: Request };
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly unknown[] | undefined;
}

const outcomeOf = ({ data, errors = [] }: Answer): OperationOutcome => {
  if (errors.length === 0) return 'ok';
  return data === undefined || data === null ? 'failed' : 'partial';
};

/** Counts the operations by kind and outcome. What never gets as far as a query, such as a missing key, is none. */
export const useOperationMetrics = ({ operation }: Pick<Metrics, 'operation'>): Plugin => {
  const started = new WeakMap<Request, number>();
  const kinds = new WeakMap<Request, OperationKind>();
  const remember = ({ document, operationName, contextValue: { request } }: Execution): void => {
    const { operation: kind } = getOperationAST(document, operationName) ?? { operation: 'unknown' };
    kinds.set(request, kind);
  };
  return {
    onParams: ({ request }) => void started.set(request, performance.now()),
    onExecute: ({ args }) => remember(args),
    onSubscribe: ({ args }) => remember(args),
    onExecutionResult: ({ request, result }) => {
      const kind = kinds.get(request) ?? 'unknown';
      if (result === undefined || Array.isArray(result)) return;
      if (Symbol.asyncIterator in result) return operation(kind, 'ok', null);
      const startedAt = started.get(request);
      operation(kind, outcomeOf(result), startedAt === undefined ? null : performance.now() - startedAt);
    },
  };
};
