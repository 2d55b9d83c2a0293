import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Puts the outages that a query did not ask to see as data into its `errors`. */
export const useOutages = (): Plugin<{ readonly outages?: readonly GraphQLError[] }> => ({
  onExecute: ({ args }) => ({
    onExecuteDone: ({ result, setResult }) => {
      const outages = args.contextValue.outages ?? [];
      if (outages.length === 0 || Symbol.asyncIterator in result) return;
      const { errors = [], ...rest }: ExecutionResult = result;
      setResult({ ...rest, errors: [...errors, ...outages] });
    },
  }),
});
