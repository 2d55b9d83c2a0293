import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { AllClients } from '../upstream/product.js';
import { wait } from '../calling/clock.js';
import { createLiveHub } from '../live/hub.js';
import { createCaching } from './record-cache.js';
import { type Config, secretsOf } from './config.js';
import { connect } from './connect.js';
import { callOf } from './context.js';
import { createGraph } from './graph.js';
import { connectRedis, createAid, createGuard, createRelay } from './sharing.js';
import { createAdmission } from '../edge/admission.js';
import { repeatedCredentials } from '../edge/authentication.js';
import { packAnswer } from '../edge/compression.js';
import { createCors } from '../edge/cors.js';
import { neverPrint } from '../edge/known-secrets.js';
import { assetIn, sendAsset } from '../edge/graphiql-assets.js';
import { createMetrics } from '../edge/metrics.js';
import { misdirectionOf } from '../edge/origin.js';
import { createReadiness } from '../edge/readiness.js';
import { refusalBody, shuttingDown } from '../edge/refusal.js';
import { leadToPage, sendJson } from '../edge/plain-answers.js';
import { REQUEST_ID, requestIdOf } from '../edge/request-id.js';
import { setSecurityHeaders } from '../edge/security-headers.js';
import { MOST_STRANGERS, createStrangers } from '../edge/strangers.js';
import { type Watch, strainOf, watchVitals } from '../edge/strain.js';
import { handleUpgrades } from '../edge/upgrade.js';
import type { Wait } from '../domain/wait.js';
import { createEditions } from '../replicas/editions.js';
import { createRequestRate } from '../replicas/request-rate.js';
import { readTrustedDocuments } from './trusted-documents.js';

/** Requests in flight may take so long to end when the gateway is told to stop; then they are cut off. */
const DRAIN_MS = 10_000;
/** And so long an event stream, whose last word is small. */
const STREAM_DRAIN_MS = 2000;

/** Beyond what an operation may take; longer than the pause between the pings of an event stream, which is 12 seconds. */
const SILENT_MS = 15_000;

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /**
   * Says that it is not ready, and takes requests on for `server.drainDelaySeconds`. Then no new work; requests in flight
   * end, or are cut off when the time is up.
   */
  drain(timeoutMs?: number): Promise<void>;
}

/** What a test may set. */
export interface ServerOptions {
  readonly silentMs?: number | undefined;
  readonly redisPatienceMs?: number | undefined;
  /** How many connections may be open that have not said whose they are, and as many WebSockets. */
  readonly maxStrangers?: number | undefined;
  /** How long failovers wait when Redis was found empty. */
  readonly failoverWaitMs?: number | undefined;
  /** What the process has to spare; watched, unless given. */
  readonly vitals?: Watch | undefined;
  /** How it waits for `server.drainDelaySeconds`. */
  readonly wait?: Wait | undefined;
}

