import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { wait } from '../calling/clock.js';
import type { Wait } from '../domain/wait.js';
import { repeatedCredentials } from '../edge/authentication.js';
import { packAnswer } from '../edge/compression.js';
import { sendGraphiqlAsset } from '../edge/graphiql-assets.js';
import { misdirectionOf } from '../edge/origin.js';
import { assetIn } from '../edge/page-assets.js';
import { type Answers, watchAnswers } from '../edge/pipelining.js';
import { leadToPage, sendJson } from '../edge/plain-answers.js';
import { refusalBody, shuttingDown } from '../edge/refusal.js';
import { REQUEST_ID, requestIdOf } from '../edge/request-id.js';
import { setSecurityHeaders } from '../edge/security-headers.js';
import { MOST_STRANGERS } from '../edge/strangers.js';
import { isWebSocket } from '../edge/upgrade.js';
import { isOfBoard, sendBoard } from './board.js';
import { type Config, ConfigError } from './config.js';
import { type Generation, createGeneration } from './generation.js';
import { createInFlight } from './in-flight.js';
import { type Lasting, type LastingOptions, type Now, createLasting } from './lasting.js';
import { answerMetrics } from './metrics-endpoint.js';
import { pinIdentities } from './pin-identities.js';
import { createLeaving, letGo } from './reload.js';
import { createReloadRules } from './reload-rules.js';

/** How long event streams may take to end when the gateway stops. Their last event is small. */
const STREAM_DRAIN_MS = 2000;

/** The graph and its other endpoints, for any HTTP server. */
export interface Gateway {
  readonly config: () => Config;
  readonly answers: Answers;
  /** Asks each upstream for its identity. To be called when everything else has started. */
  pinIdentities(): void;
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Answers `/metrics` on its own port. */
  handleMetrics(request: IncomingMessage, response: ServerResponse): void;
  /** Takes over a WebSocket for the graph. `false` for any other upgrade, which is not touched. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /**
   * Serves with another config from now on; running requests finish with the previous one. Logs the result. Throws if
   * the config cannot be read or used: then nothing has changed.
   */
  reload(read: () => Config): void;
  /** Reports not ready from now on, but serves requests for `server.drainDelaySeconds`. */
  leave(): Promise<void>;
  /** Accepts no new work. Resolves when requests and WebSockets have ended, or were cut off after `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
  /** Releases its resources. */
  close(): Promise<void>;
}

/** The options for a server or a test. */
export interface GatewayOptions extends LastingOptions {
  /** The limit on open connections without a known caller, and on such WebSockets. */
  readonly maxStrangers?: number | undefined;
  /** Waits for `server.drainDelaySeconds`. */
  readonly wait?: Wait | undefined;
  /** Receives each HTTP request whose caller is known. */
  readonly recognized?: (request: IncomingMessage) => void;
}

/** The phases of shutting down. */
type Phase = 'serving' | 'leaving' | 'stopping';

interface Serving {
  readonly lasting: Lasting;
  readonly generation: () => Generation;
  readonly phase: () => Phase;
}

const answerReadiness = async ({ readiness }: Generation, response: ServerResponse): Promise<void> => {
  const upstreams = await readiness();
  const isReady = upstreams.up > 0;
  sendJson(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'no upstream answers', upstreams });
};

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?')[0] ?? '/';

const endpointOf = ({ config }: Generation): string => `${config.server.basePath}/graphql`;

/** Answers a request that has passed all checks, by its path. */
const route = (
  { lasting, generation, phase }: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): unknown => {
  const path = pathOf(request);
  const now = generation();
  const endpoint = endpointOf(now);
  const { basePath, graphiql } = now.config.server;
  const asset = assetIn(path, endpoint, 'graphiql');
  if (path === '/livez') return sendJson(response, 200, { status: 'alive' });
  if (path === '/metrics')
    return void answerMetrics({ config: now.config, metrics: lasting.metrics, isOwn: false }, request, response);
  if (phase() === 'stopping' || (phase() === 'leaving' && path === '/readyz'))
    return sendJson(response, 503, shuttingDown);
  if (path === '/readyz') return void answerReadiness(now, response);
  if (path === endpoint) return lasting.admission.turnAway(response) || now.graph.handle(request, response);
  if (asset !== null && graphiql) return void sendGraphiqlAsset(asset, request, response);
  if (isOfBoard(now.config, path)) return sendBoard(now.config, path, request, response);
  if (graphiql && (path === `${basePath}/` || (path === basePath && path !== ''))) return leadToPage(response, path);
  return sendJson(response, 404, refusalBody('BAD_USER_INPUT', `Not found. The graph is at ${endpoint}.`));
};

