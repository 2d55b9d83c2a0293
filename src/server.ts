import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import { Agent } from 'undici';
import type { Clients, UpstreamClient } from './aggregate/clients.js';
import type { AwsBackupConfig, CohesityConfig, Config } from './config.js';
import { createContext } from './context.js';
import { encodeId } from './domain/global-id.js';
import { microsFromMillis } from './domain/micros.js';
import { useArgumentNames } from './edge/argument-names.js';
import { createMaskError } from './edge/errors.js';
import { readExamples } from './edge/examples.js';
import { useOutages } from './edge/outages.js';
import { type Probed, createReadiness } from './edge/readiness.js';
import { createSchema } from './schema/index.js';
import { createAwsBackupClient } from './upstream/aws-backup/client.js';
import { createBackupClient } from './upstream/aws-backup/sdk.js';
import { createCohesityClient } from './upstream/cohesity/client.js';
import { type Policy, createPolicy } from './upstream/policy.js';

const now = () => microsFromMillis(Date.now());

interface Connected {
  readonly speaking: UpstreamClient;
  readonly probed: Probed;
  /** One cheap call; resolves with what it told, in a person's words. */
  reach(): Promise<string>;
  close(): Promise<void>;
}

const toProbed = (policy: Policy, reach: () => Promise<unknown>): Probed => ({
  status: () => policy.health().status,
  sinceLastCallMs: policy.sinceLastCallMs,
  probe: () =>
    reach().then(
      () => undefined,
      () => undefined, // the policy's health has it
    ),
});

const connectCohesity = (config: CohesityConfig, maxUpstreamBytes: number): Connected => {
  const { id, timeoutMs, maxConcurrent, tls } = config;
  const policy = createPolicy({ upstream: id, timeoutMs, maxConcurrent, now });
  const dispatcher = new Agent({
    connections: maxConcurrent,
    maxResponseSize: maxUpstreamBytes,
    // Our own deadline covers the whole attempt; undici's would only come first by chance.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: timeoutMs, ...(tls === undefined ? {} : { ca: readFileSync(tls.caFile) }) },
  });
  const client = createCohesityClient({ ...config, upstream: id, dispatcher, policy, now });
  const reach = async (): Promise<string> => {
    const { clusterName, version } = await client.getCluster({});
    return `cluster ${clusterName ?? 'without a name'}, version ${version ?? 'unknown'}`;
  };
  return {
    speaking: {
      kind: 'COHESITY',
      upstream: {
        __typename: 'Upstream',
        id: encodeId('Upstream', id),
        name: id,
        kind: 'COHESITY',
        sandbox: config.sandbox,
        region: null,
      },
      client,
      health: policy.health,
    },
    probed: toProbed(policy, reach),
    reach,
    close: () => dispatcher.close(),
  };
};

const connectAwsBackup = (config: AwsBackupConfig, maxBytes: number): Connected => {
  const { id, region, timeoutMs, maxConcurrent } = config;
  const policy = createPolicy({ upstream: id, timeoutMs, maxConcurrent, now });
  const sdk = createBackupClient({ ...config, maxBytes });
  const client = createAwsBackupClient({ upstream: id, sdk, policy, now });
  const reach = async (): Promise<string> => {
    const { records } = await client.listCopyJobs({ maxResults: 1 }, {});
    return `${region}, ${records.length === 0 ? 'no copy jobs yet' : 'copy jobs can be listed'}`;
  };
  return {
    speaking: {
      kind: 'AWS_BACKUP',
      upstream: {
        __typename: 'Upstream',
        id: encodeId('Upstream', id),
        name: id,
        kind: 'AWS_BACKUP',
        sandbox: config.sandbox,
        region,
      },
      client,
      health: policy.health,
    },
    probed: toProbed(policy, reach),
    reach,
    close: async () => sdk.destroy(),
  };
};

/** A client for each configured upstream; nothing is called yet. */
export const connect = ({ upstreams, limits }: Config): readonly Connected[] =>
  upstreams.map((upstream) =>
    upstream.kind === 'cohesity'
      ? connectCohesity(upstream, limits.maxUpstreamBytes)
      : connectAwsBackup(upstream, limits.maxUpstreamBytes),
  );

const sendJson = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
};

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** No new work; requests in flight end. */
  drain(): Promise<void>;
}

/** Serves the graph over HTTP until it is drained. */
export const startServer = async (config: Config, logger: Logger): Promise<RunningServer> => {
  const connected = connect(config);
  const clients: Clients = new Map(connected.map(({ speaking }) => [speaking.upstream.name, speaking]));
  const readiness = createReadiness(connected.map(({ probed }) => probed));

  const yoga = createYoga<object, ReturnType<typeof createContext>>({
    schema: createSchema(),
    context: ({ request }) => createContext(clients, config.limits, request.signal),
    graphqlEndpoint: '/graphql',
    maskedErrors: { maskError: createMaskError((fields, message) => logger.error(fields, message)) },
    plugins: [useArgumentNames(), useOutages()],
    logging: {
      debug: () => undefined,
      info: () => undefined,
      warn: logger.warn.bind(logger),
      error: logger.error.bind(logger),
    },
    cors: false,
    landingPage: false,
    healthCheckEndpoint: '/livez',
    graphiql: config.server.graphiql && {
      title: 'copygraph',
      defaultTabs: readExamples().map((query) => ({ query })),
    },
    // The page carries its own scripts, so that it works where no outside host can be reached; it is large, so it is
    // loaded when first asked for.
    renderGraphiQL: async (options) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
  });

  const answerReadiness = async (response: ServerResponse): Promise<void> => {
    const { up, of } = await readiness();
    sendJson(response, up > 0 ? 200 : 503, { status: up > 0 ? 'ready' : 'no upstream answers', upstreams: { up, of } });
  };

  let draining = false;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const [path] = (request.url ?? '/').split('?');
    if (draining) response.setHeader('connection', 'close');
    if (path === '/readyz') {
      if (draining) sendJson(response, 503, { status: 'draining' });
      else void answerReadiness(response);
    } else if (path === '/livez') sendJson(response, 200, { status: 'alive' });
    else if (path === '/graphql') void yoga(request, response);
    else if (path === '/' && config.server.graphiql) response.writeHead(302, { location: '/graphql' }).end();
    else sendJson(response, 404, { errors: [{ message: 'Not found. The graph is at /graphql.' }] });
  };

  const server = createServer(
    { connectionsCheckingInterval: 1000, headersTimeout: 5000, requestTimeout: 8000 },
    handle,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.server.port, config.server.host, () => resolve());
  });
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  const host = config.server.host.includes(':') ? `[${config.server.host}]` : config.server.host;
  return {
    url: `http://${host}:${port}`,
    port,
    drain: async () => {
      draining = true;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      await yoga.dispose();
      await Promise.all(connected.map(({ close }) => close()));
    },
  };
};
