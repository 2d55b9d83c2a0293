import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { type Plugin, mapAsyncIterator } from 'graphql-yoga';

const MOST_ERRORS = 5;

type Failure = GraphQLError | GraphQLFormattedError;

/** Anything with errors: an answer, an event, or one payload of an answer in parts. */
interface Failed {
  readonly errors?: readonly Failure[] | undefined;
  readonly incremental?: readonly Pick<Failed, 'errors'>[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

const kindOf = ({ extensions }: Failure): string =>
  `${String(extensions?.['code'])}:${String(extensions?.['upstream'])}`;

/** The errors to show: the first of each code and upstream, then the others in order. */
const choose = (errors: readonly Failure[]): readonly Failure[] => {
  const first = new Map<string, Failure>();
  for (const error of errors) if (!first.has(kindOf(error))) first.set(kindOf(error), error);
  const firsts = new Set(first.values());
  return [...firsts, ...errors.filter((error) => !firsts.has(error))].slice(0, MOST_ERRORS);
};

/** Keeps five errors, and says how many were left out. A shorter list stays as it is. */
export const limitErrors = <Result extends Failed>(result: Result): Result => {
  const { errors = [], incremental = [], extensions = {} } = result;
  const all = [...errors, ...incremental.flatMap((piece) => piece.errors ?? [])];
  if (all.length <= MOST_ERRORS) return result;
  const chosen = choose(all);
  const keep = <Part extends Pick<Failed, 'errors'>>(part: Part): Part => {
    const kept = chosen.filter((error) => part.errors?.includes(error));
    return { ...part, errors: kept.length > 0 ? kept : undefined };
  };
  return {
    ...keep(result),
    ...(incremental.length > 0 && { incremental: incremental.map(keep) }),
    extensions: { ...extensions, errorsOmitted: all.length - chosen.length },
  };
};

/** For each complete answer over HTTP, because validation errors never reach execution. */
export const useErrorLimit = (): Plugin => ({
  onExecutionResult: ({ result, setResult }) => {
    if (result === undefined || Array.isArray(result)) return;
    if (Symbol.asyncIterator in result)
      setResult(mapAsyncIterator<ExecutionResult, ExecutionResult>(result, limitErrors));
    else setResult(limitErrors(result));
  },
});
