import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { addErrors, asIncremental, isLast } from './incremental.js';

/** The part of a request's context that this plugin uses. */
interface Told {
  readonly outages?: GraphQLError[];
  end?(): void;
}

interface OutagesOptions {
  /** Receives the context of each operation that has ended. */
  readonly ended: (context: object) => void;
}

const withErrors = ({ errors = [], ...rest }: ExecutionResult, more: readonly GraphQLError[]): ExecutionResult => ({
  ...rest,
  errors: [...errors, ...more],
});

interface NextPart {
  readonly result: ExecutionResult;
  setResult(part: ExecutionResult): void;
}

/** Adds each outage to the part that contains its field, or to the last one. */
const addTo =
  (outages: GraphQLError[]) =>
  ({ result, setResult }: NextPart): void => {
    const { whole, left } = addErrors(asIncremental(result), outages.splice(0));
    setResult(isLast(whole) && left.length > 0 ? withErrors(whole, left) : whole);
    if (!isLast(whole)) outages.push(...left);
  };

/**
 * Adds to `errors` the outages that a query did not ask to see as data, and ends its context. For an answer in parts,
 * an outage goes with the part that contains its field, and the context ends with the last part.
 */
export const useOutages = ({ ended }: OutagesOptions): Plugin<Told> => {
  const end = (contextValue: Told): void => {
    contextValue.end?.();
    ended(contextValue);
  };
  return {
    onExecute: ({ args: { contextValue } }) => ({
      onExecuteDone: ({ result, setResult }) => {
        const { outages = [] } = contextValue;
        if (Symbol.asyncIterator in result) return { onNext: addTo(outages), onEnd: () => end(contextValue) };
        end(contextValue);
        if (outages.length > 0) setResult(withErrors(result, outages));
        return undefined;
      },
    }),
    onSubscribe: ({ args: { contextValue } }) => ({
      onSubscribeResult: ({ result }) => {
        if (!(Symbol.asyncIterator in result)) {
          end(contextValue); // it was refused
          return undefined;
        }
        return {
          // Each event has its own list.
          onNext: ({ result: event, setResult }) => {
            const outages = contextValue.outages?.splice(0) ?? [];
            if (outages.length > 0) setResult(withErrors(event, outages));
          },
        };
      },
    }),
  };
};
