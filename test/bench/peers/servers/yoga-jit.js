// Yoga with a compiled executor, schema first.
import { createServer } from 'node:http';
import { useGraphQlJit } from '@envelop/graphql-jit';
import { createSchema, createYoga } from 'graphql-yoga';
import { createJobs, port, renames, root, typeDefs } from './common.js';

const parent = (job, _, { jobs }) => (job.ParentJobId ? jobs.load(job.ParentJobId) : null);

const yoga = createYoga({
  logging: false,
  graphiql: false,
  plugins: [useGraphQlJit()],
  context: () => ({ jobs: createJobs() }),
  schema: createSchema({
    typeDefs,
    resolvers: { ...renames, Query: root, CopyJob: { ...renames.CopyJob, parent } },
  }),
});

createServer(yoga).listen(port, '127.0.0.1');
