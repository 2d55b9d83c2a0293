/**
 * `@apollo/gateway` in front of both subgraphs: `node apollo.js <URL of copygraph> <URL of tickets>`, on a port that it
 * tells on stdout.
 */
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { compose } from '../../examples/supergraph/compose.js';

const [, , copygraph, tickets] = process.argv;

const gateway = new ApolloGateway({
  // It refuses links that say `for: SECURITY`, since it does not enforce them; copygraph does.
  supergraphSdl: compose({ copygraph, tickets }).replaceAll(', for: SECURITY', ''),
  buildService: ({ name, url }) =>
    new RemoteGraphQLDataSource({
      url,
      willSendRequest: ({ request, context }) => {
        if (name === 'copygraph' && context.authorization !== undefined) {
          request.http.headers.set('authorization', context.authorization);
        }
      },
    }),
});
const server = new ApolloServer({ gateway, stopOnTerminationSignals: true });
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: 0 },
  context: async ({ req }) => ({ authorization: req.headers.authorization }),
});
process.stdout.write(`router at ${url}\n`);
