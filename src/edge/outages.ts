import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { addErrors, asIncremental, isLast } from './incremental.js';

/** The part of a request's context that this plugin uses. */
interface Told {
  readonly outages?: GraphQLError[];
  end?(): void;
}

const withErrors = ({ errors = [], ...rest }: ExecutionResult, more: readonly GraphQLError[]): ExecutionResult => ({
  ...rest,
  errors: [...errors, ...more],
});

/**
 * Adds to `errors` the outages that a query did not ask to see as data, and ends its context. For an answer in parts,
 * an outage goes with the part that contains its field, and the context ends with the last part.
 */
export const useOutages = (): Plugin<Told> => ({
  onExecute: ({ args: { contextValue } }) => ({
    onExecuteDone: ({ result, setResult }) => {
      const { outages = [] } = contextValue;
      if (Symbol.asyncIterator in result) {
        return {
          onNext: ({ result: part, setResult: setPart }) => {
            const { whole, left } = addErrors(asIncremental(part), outages.splice(0));
            setPart(isLast(whole) && left.length > 0 ? withErrors(whole, left) : whole);
            if (!isLast(whole)) outages.push(...left);
          },
          onEnd: () => contextValue.end?.(),
        };
      }
      contextValue.end?.();
      if (outages.length > 0) setResult(withErrors(result, outages));
      return undefined;
    },
  }),
  onSubscribe: ({ args: { contextValue } }) => ({
    onSubscribeResult: ({ result }) => {
      if (!(Symbol.asyncIterator in result)) {
        contextValue.end?.(); // it was refused
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
});
