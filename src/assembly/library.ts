import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import { sendJson } from '../edge/plain-answers.js';
import { refusalBody } from '../edge/refusal.js';
import { schema as graph } from '../schema/index.js';
import { type Config, configFrom } from './config.js';
import { embedSandbox } from './embedded.js';
import { type Gateway, createGateway } from './gateway.js';
import type { CopygraphConfig, UpstreamConfig } from './library-config.js';
import { logOptions } from './logger.js';

export type { CopygraphConfig, UpstreamConfig };

/** The gateway inside another program, which listens itself and passes requests on. */
export interface Copygraph {
  /** Answers a request whose body has not been read. Paths that are not the gateway's get 404. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Takes over a WebSocket for the graph. `false`: it is for another part of the program, and was not touched. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /**
   * Serves with another config from now on; running requests finish with the previous one. Throws an error named
   * `ConfigError` if that is impossible: then nothing has changed.
   */
  readonly reload: (config: CopygraphConfig) => void;
  /** The graph, as `copygraph schema --subgraph` prints it. */
  readonly schema: GraphQLSchema;
  /**
   * Shuts down: running requests are answered, streams complete, and after ten seconds the rest is cut off. With
   * `server.drainDelaySeconds`, it first serves requests for that long. The program's own server is not touched.
   */
  readonly drain: () => Promise<void>;
}

/** The options besides the config. */
export interface CopygraphOptions {
  /** Receives each line of the log, in JSON; default: stderr. `LOG_LEVEL` in the environment sets the level. */
  readonly log?: { write(line: string): void };
}

/** The graph: a Federation 2 subgraph. */
export const schema: GraphQLSchema = graph;

const DRAIN_MS = 10_000;

/** The upstreams of the sandbox. A config itself cannot mark an upstream as played. */
const played = new WeakSet<object>();

/** The program listens itself, so its `HOST` and `PORT` do not matter here. */
const environment = (): NodeJS.ProcessEnv => ({ ...process.env, HOST: undefined, PORT: undefined });

const toConfig = (given: CopygraphConfig): Config => {
  const config = configFrom(given, 'config', environment());
  const sandboxes = given.upstreams.filter((one) => played.has(one)).map(({ id }) => id);
  const upstreams = config.upstreams.map((one) => ({ ...one, sandbox: sandboxes.includes(one.id) }));
  return sandboxes.length === 0 ? config : { ...config, upstreams };
};

const bodyIsGone = refusalBody(
  'INTERNAL',
  'The body of this request was read before it reached copygraph: mount copygraph before any body parser.',
);

const handleBy =
  ({ handle }: Gateway): Copygraph['handle'] =>
  (request, response) => {
    if (request.method === 'POST' && request.readableEnded) sendJson(response, 500, bodyIsGone);
    else handle(request, response);
  };

/**
 * Makes a gateway to mount in your own server. Rejects with an error named `ConfigError`, which lists the problems line
 * by line. It opens no port and handles no signals.
 */
export const createCopygraph = async (config: CopygraphConfig, options: CopygraphOptions = {}): Promise<Copygraph> => {
  const level = process.env['LOG_LEVEL'] ?? 'info';
  const logger = pino({ ...logOptions, level }, options.log ?? pino.destination({ dest: 2, sync: true }));
  const gateway = await createGateway(toConfig(config), logger);
  gateway.pinIdentities();
  const drain = async (): Promise<void> => {
    await gateway.leave();
    await gateway.stop(DRAIN_MS);
    await gateway.close();
  };
  let drained: Promise<void> | null = null;
  return {
    handle: handleBy(gateway),
    upgrade: gateway.upgrade,
    reload: (next) => gateway.reload(() => toConfig(next)),
    schema,
    drain: () => (drained ??= drain()),
  };
};

/** Plays two Cohesity clusters and AWS Backup on loopback. `config` is for `createCopygraph`. */
export const startSandbox = async (): Promise<{ readonly config: CopygraphConfig; close(): Promise<void> }> => {
  const sandbox = await embedSandbox({ env: {} });
  // The sandbox shares a process with the program and its tests, so it may be slower than a real vendor.
  const upstreams = sandbox.upstreams.map((upstream) => ({ ...upstream, timeoutMs: 20_000 }));
  for (const upstream of upstreams) played.add(upstream);
  return { config: { upstreams }, close: sandbox.close };
};
