import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** An error as it goes over the wire: what is meant for HTTP alone is left out. */
export const toWire = (error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError => {
  const { extensions = {}, ...rest } = error instanceof GraphQLError ? error.toJSON() : error;
  const { http: _http, ...told } = extensions;
  return { ...rest, extensions: told };
};
