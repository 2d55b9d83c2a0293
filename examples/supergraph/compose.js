import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The supergraph of both subgraphs, which answer at these URLs. Throws where they do not fit together. */
export const compose = (urls) => {
  const { supergraphSdl, errors = [] } = composeServices([
    { name: 'copygraph', url: urls.copygraph, typeDefs: parse(read('../../schema.graphql')) },
    { name: 'tickets', url: urls.tickets, typeDefs: parse(read('schema.graphql')) },
  ]);
  if (supergraphSdl === undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
};
