import { type ExecutionArgs, getOperationAST, getVariableValues } from 'graphql';

type Coerced = Record<string, unknown>;

type Asked = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>;

/** By execution, because several plugins need the variables of one operation. */
const known = new WeakMap<object, Coerced | null>();

/** The variables of an operation, as GraphQL coerces them. `null` if it refuses them, or nothing can run. */
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
