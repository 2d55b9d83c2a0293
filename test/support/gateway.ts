import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type DocumentNode, print } from 'graphql';
import { pino } from 'pino';
import { type AuthConfig, type Config, type UpstreamInput, defaultConfig } from '../../src/assembly/config.js';
import { logOptions } from '../../src/assembly/logger.js';
import type { Wait } from '../../src/domain/wait.js';
import { watchEventTypes } from '../../src/domain/watch-event.js';
import type { Vitals } from '../../src/edge/strain.js';
import { startServer } from '../../src/assembly/server.js';

/** A failure, as a GraphQL client sees it. */
export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly upstream?: string;
    readonly retryAfterMs?: number;
    readonly argument?: string;
  };
}

export interface Answer<Data> {
  readonly status: number;
  readonly data: Data;
  readonly errors: readonly AnsweredError[];
}

export interface Gateway {
  readonly url: string;
  /** Its log but for the line of each operation. */
  readonly logs: readonly string[];
  readonly operationLines: readonly string[];
  /** Sends a query over HTTP. An untyped one yields data that the test reads as it knows it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a hand-written query has no type; assertions are the check
  execute<Data = any, Variables = Record<string, unknown>>(
    query: string | TypedDocumentNode<Data, Variables>,
    variables?: Variables,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<Data>>;
  /** Drains it; unfinished work is then cut off. */
  close(timeoutMs?: number): Promise<void>;
}

export interface GatewayOptions {
  readonly upstreams: readonly UpstreamInput[];
  readonly limits?: Partial<Config['limits']>;
  readonly graphiql?: boolean;
  readonly board?: boolean;
  readonly auth?: AuthConfig;
  readonly audit?: Config['audit'];
  readonly failover?: Config['failover'];
  readonly experimental?: Config['experimental'];
  readonly redis?: Partial<NonNullable<Config['redis']>>;
  readonly cors?: Config['cors'];
  readonly introspection?: boolean;
  readonly basePath?: string;
  readonly keepAliveSeconds?: number;
  readonly drainDelaySeconds?: number;
  readonly persisted?: Config['persisted'];
  readonly watch?: Partial<Config['watch']>; // nothing is watched, unless given
  readonly notify?: readonly (Partial<Config['notify'][number]> & { readonly url: string })[];
  /** For how long a connection may be silent beyond what an operation may take. */
  readonly silentMs?: number;
  /** For how long a read waits for Redis; long, unless a test sets it, since this machine may be busy. */
  readonly redisPatienceMs?: number;
  readonly maxStrangers?: number;
  /** The load of the process: idle by default, because this machine may be busy. */
  readonly vitals?: Vitals;
  /** How long failovers wait when Redis was found empty: not at all, unless that is what is tested. */
  readonly failoverWaitMs?: number;
  /** How it waits for `drainDelaySeconds`. */
  readonly wait?: Wait;
  /** Off, unless a test turns parts of it on: most tests count the calls of each query by itself. */
  readonly cache?: Partial<Config['cache']>;
  readonly index?: Partial<Config['index']>;
  /** Whether its upstreams count as those of a sandbox; they do unless a test says otherwise. */
  readonly played?: boolean;
  /** Whether it asks each upstream at the start who it is; it does not, unless that is what is tested. */
  readonly asksIdentities?: boolean;
  /** In a file they are whole seconds; here they may be parts of one. */
  readonly live?: Config['live'];
}

/** A cache that keeps nothing. */
const noCache = {
  finishedSeconds: 0,
  runningSeconds: 0,
  listSeconds: 0,
  staleSeconds: 0,
  answerSeconds: 0,
  maxEntries: 0,
};

/** The real gateway over real HTTP, on a port that the kernel chose. Its log lines are kept for the test. */
export const startGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const {
    upstreams,
    limits = {},
    graphiql = false,
    board = true,
    auth,
    audit,
    failover,
    experimental,
    redis,
    cache,
    index,
    live,
    silentMs,
    redisPatienceMs = 1000,
    maxStrangers,
    vitals = { delayMs: () => 0, heapUsed: () => 0 },
    failoverWaitMs = 0,
    wait,
    cors,
    introspection = true,
    basePath = '',
    keepAliveSeconds = 75,
    drainDelaySeconds = 0,
    persisted,
    watch = { seconds: 0 },
    played = true,
    asksIdentities = false,
    notify = [],
  } = options;
  const config = defaultConfig(upstreams, { PORT: '0' });
  const logs: string[] = [];
  const operationLines: string[] = [];
  const write = (line: string): void => void (line.includes('"msg":"operation"') ? operationLines : logs).push(line);
  const logger = pino({ ...logOptions, level: 'debug' }, { write });
  const server = await startServer(
    {
      ...config,
      upstreams: config.upstreams.map((one) => ({ ...one, sandbox: played })),
      // Tests come in bursts, as one caller.
      limits: { ...config.limits, requestsPerMinute: 1_000_000, ...limits },
      cache: cache === undefined ? noCache : { ...config.cache, ...cache },
      index: { ...config.index, ...index },
      server: { ...config.server, graphiql, board, introspection, basePath, keepAliveSeconds, drainDelaySeconds },
      ...(auth === undefined ? {} : { auth }),
      ...(audit === undefined ? {} : { audit }),
      ...(failover === undefined ? {} : { failover }),
      ...(experimental === undefined ? {} : { experimental }),
      ...(redis === undefined ? {} : { redis: { cacheMegabytes: 128, ...redis } }),
      ...(cors === undefined ? {} : { cors }),
      ...(persisted === undefined ? {} : { persisted }),
      ...(live === undefined ? {} : { live }),
      watch: { ...config.watch, ...watch },
      notify: notify.map((rule) => ({ name: 'ops', on: [...watchEventTypes], format: 'json', minSeconds: 0, ...rule })),
    },
    logger,
    {
      silentMs,
      redisPatienceMs,
      failoverWaitMs,
      maxStrangers,
      wait,
      asksIdentities,
      vitals: { ...vitals, end: () => undefined },
    },
  );
  const url = `${server.url}${basePath}/graphql`;
  return {
    url,
    logs,
    operationLines,
    execute: async (query, variables, headers = {}) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: typeof query === 'string' ? query : print(query as DocumentNode), variables }),
      });
      const { data, errors = [] } = JSON.parse(await response.text());
      return { status: response.status, data, errors };
    },
    close: server.drain,
  };
};
