import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** What this plugin sees of a request's context. */
interface Told {
  readonly outages?: readonly GraphQLError[];
  end?(): void;
}

/** Puts the outages that a query did not ask to see as data into its `errors`, and ends its context. */
export const useOutages = (): Plugin<Told> => ({
  onExecute: ({ args }) => ({
    onExecuteDone: ({ result, setResult }) => {
      const { outages = [], end } = args.contextValue;
      end?.();
      if (outages.length === 0 || Symbol.asyncIterator in result) return;
      const { errors = [], ...rest }: ExecutionResult = result;
      setResult({ ...rest, errors: [...errors, ...outages] });
    },
  }),
});
