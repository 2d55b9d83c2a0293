import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** An error in its form on the wire, without the parts for HTTP alone. */
export const toWire = (error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError => {
  const { extensions = {}, ...rest } = error instanceof GraphQLError ? error.toJSON() : error;
  const { http: _http, ...told } = extensions;
  return { ...rest, extensions: told };
};
