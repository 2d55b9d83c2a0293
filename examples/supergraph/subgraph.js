/**
 * A subgraph of its own: teams that own copies, and tickets about them. It knows of a copy only the id, and adds its
 * fields to all of copygraph's types of copies at once by `@interfaceObject`.
 */
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { serve } from './serve.js';

/** The owner of each upstream, by its id in copygraph's config. A real subgraph would read its database. */
const owners = {
  'sandbox-cohesity': 'storage-team',
  'sandbox-cohesity-dr': 'storage-team',
  'sandbox-aws': 'cloud-team',
};

/** `<TypeName>:<upstream>:<key parts>`, each part percent-encoded; documented, so that others may take ids apart. */
const upstreamOf = (id) => decodeURIComponent(id.split(':')[1] ?? '');

const copyTypes = ['CopyRun', 'CopySnapshotTask', 'CopyJob'];

/** Tickets by the id of their copy. */
const tickets = new Map();

const resolvers = {
  Query: { tickets: () => [...tickets.values()] },
  Mutation: {
    openTicket: (_root, { copyId, title }) => {
      if (!copyTypes.includes(copyId.split(':')[0])) {
        throw new GraphQLError(`copyId must begin with one of ${copyTypes.join(', ')}.`, {
          extensions: { code: 'BAD_USER_INPUT' },
        });
      }
      const ticket = tickets.get(copyId) ?? { key: `OPS-${tickets.size + 1}`, title, copyId };
      tickets.set(copyId, ticket);
      return ticket;
    },
  },
  Ticket: {
    __resolveReference: ({ key }) => [...tickets.values()].find((ticket) => ticket.key === key) ?? null,
    copy: ({ copyId }) => ({ __typename: 'CopyOperation', id: copyId }),
  },
  CopyOperation: {
    __resolveReference: ({ id }) => ({ id }),
    owner: ({ id }) => owners[upstreamOf(id)] ?? null,
    ticket: ({ id }) => tickets.get(id) ?? null,
  },
};

const typeDefs = parse(readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'));
const yoga = createYoga({ schema: buildSubgraphSchema({ typeDefs, resolvers }), logging: 'warn' });
serve('tickets', yoga);
