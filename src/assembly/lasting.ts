import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { AllClients } from '../upstream/product.js';
import type { IndexMemory } from '../index/memory.js';
import { createLiveHub } from '../live/hub.js';
import type { Config } from './config.js';
import { callOf } from './context.js';
import { connectRedis, createAid, createGuard, createRelay } from './sharing.js';
import { createAdmission } from '../edge/admission.js';
import { createMetrics } from '../edge/metrics.js';
import { createStreams } from '../edge/streams.js';
import { type Watch, strainOf, watchVitals } from '../edge/strain.js';
import { createWebSockets } from '../edge/websocket.js';
import type { SocketGraph } from '../edge/websocket-session.js';
import { loadTracing } from '../edge/tracing.js';
import { startWatching } from './watching.js';
import { createEditions } from '../replicas/editions.js';
import { version } from './version.js';

/** The present state of the gateway; a reload replaces it. */
export interface Now {
  readonly config: () => Config;
  readonly clients: () => AllClients;
  readonly sockets: () => SocketGraph;
  readonly memory: () => IndexMemory;
}

/** The options for tests. */
export interface LastingOptions {
  readonly redisPatienceMs?: number | undefined;
  /** How long failovers wait if Redis was found empty, in milliseconds. */
  readonly failoverWaitMs?: number | undefined;
  /** Whether each upstream is asked for its identity at the start. Tests that count calls turn it off. */
  readonly asksIdentities?: boolean | undefined;
  /** The load of the process; measured if absent. */
  readonly vitals?: Watch | undefined;
}

/** The Redis of the config, and the parts that share through it; `null`s if there is none. */
const shareThroughRedis = async (
  config: Config,
  logger: Logger,
  metrics: ReturnType<typeof createMetrics>,
  patienceMs: number | undefined,
) => {
  const redis = await connectRedis(config, logger, metrics.redisChanged);
  if (redis === null) return { redis, aid: null, relay: null, close: async () => undefined };
  const aid = createAid(redis, logger, metrics.redisIsSlow, patienceMs);
  const relay = createRelay(redis, aid, logger);
  const close = async (): Promise<void> => {
    await relay.close();
    await redis.close();
  };
  return { redis, aid, relay, close };
};

type Sharing = Awaited<ReturnType<typeof shareThroughRedis>>;

const callWithin = (limits: Config['limits']) => (signal: AbortSignal, ages: object) => ({
  ...callOf(limits, signal),
  ...ages,
});

/** One poller for all subscribers, under whatever config they came. */
const createLive = (
  { config, clients }: Now,
  logger: Logger,
  { relay, failoverGuard }: Pick<Sharing, 'relay'> & Pick<Awaited<ReturnType<typeof createGuard>>, 'failoverGuard'>,
) =>
  createLiveHub({
    clients,
    failoverGuard,
    pace: () => {
      const { limits, live } = config();
      return {
        lookBackHours: limits.lookBackHours,
        minMs: live.minSeconds * 1000,
        maxMs: live.maxSeconds * 1000,
        maxCalls: limits.maxUpstreamCalls,
      };
    },
    relay,
    callFor: (signal, ages) => callWithin(config().limits)(signal, ages),
    onError: (err) => logger.error({ err }, 'a live poll failed'),
  });

/** The parts that are open to callers: operations, streams and sockets. */
const createOpen = (
  now: Now,
  logger: Logger,
  metrics: ReturnType<typeof createMetrics>,
  vitals: Watch,
  most: number,
) => {
  const admission = createAdmission({
    maxConcurrent: () => now.config().limits.maxConcurrentOperations,
    strain: () => strainOf(vitals),
    onRejected: metrics.rejected,
  });
  const streaming = new WeakSet<Request>();
  const responses = new Set<ServerResponse>();
  const streams = createStreams(({ request, req, res }) => {
    admission.release(req ?? request);
    streaming.add(request);
    if (res === undefined) return;
    responses.add(res);
    res.once('close', () => responses.delete(res));
  });
  const webSockets = createWebSockets({
    graph: now.sockets,
    admission,
    refused: () => metrics.operation('unknown', 'failed', null),
    log: logger.error.bind(logger),
    maxStrangers: most,
  });
  return {
    admission,
    streams,
    webSockets,
    /** Cuts off streams that have ended but are not read to their end. */
    cutStreams: (): void => {
      for (const response of responses) response.destroy();
      webSockets.cutWhere((request) => streaming.has(request));
    },
  };
};

/** The parts that a gateway makes once, from start to end, however often its config is reloaded. */
export const createLasting = async (
  config: Config,
  logger: Logger,
  now: Now,
  { redisPatienceMs, failoverWaitMs, vitals: given, maxStrangers }: LastingOptions & { readonly maxStrangers: number },
) => {
  const metrics = createMetrics({ version, redis: config.redis !== undefined });
  const sharing = await shareThroughRedis(config, logger, metrics, redisPatienceMs);
  const { redis, aid, relay } = sharing;
  const guardOptions = { redis, logger, onFailover: metrics.failover, config: now.config, waitMs: failoverWaitMs };
  const { failoverGuard, close: closeGuard } = await createGuard(config, guardOptions).catch(async (error: unknown) => {
    await sharing.close();
    throw error;
  });
  const tracing = await loadTracing({ env: process.env, version, warn: logger.warn.bind(logger) });
  const vitals = given ?? watchVitals();
  const watching = startWatching({ now, metrics, logger, aid, redis, failoverGuard });
  return {
    logger,
    metrics,
    redis,
    aid,
    tracing,
    failoverGuard,
    live: createLive(now, logger, { relay, failoverGuard }),
    editions: createEditions(aid),
    ...createOpen(now, logger, metrics, vitals, maxStrangers),
    close: async (): Promise<void> => {
      vitals.end();
      await watching.close();
      closeGuard();
      await sharing.close();
      await tracing?.close();
    },
  };
};

export type Lasting = Awaited<ReturnType<typeof createLasting>>;
