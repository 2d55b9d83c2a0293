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

/** Where in the arguments the first node of that kind stands, such as `filter.startedAfter`; `null` for nowhere. */
const argumentOf = (document: DocumentNode, isMeant: (node: ASTNode) => boolean): string | null => {
  let found: string | null = null;
  visit(document, {
    enter: (node, _key, parent, _path, ancestors) => {
      if (found !== null || !isMeant(node)) return undefined;
      const above = [...ancestors, parent]; // in between stand lists, with siblings that do not matter
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

/** A literal that its argument's type refuses, whatever the type. */
const nameLiteral = (document: DocumentNode, error: Error): Error => {
  // Yoga keeps what validation said of a document, so that the same error may come by again.
  if (!(error instanceof GraphQLError) || error.extensions['argument'] !== undefined) return error;
  const [value] = error.nodes ?? [];
  const isTwice = value?.kind === Kind.NAME && error.message.startsWith('There can be only one input field named');
  if (value === undefined || (!isTwice && !literals.includes(value.kind))) return error;
  const argument = argumentOf(document, (node) => node === value);
  return argument === null ? error : named(error, argument);
};

/** A variable's value that its type refuses; the error stands at the variable's definition. */
const nameVariable = (document: DocumentNode, error: GraphQLError): GraphQLError => {
  const [definition] = error.nodes ?? [];
  if (error.path !== undefined || definition?.kind !== Kind.VARIABLE_DEFINITION) return error;
  const name = definition.variable.name.value;
  const argument = argumentOf(document, (node) => node.kind === Kind.VARIABLE && node.name.value === name);
  if (argument === null) return error;
  // Of a value with members, GraphQL says which one it means.
  const [, member = ''] =
    /^Variable "\$\w+" got invalid value .*? at "\w+((?:\.\w+|\[\d+\])+)/s.exec(error.message) ?? [];
  return named(error, argument + member.replace(/\[\d+\]/g, '')); // as in a query: which of a list is not told
};

/**
 * GraphQL refuses a value without saying in which argument it stands. This says it, and gives the refusal the code
 * that a value has which we refuse ourselves.
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
