// Fastify with Mercurius, its loaders and its compiled executor.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { getJob, port, renames, root, typeDefs } from './common.js';

/** Is given each parent object: one describe for each distinct id. */
const parent = (queries) => {
  const known = new Map();
  const read = (id) => {
    if (!known.has(id)) known.set(id, getJob(id));
    return known.get(id);
  };
  return Promise.all(queries.map(({ obj }) => (obj.ParentJobId ? read(obj.ParentJobId) : null)));
};

const app = Fastify({ logger: false });
await app.register(mercurius, {
  schema: typeDefs,
  graphiql: false,
  jit: 1,
  path: '/graphql',
  resolvers: { ...renames, Query: root },
  loaders: { CopyJob: { parent } },
});
await app.listen({ port, host: '127.0.0.1' });
