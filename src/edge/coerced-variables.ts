import { type ExecutionArgs, getOperationAST, getVariableValues } from 'graphql';

type Coerced = Record<string, unknown>;

type Asked = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>;

/** By what was asked, since several look at the variables of one operation. */
const known = new WeakMap<object, Coerced | null>();

/** The variables of an operation as GraphQL takes them; `null` for what it refuses, and where nothing can run. */
export const coercedOf = (args: Asked): Coerced | null => {
  const found = known.get(args);
  if (found !== undefined) return found;
  const { schema, document, operationName, variableValues } = args;
  const operation = getOperationAST(document, operationName);
  const { coerced = null } =
    operation === null || operation === undefined
      ? {}
      : getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {});
  known.set(args, coerced);
  return coerced;
};