/** Serves the graph over HTTP until it is drained. Throws a `ConfigError` for a config that it cannot serve. */
export const startServer = async (
  config: Config,
  logger: Logger,
  {
    silentMs = SILENT_MS,
    redisPatienceMs,
    failoverWaitMs,
    maxStrangers = MOST_STRANGERS,
    vitals: given,
    wait: pause = wait,
  }: ServerOptions = {},
): Promise<RunningServer> => {
  neverPrint(secretsOf(config));
  const documentPolicyOf = readTrustedDocuments(config);
  const metrics = createMetrics({ redis: config.redis !== undefined, tokens: config.auth?.jwt !== undefined });
  const redis = await connectRedis(config, logger, metrics.redisChanged);
  const aid = redis === null ? null : createAid(redis, logger, metrics.redisIsSlow, redisPatienceMs);
  const connected = connect(config, {
    onFailure: ({ upstream, reason, errorCode, message }) =>
      logger.warn({ upstream, reason, errorCode, detail: message }, 'upstream call failed'),
    observe: (upstream) => ({
      ...metrics.observe(upstream),
      circuitChanged: (circuit) => logger.warn({ upstream, circuit }, 'circuit changed'),
    }),
    redis: aid,
    caching: createCaching(
      config,
      redis === null || aid === null ? null : { redis: aid, patient: redis },
      metrics.cacheRead,
    ),
  });
  const clients: AllClients = new Map(connected.map(({ client }) => [client.upstream.name, client]));
  const watched = connected.map(({ probed }) => probed);
  const readiness = createReadiness(watched);
  const vitals = given ?? watchVitals();
  const admission = createAdmission({
    maxConcurrent: config.limits.maxConcurrentOperations,
    strain: () => strainOf(vitals),
    onRejected: metrics.rejected,
  });
  metrics.watch(watched, admission.running);
  const { failoverGuard, close: closeGuard } = await createGuard(config, {
    redis,
    logger,
    onFailover: metrics.failover,
    waitMs: failoverWaitMs,
  });
  const relay = redis === null || aid === null ? null : createRelay(redis, aid, logger);
  const live = createLiveHub({
    clients,
    failoverGuard,
    lookBackHours: config.limits.lookBackHours,
    minMs: config.live.minSeconds * 1000,
    maxMs: config.live.maxSeconds * 1000,
    maxCalls: config.limits.maxUpstreamCalls,
    relay,
    callFor: (signal, ages) => ({ ...callOf(config.limits, signal), ...ages }),
    onError: (err) => logger.error({ err }, 'a live poll failed'),
  });

  const requestRate = createRequestRate({ perMinute: config.limits.requestsPerMinute, redis: aid });
  const hosts = { open: config.auth === undefined, origins: config.cors.origins };
  const strangers = createStrangers<Duplex>(maxStrangers, (socket) => socket.destroy());
  const graph = createGraph({
    config,
    hosts,
    logger,
    metrics,
    admission,
    requestRate,
    documentPolicyOf,
    clients,
    failoverGuard,
    live,
    recognized: ({ socket }) => strangers.leave(socket),
    maxStrangers,
    editions: createEditions(aid),
  });
  const cors = createCors(config.cors.origins);

  const answerReadiness = async (response: ServerResponse): Promise<void> => {
    const upstreams = await readiness();
    const isReady = upstreams.up > 0;
    sendJson(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'no upstream answers', upstreams });
  };

  const answerMetrics = async (response: ServerResponse): Promise<void> => {
    const text = await metrics.text();
    response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
  };

  const { basePath, keepAliveSeconds, drainDelaySeconds } = config.server;
  const endpoint = `${basePath}/graphql`;
  const starts = basePath === '' ? ['/'] : [basePath, `${basePath}/`];
  let leaving = false; // not ready any more, so that balancers send nothing new
  let draining = false;
  const inFlight = new Set<ServerResponse>();
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const [path = '/'] = (request.url ?? '/').split('?');
    inFlight.add(response);
    response.once('close', () => {
      inFlight.delete(response);
      if (draining) server.closeIdleConnections();
    });
    if (draining) response.setHeader('connection', 'close');
    response.setHeader(REQUEST_ID, requestIdOf(request));
    setSecurityHeaders(request, response);
    packAnswer(request, response);
    if (cors(request, response)) return;
    const misdirection = misdirectionOf(request, hosts);
    if (misdirection !== null) return sendJson(response, misdirection.status, misdirection.body);
    const ambiguity = repeatedCredentials(request);
    if (ambiguity !== null) return sendJson(response, 400, ambiguity);
    const asset = assetIn(path, endpoint);
    if (path === '/livez') sendJson(response, 200, { status: 'alive' });
    else if (path === '/metrics') void answerMetrics(response);
    else if (draining || (leaving && path === '/readyz')) sendJson(response, 503, shuttingDown);
    else if (path === '/readyz') void answerReadiness(response);
    else if (path === endpoint) {
      if (!admission.turnAway(response)) graph.handle(request, response);
    } else if (asset !== null && config.server.graphiql) void sendAsset(asset, request, response);
    else if (starts.includes(path) && config.server.graphiql) leadToPage(response, path);
    else sendJson(response, 404, refusalBody('BAD_USER_INPUT', `Not found. The graph is at ${endpoint}.`));
  };

  const server = createServer(
    {
      connectionsCheckingInterval: 1000,
      headersTimeout: 5000, // from the first byte of a request: an idle connection is not under it
      requestTimeout: 8000,
      keepAliveTimeout: keepAliveSeconds * 1000, // longer than a load balancer keeps its own, or it asks one that closes
    },
    handle,
  );
  server.setTimeout(config.limits.requestTimeoutMs + silentMs); // whoever reads nothing of an answer is cut off
  server.on('connection', (socket) => {
    strangers.enter(socket);
    socket.once('close', () => strangers.leave(socket));
  });
  handleUpgrades(server, endpoint, (request, socket, head) => {
    strangers.leave(socket); // it counts among the WebSockets now
    graph.webSockets.takeOver(request, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.server.port, config.server.host, () => resolve());
  });
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  const host = config.server.host.includes(':') ? `[${config.server.host}]` : config.server.host;
  return {
    url: `http://${host}:${port}`,
    port,
    drain: async (timeoutMs = DRAIN_MS) => {
      leaving = true;
      if (drainDelaySeconds > 0) await pause(drainDelaySeconds * 1000);
      draining = true;
      // Else a client keeps its connection, and the server waits for it.
      for (const response of inFlight) if (!response.headersSent) response.setHeader('connection', 'close');
      graph.endStreams();
      // One that has been told to end, and is not read, never ends.
      const unread = setTimeout(graph.cutStreams, Math.min(STREAM_DRAIN_MS, timeoutMs));
      const overdue = setTimeout(() => {
        server.closeAllConnections();
        graph.webSockets.cutWhere(() => true);
      }, timeoutMs);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      clearTimeout(unread);
      clearTimeout(overdue);
      vitals.end();
      await graph.dispose();
      closeGuard();
      await relay?.close();
      await Promise.all([redis?.close(), ...connected.map(({ close }) => close())]);
    },
  };
};
