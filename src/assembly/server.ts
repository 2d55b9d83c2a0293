import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { type Gateway, type GatewayOptions, createGateway } from './gateway.js';
import { startMetricsServer } from './metrics-endpoint.js';
import { MOST_STRANGERS, createStrangers } from '../edge/strangers.js';
import { handleUpgrades } from '../edge/upgrade.js';

/** How long running requests may take to end when the gateway stops; then they are cut off. */
const DRAIN_MS = 10_000;

/** Time after an operation's limit. Longer than the pause between the pings of an event stream, which is 12 seconds. */
const SILENT_MS = 15_000;

/** How long a connection without a byte is left open by a drain, since its request may be on its way. */
const UNUSED_MS = 500;

type Strangers = ReturnType<typeof createStrangers<Socket>>;

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly metricsPort: number | null; // if metrics have a port of their own
  /** Serves with another config from now on. Throws if that is impossible: then nothing has changed. */
  reload(read: () => Config): void;
  /**
   * Reports not ready, and serves requests for `server.drainDelaySeconds`. Then it accepts no new work; running
   * requests end, or are cut off after `timeoutMs`.
   */
  drain(timeoutMs?: number): Promise<void>;
}

/** The options for tests. */
export interface ServerOptions extends Omit<GatewayOptions, 'recognized'> {
  readonly silentMs?: number | undefined;
}

const listen = async (server: Server, { host, port }: Config['server']): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return (server.address() as AddressInfo).port; // a TCP server's address is never a string
};

/** Sets how long connections may be idle, and how long silent during a request. */
const setTimes = (server: Server, { server: { keepAliveSeconds }, limits }: Config, silentMs: number): void => {
  // longer than a load balancer keeps its own, or it would use a connection that is closing
  server.keepAliveTimeout = keepAliveSeconds * 1000;
  server.timeout = limits.requestTimeoutMs + silentMs; // cuts off clients that do not read an answer
};

const serverFor = ({ handle, answers, upgrade, config }: Gateway, strangers: Strangers, silentMs: number): Server => {
  const server = createServer(
    {
      connectionsCheckingInterval: 1000,
      headersTimeout: 5000, // counts from the first byte of a request, so idle connections are not affected
      requestTimeout: 8000,
    },
    handle,
  );
  setTimes(server, config(), silentMs);
  server.on('connection', (socket) => {
    strangers.enter(socket);
    socket.once('close', () => strangers.leave(socket));
  });
  server.on('request', (_request, response) =>
    response.once('close', () => {
      if (!server.listening) server.closeIdleConnections();
    }),
  );
  handleUpgrades(server, answers, (request, socket, head) => {
    const isTaken = upgrade(request, socket, head);
    if (isTaken) strangers.leave(request.socket); // it counts as a WebSocket now
    return isTaken;
  });
  return server;
};

/** Accepts no new connections, and closes the rest after `timeoutMs`. */
const closed = async (server: Server, strangers: Strangers, timeoutMs: number): Promise<void> => {
  const overdue = setTimeout(() => server.closeAllConnections(), timeoutMs);
  // Node counts a connection as idle only after its first request. Browsers and balancers open some in advance.
  const unused = setTimeout(() => {
    for (const socket of strangers.all()) if (socket.bytesRead === 0) socket.destroy();
  }, UNUSED_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(overdue);
  clearTimeout(unused);
};

/** Serves the graph over HTTP until it is drained. Throws a `ConfigError` for a config that cannot be served. */
export const startServer = async (
  config: Config,
  logger: Logger,
  { silentMs = SILENT_MS, maxStrangers = MOST_STRANGERS, ...options }: ServerOptions = {},
): Promise<RunningServer> => {
  const strangers = createStrangers<Socket>(maxStrangers, (socket) => socket.destroy());
  const recognized = ({ socket }: IncomingMessage): void => strangers.leave(socket);
  const gateway = await createGateway(config, logger, { ...options, maxStrangers, recognized });
  const server = serverFor(gateway, strangers, silentMs);
  const giveUp = async (error: unknown): Promise<never> => {
    server.close();
    await gateway.close();
    throw error;
  };
  const port = await listen(server, config.server).catch(giveUp);
  const metrics = await startMetricsServer(config, gateway.handleMetrics).catch(giveUp);
  gateway.pinIdentities();
  const host = config.server.host.includes(':') ? `[${config.server.host}]` : config.server.host;
  return {
    url: `http://${host}:${port}`,
    port,
    metricsPort: metrics?.port ?? null,
    reload: (read) => {
      gateway.reload(read);
      setTimes(server, gateway.config(), silentMs);
    },
    drain: async (timeoutMs = DRAIN_MS) => {
      await gateway.leave();
      const stopped = gateway.stop(timeoutMs);
      await closed(server, strangers, timeoutMs);
      await stopped;
      metrics?.close();
      await gateway.close();
    },
  };
};