const answer = (serving: Serving, request: IncomingMessage, response: ServerResponse): void => {
  const { hosts, cors } = serving.generation();
  if (serving.phase() === 'stopping') response.setHeader('connection', 'close');
  response.setHeader(REQUEST_ID, requestIdOf(request));
  setSecurityHeaders(response);
  packAnswer(request, response);
  if (cors(request, response)) return;
  const misdirection = misdirectionOf(request, hosts);
  if (misdirection !== null) return sendJson(response, misdirection.status, misdirection.body);
  const ambiguity = repeatedCredentials(request);
  if (ambiguity !== null) return sendJson(response, 400, ambiguity);
  route(serving, request, response);
};

/** Ends running work, or cuts it off after `timeoutMs`. */
const end = async (
  { webSockets, streams, cutStreams }: Lasting,
  inFlight: ReturnType<typeof createInFlight>,
  timeoutMs: number,
): Promise<void> => {
  // Otherwise a client would keep its connection, and the server would wait for it.
  for (const response of inFlight.all()) if (!response.headersSent) response.setHeader('connection', 'close');
  streams.endAll();
  const socketsEnded = webSockets.drain();
  // A stream whose reader has stopped reading would never end.
  const unread = setTimeout(cutStreams, Math.min(STREAM_DRAIN_MS, timeoutMs));
  const overdue = setTimeout(() => {
    for (const response of inFlight.all()) response.destroy();
    webSockets.cutWhere(() => true);
  }, timeoutMs);
  await Promise.all([inFlight.whenEmpty(), socketsEnded]);
  clearTimeout(unread);
  clearTimeout(overdue);
};

const noteRefusal = ({ metrics, logger }: Lasting, error: unknown): void => {
  metrics.reloaded(false);
  const why = error instanceof ConfigError ? { problems: error.message.split('\n') } : { err: error };
  logger.error(why, 'config not reloaded: the previous one stays in use');
};

/** Builds a gateway without a server. Throws a `ConfigError` for a config that cannot be served. */
export const createGateway = async (
  config: Config,
  logger: Logger,
  { maxStrangers = MOST_STRANGERS, wait: pause = wait, recognized = () => undefined, ...options }: GatewayOptions = {},
): Promise<Gateway> => {
  let current: Generation | null = null;
  let phase: Phase = 'serving';
  const generation = (): Generation => {
    if (current === null) throw new Error('the gateway has no config yet');
    return current;
  };
  const now: Now = {
    config: () => current?.config ?? config,
    clients: () => current?.clients ?? new Map(),
    sockets: () => generation().graph.sockets,
    memory: () => generation().caching.index.memory,
  };
  const lasting = await createLasting(config, logger, now, { ...options, maxStrangers });
  try {
    current = createGeneration(config, { lasting, now, recognized, before: null });
  } catch (error) {
    await lasting.close();
    throw error;
  }
  lasting.metrics.watch(
    current.connected.map(({ probed }) => probed),
    lasting.admission.running,
  );
  const serving: Serving = { lasting, generation, phase: () => phase };
  const rules = createReloadRules();
  rules.note(config);
  const leaving = createLeaving();
  const answers = watchAnswers();
  const inFlight = createInFlight();
  return {
    config: now.config,
    pinIdentities: () => {
      if (options.asksIdentities !== false) pinIdentities(lasting.failoverGuard, now.clients(), config.limits);
    },
    answers,
    handle: (request, response) => {
      answers.owe(request, response);
      inFlight.enter(response);
      answer(serving, request, response);
    },
    handleMetrics: (request, response) =>
      void answerMetrics({ config: now.config(), metrics: lasting.metrics, isOwn: true }, request, response),
    upgrade: (request, socket, head) => {
      if (!isWebSocket(request) || pathOf(request) !== endpointOf(generation())) return false;
      answers.whenGiven(socket, () => lasting.webSockets.takeOver(request, socket, head));
      return true;
    },
    reload: (read) => {
      const before = generation();
      try {
        if (phase !== 'serving') throw new ConfigError('the gateway is shutting down');
        const next = read();
        rules.check(before.config, next);
        current = createGeneration(next, { lasting, now, recognized, before });
        rules.note(next);
      } catch (error) {
        noteRefusal(lasting, error);
        throw error;
      }
      letGo(lasting, leaving, before, current);
    },
    leave: async () => {
      if (phase === 'serving') phase = 'leaving';
      const { drainDelaySeconds } = now.config().server;
      if (drainDelaySeconds > 0) await pause(drainDelaySeconds * 1000);
    },
    stop: async (timeoutMs) => {
      phase = 'stopping';
      await end(lasting, inFlight, timeoutMs);
    },
    close: async () => {
      await generation().graph.dispose();
      await lasting.close();
      await leaving.close();
      await Promise.all(generation().connected.map(({ close }) => close()));
    },
  };
};
