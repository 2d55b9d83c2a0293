/** Hive Gateway in front of both subgraphs: `node router.js <URL of copygraph> <URL of tickets>`. */
import { pathToFileURL } from 'node:url';
import { createGatewayRuntime } from '@graphql-hive/gateway';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { compose } from './compose.js';
import { serve } from './serve.js';

/** The credentials of a caller go only to copygraph, which checks them. */
const credentials = ['authorization', 'x-api-key'];

export const configOf = (urls) => ({
  supergraph: compose(urls),
  // Hive's own query planner: its older one, in JavaScript, loses the errors of references that cannot be resolved.
  unifiedGraphHandler,
  propagateHeaders: {
    fromClientToSubgraphs: ({ request, subgraphName }) =>
      subgraphName === 'copygraph'
        ? Object.fromEntries(credentials.map((name) => [name, request.headers.get(name)]))
        : {},
  },
  // By default it subscribes by GET, which copygraph refuses because a page of any site could send it.
  transportEntries: { '*.http': { options: { method: 'POST' } } },
  logging: 'warn',
});

export const serveRouter = (config) => {
  const runtime = createGatewayRuntime(config);
  serve('router', runtime, () => runtime[Symbol.asyncDispose]());
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , copygraph, tickets] = process.argv;
  serveRouter(configOf({ copygraph, tickets }));
}
