import type { GraphQLSchema } from 'graphql';

/** Makes another schema of each schema once, for all gateways of the process. */
export const oncePerSchema = (
  make: (schema: GraphQLSchema) => GraphQLSchema,
): ((schema: GraphQLSchema) => GraphQLSchema) => {
  const made = new WeakMap<GraphQLSchema, GraphQLSchema>();
  return (schema) => {
    const one = made.get(schema) ?? make(schema);
    made.set(schema, one);
    return one;
  };
};
