import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** At the end of a message, after the problem. */
const suggestion = / Did you mean [^]*$/;

const withoutSuggestion = (error: Error): Error =>
  error instanceof GraphQLError && suggestion.test(error.message)
    ? new GraphQLError(error.message.replace(suggestion, ''), {
        nodes: error.nodes ?? null,
        source: error.source ?? null,
        positions: error.positions ?? null,
        path: error.path ?? null,
        originalError: error.originalError ?? null,
        extensions: error.extensions,
      })
    : error;

const withoutSuggestions = (result: ExecutionResult): ExecutionResult => ({
  ...result,
  errors: result.errors?.map((error) => withoutSuggestion(error) as GraphQLError) ?? [], // of the same type
});

interface Done {
  readonly result: ExecutionResult | AsyncIterable<ExecutionResult>;
  setResult(result: ExecutionResult): void;
}

const strip = ({ result, setResult }: Done): void => {
  if (!(Symbol.asyncIterator in result) && result.errors !== undefined) setResult(withoutSuggestions(result));
};

/**
 * Removes GraphQL's suggestions of similar names, which would reveal the schema bit by bit. This covers names in a
 * query and in its variables.
 */
export const useNoSuggestions = (): Plugin => ({
  onValidate:
    () =>
    ({ result, setResult }) => {
      const errors: readonly Error[] = result;
      if (errors.length > 0) setResult(errors.map(withoutSuggestion));
    },
  onExecute: () => ({ onExecuteDone: strip }),
  onSubscribe: () => ({ onSubscribeResult: strip }),
});
