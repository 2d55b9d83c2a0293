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

/** The gateway inside another program, which listens itself and hands requests over. */
export interface Copygraph {
  /** Answers a request whose body nobody has read. Others than its own paths get 404. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Takes a WebSocket over that is for the graph. `false`: it is for somebody else, and was left as it was. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /**
   * Serves by another config from now on; what is under way ends by the one before. Throws an error of the name
   * `ConfigError` where that cannot be: then nothing has changed.
   */
  readonly reload: (config: CopygraphConfig) => void;
  /** The graph, as `copygraph schema --subgraph` prints it. */
  readonly schema: GraphQLSchema;
  /**
   * Ends: what is under way is answered, streams complete, and after ten seconds the rest is cut off. With
   * `server.drainDelaySeconds` requests are taken for so long first. The program's own server is left alone.
   */
  readonly drain: () => Promise<void>;
}

/** What goes beside a config. */
export interface CopygraphOptions {
  /** Gets each line of the log, in JSON; stderr, if absent. `LOG_LEVEL` of the environment says how much. */
  readonly log?: { write(line: string): void };
}

/** The graph: a Federation 2 subgraph. */
export const schema: GraphQLSchema = graph;

const DRAIN_MS = 10_000;

/** The upstreams that a sandbox plays: which are so may not be said by a config. */
const played = new WeakSet<object>();

/** Where the program itself listens is its own business. */
const environment = (): NodeJS.ProcessEnv => ({ ...process.env, HOST: undefined, PORT: undefined });

const toConfig = (given: CopygraphConfig): Config => {
  const config = configFrom(given, 'config', environment());
  const sandboxes = given.upstreams.filter((one) => played.has(one)).map(({ id }) => id);
  const upstreams = config.upstreams.map((one) => ({ ...one, sandbox: sandboxes.includes(one.id) }));
  return sandboxes.length === 0 ? config : { ...config, upstreams };
};

const bodyIsGone = refusalBody(
  'INTERNAL',
  'The body of this request was read before it came to copygraph: mount it before whatever parses bodies.',
);

const handleBy =
  ({ handle }: Gateway): Copygraph['handle'] =>
  (request, response) => {
    if (request.method === 'POST' && request.readableEnded) sendJson(response, 500, bodyIsGone);
    else handle(request, response);
  };

/**
 * Makes a gateway to mount in a server of your own. Rejects with an error of the name `ConfigError`, which says what is
 * wrong line by line. Nothing listens, and no signal is heeded.
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

/** Plays two Cohesity clusters and AWS Backup on loopback. `config` is what `createCopygraph` takes. */
export const startSandbox = async (): Promise<{ readonly config: CopygraphConfig; close(): Promise<void> }> => {
  const sandbox = await embedSandbox({ env: {} });
  // It shares a process with the program and its tests, which may keep it waiting for longer than a vendor would.
  const upstreams = sandbox.upstreams.map((upstream) => ({ ...upstream, timeoutMs: 20_000 }));
  for (const upstream of upstreams) played.add(upstream);
  return { config: { upstreams }, close: sandbox.close };
};
