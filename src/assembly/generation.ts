import type { IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { AllClients } from '../upstream/product.js';
import { type Access, createAccess } from './access.js';
import { type Config, secretsOf } from './config.js';
import { type Caching, type Connected, connect } from './connect.js';
import { type Graph, createGraph } from './graph.js';
import type { Lasting, Now } from './lasting.js';
import { indexMegabytesFor } from './index-megabytes.js';
import { createCaching } from './record-cache.js';
import { readTrustedDocuments } from './trusted-documents.js';
import { createCors } from '../edge/cors.js';
import { neverPrint } from '../edge/known-secrets.js';
import type { HostPolicy } from '../edge/origin.js';
import { createReadiness } from '../edge/readiness.js';
import { createRequestRate } from '../replicas/request-rate.js';

/** Everything made from one config. A reload makes the next generation, and keeps unchanged parts. */
export interface Generation {
  readonly config: Config;
  readonly connected: readonly Connected[];
  readonly clients: AllClients;
  readonly graph: Graph;
  readonly hosts: HostPolicy;
  readonly cors: ReturnType<typeof createCors>;
  readonly readiness: ReturnType<typeof createReadiness>;
  readonly caching: Caching;
  readonly access: Access;
  readonly requestRate: ReturnType<typeof createRequestRate>;
}

interface GenerationOptions {
  readonly lasting: Lasting;
  readonly now: Now;
  /** Receives each HTTP request whose caller is known. */
  readonly recognized: (request: IncomingMessage) => void;
  readonly before: Generation | null;
}

const cachingFor = (config: Config, { lasting, now, before }: GenerationOptions): Caching => {
  const partsOf = ({ cache, index, redis }: Config): readonly unknown[] => [cache, index, redis];
  if (before !== null && isDeepStrictEqual(partsOf(before.config), partsOf(config))) return before.caching;
  const { redis, aid, metrics, logger } = lasting;
  const shared = redis === null || aid === null ? null : { redis: aid, patient: redis };
  const upstreams = () => now.config().upstreams.length;
  return createCaching(config, shared, metrics.cacheRead, upstreams, indexMegabytesFor(config.index, logger));
};

const connectAll = (config: Config, caching: Caching, { lasting, now, before }: GenerationOptions) => {
  const { logger, metrics, aid, tracing } = lasting;
  return connect(config, {
    onFailure: ({ upstream, reason, errorCode, message }) =>
      logger.warn({ upstream, reason, errorCode, detail: message }, 'upstream call failed'),
    observe: (upstream) => ({
      ...metrics.observe(upstream),
      circuitChanged: (circuit) => logger.warn({ upstream, circuit }, 'circuit changed'),
      trace: tracing?.background,
    }),
    redis: aid,
    caching,
    before: before?.connected,
    configNow: now.config,
  });
};

const requestRateFor = (config: Config, { lasting, before }: GenerationOptions): Generation['requestRate'] => {
  const perMinute = config.limits.requestsPerMinute;
  const isSame = before?.config.limits.requestsPerMinute === perMinute;
  return isSame ? before.requestRate : createRequestRate({ perMinute, redis: lasting.aid });
};

/** Builds the next generation. Throws a `ConfigError` for a config that cannot be served; then nothing has changed. */
export const createGeneration = (config: Config, options: GenerationOptions): Generation => {
  const { lasting, now, recognized, before } = options;
  neverPrint(secretsOf(config));
  const documentPolicyOf = readTrustedDocuments(config);
  const access = createAccess(config.auth, { ...lasting, before: before?.access ?? null });
  const caching = cachingFor(config, options);
  const connected = connectAll(config, caching, options);
  const hosts = { open: config.auth === undefined, origins: config.cors.origins };
  const requestRate = requestRateFor(config, options);
  const { logger, metrics, admission, failoverGuard, live, editions, streams, tracing } = lasting;
  const graph = createGraph({
    ...{ config, configNow: now.config, access, hosts, documentPolicyOf, requestRate, recognized },
    ...{ logger, metrics, admission, failoverGuard, live, editions, streams, tracing },
    clients: now.clients,
  });
  return {
    ...{ config, connected, graph, hosts, caching, access, requestRate },
    clients: new Map(connected.map(({ client }) => [client.upstream.name, client])),
    cors: createCors(config.cors.origins),
    readiness: createReadiness(connected.map(({ probed }) => probed)),
  };
};
