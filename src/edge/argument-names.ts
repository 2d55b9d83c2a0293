import { type ASTNode, type DocumentNode, GraphQLError, Kind, visit } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const literals: readonly string[] = [
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
];

/** The argument that contains the first such node, such as `filter.startedAfter`; `null` if there is none. */
const argumentOf = (document: DocumentNode, isMeant: (node: ASTNode) => boolean): string | null => {
  let found: string | null = null;
  visit(document, {
    enter: (node, _key, parent, _path, ancestors) => {
      if (found !== null || !isMeant(node)) return undefined;
      const above = [...ancestors, parent]; // the ancestors include lists of siblings, which do not matter
      const names = above.flatMap((one) =>
        one !== undefined && 'kind' in one && (one.kind === Kind.ARGUMENT || one.kind === Kind.OBJECT_FIELD)
          ? [one.name.value]
          : [],
      );
      if (names.length > 0) found = names.join('.');
      return undefined;
    },
  });
  return found;
};

const named = (error: GraphQLError, argument: string): GraphQLError =>
  new GraphQLError(`${argument}: ${error.message}`, {
    nodes: error.nodes ?? null,
    extensions: { ...error.extensions, code: 'BAD_USER_INPUT', argument },
  });

/** Names the argument of a literal that its type refuses. */
const nameLiteral = (document: DocumentNode, error: Error): Error => {
  // Yoga caches the validation errors of a document, so the same error may come again.
  if (!(error instanceof GraphQLError) || error.extensions['argument'] !== undefined) return error;
  const [value] = error.nodes ?? [];
  const isTwice = value?.kind === Kind.NAME && error.message.startsWith('There can be only one input field named');
  if (value === undefined || (!isTwice && !literals.includes(value.kind))) return error;
  const argument = argumentOf(document, (node) => node === value);
  return argument === null ? error : named(error, argument);
};

/** Names the argument of a variable whose value is refused; the error points at the variable's definition. */
const nameVariable = (document: DocumentNode, error: GraphQLError): GraphQLError => {
  const [definition] = error.nodes ?? [];
  if (error.path !== undefined || definition?.kind !== Kind.VARIABLE_DEFINITION) return error;
  const name = definition.variable.name.value;
  const argument = argumentOf(document, (node) => node.kind === Kind.VARIABLE && node.name.value === name);
  if (argument === null) return error;
  // For a value with members, GraphQL's message names the member.
  const [, member = ''] =
    /^Variable "\$\w+" got invalid value .*? at "\w+((?:\.\w+|\[\d+\])+)/s.exec(error.message) ?? [];
  return named(error, argument + member.replace(/\[\d+\]/g, '')); // as in a query: list indexes are dropped
};

/**
 * GraphQL refuses a value without naming its argument. This adds the argument's name, and the error code of values that
 * we refuse ourselves.
 */
export const useArgumentNames = (): Plugin => ({
  onValidate:
    ({ params: { documentAST } }) =>
    ({ result, setResult }) => {
      const errors: readonly Error[] = result;
      if (errors.length > 0) setResult(errors.map((error) => nameLiteral(documentAST, error)));
    },
  onExecute: ({ args: { document } }) => ({
    onExecuteDone: ({ result, setResult }) => {
      if (Symbol.asyncIterator in result || result.errors === undefined) return;
      setResult({ ...result, errors: result.errors.map((error) => nameVariable(document, error)) });
    },
  }),
});
