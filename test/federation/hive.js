/** Hive Gateway of the example, otherwise set: `node hive.js <URL of copygraph> <URL of tickets> older|guarded`. */
import { configOf, serveRouter } from '../../examples/supergraph/router.js';

const [, , copygraph, tickets, kind] = process.argv;
const { unifiedGraphHandler, ...config } = configOf({ copygraph, tickets });

/** The caller's scopes as a token would have them. */
const users = {
  'Bearer reader': { scope: 'copy:read' },
  'Bearer stopper': { scope: 'copy:cancel' },
  'Bearer operator': { scope: 'copy:read copy:cancel copy:retry failover:execute failover:activate' },
};

serveRouter(
  kind === 'older'
    ? config
    : {
        ...config,
        unifiedGraphHandler,
        genericAuth: {
          mode: 'protect-granular', // where the supergraph says so
          rejectUnauthenticated: false, // its other fields are answered
          resolveUserFn: ({ request }) => users[request.headers.get('authorization')] ?? null,
        },
      },
);
