import { type ASTNode, type DocumentNode, GraphQLError, Kind, visit } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Where in the arguments a value stands: `filter.startedAfter`. */
const argumentOf = (document: DocumentNode, value: ASTNode): string | null => {
  let found: string | null = null;
  visit(document, {
    enter: (node, _key, _parent, _path, ancestors) => {
      if (node !== value) return undefined;
      found = ancestors
        .flat()
        .filter((ancestor) => ancestor.kind === Kind.ARGUMENT || ancestor.kind === Kind.OBJECT_FIELD)
        .map((ancestor) => ancestor.name.value)
        .join('.');
      return undefined;
    },
  });
  return found;
};

/** A scalar refuses a literal without knowing where it stands; this says it, so that the message names the argument. */
export const useArgumentNames = (): Plugin => ({
  onValidate:
    ({ params: { documentAST } }) =>
    ({ result, setResult }) => {
      if (result.length === 0) return;
      const errors: readonly Error[] = result;
      setResult(
        errors.map((error) => {
          if (!(error instanceof GraphQLError)) return error;
          const [value] = error.nodes ?? [];
          if (error.extensions['code'] !== 'BAD_USER_INPUT' || value === undefined) return error;
          const argument = argumentOf(documentAST, value);
          if (argument === null || argument === '') return error;
          return new GraphQLError(`${argument}: ${error.message}`, {
            nodes: error.nodes ?? null,
            extensions: { ...error.extensions, argument },
          });
        }),
      );
    },
});
