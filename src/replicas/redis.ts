import type { Redis, RedisOptions } from 'ioredis';
import { StoreRefused } from '../domain/store-refused.js';
import type { RedisPlace } from './redis-address.js';
import { type Client, PATIENCE_MS, openRedis } from './redis-client.js';
import { type RedisChange, createRedisHealth } from './redis-health.js';

/** The one connection of this process to the Redis that all replicas share. */
export interface RedisConnection {
  /**
   * Runs one command. Within about a second, it throws an `Error` in our own words if Redis cannot be reached, and a
   * `StoreRefused` if it refuses. The client's own errors contain arguments, and a login's argument is the password.
   */
  ask<T>(command: (client: Client) => Promise<T>): Promise<T>;
  /** As `ask`, for commands that may be forbidden to us while Redis works: its config, a channel. */
  mayAsk<T>(command: (client: Client) => Promise<T>): Promise<T>;
  /** As `mayAsk`, on each node that has keys of its own. */
  mayAskEach<T>(command: (node: Redis) => Promise<T>): Promise<readonly T[]>;
  /** Another connection with the same options, not opened yet: a connection that subscribes can do nothing else. */
  another(options: Pick<RedisOptions, 'autoResubscribe'>): Redis;
  /** The number of the database that its URL names. */
  readonly database: number;
  close(): Promise<void>;
}

export const isTimeout = (error: unknown): boolean => error instanceof Error && error.message === 'Command timed out';

/** The first word of an error reply. After too many redirections, the client appends it to its own message. */
const wordIn = (message: string): string | null =>
  /^(?:Too many Cluster redirections\. Last error: (?:\w+: )?)?([A-Z]{3,})(?= )/.exec(message)?.[1] ?? null;

/** A word for a failure: a code of the system or of Redis. Messages may contain anything, so none is passed on. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (isTimeout(error)) return 'no answer in time';
  // For a cluster without a usable node.
  if ('lastNodeError' in error && error.lastNodeError instanceof Error) return reasonOf(error.lastNodeError);
  return wordIn(error.message) ?? 'not connected';
};

/** Errors about one command or one key, not about Redis as a whole. */
const ofTheCommand = new Set(['ERR', 'WRONGTYPE', 'NOSCRIPT', 'EXECABORT', 'BUSYKEY', 'CROSSSLOT']);

/** The word of a refusal by Redis; `null` for another failure. */
const refusalIn = (error: unknown): string | null => {
  if (!(error instanceof Error)) return null;
  const isReply = error.name === 'ReplyError' || error.message.startsWith('Too many Cluster redirections');
  const word = isReply ? wordIn(error.message) : null;
  return word === null || ofTheCommand.has(word) ? null : word;
};

/** By a script, as our own writes: a user may be allowed only plain ones. */
const WRITE = `return redis.call('SET', KEYS[1], '', 'PX', 1000)`;
/** So many keys reach every node of a cluster, except of the very largest. */
const PROBES = 32;

/** Writes to one Redis, or to the nodes of a cluster. */
const writeTo = (client: Client, isCluster: boolean): Promise<unknown> =>
  Promise.all(
    Array.from({ length: isCluster ? PROBES : 1 }, (_, index) => client.eval(WRITE, 1, `copygraph:try:{${index}}`)),
  );

const outcomeWithin = async (work: Promise<unknown>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work.catch(() => undefined), overdue]);
  clearTimeout(timer);
};

/**
 * Connects to Redis, and reconnects whenever the connection is lost; meanwhile every command fails at once. Resolves
 * when it is connected or the first attempt has failed, after at most two seconds. Throws only for an invalid address;
 * the message does not contain the URL. `onChange` receives each change once, and also that Redis is missing at the
 * start.
 */
export const createRedis = async (
  place: RedisPlace,
  onChange: (change: RedisChange) => void,
): Promise<RedisConnection> => {
  const { client, isCluster, another, nodes, database } = openRedis(place);
  let closed = false;
  let reason: string | null = null;
  const health = createRedisHealth({
    onChange,
    write: () => (client.status === 'ready' ? writeTo(client, isCluster) : Promise.reject(new Error('not connected'))),
  });
  client.on('error', (error) => (reason = reasonOf(error)));
  client.on('close', () => health.disconnected(reason ?? 'connection closed'));
  client.on('ready', () => {
    reason = null;
    health.connected();
  });

  /**
   * A peer that vanished silently would keep its connection for many minutes. Cutting it makes the client reconnect.
   */
  const cut = (): void => {
    if (client.status !== 'ready' || closed) return;
    reason = 'no answer in time';
    client.disconnect(true);
  };

  await outcomeWithin(client.connect(), 2 * PATIENCE_MS); // the error event has the reason of a failure
  if (client.status !== 'ready') health.disconnected(reason ?? 'connection closed');

  const run = async <T>(counts: boolean, command: () => Promise<T>): Promise<T> => {
    // The client of a cluster would queue the command.
    if (isCluster && client.status !== 'ready') throw new Error('Redis could not be asked: not connected');
    try {
      return await command();
    } catch (error) {
      if (isTimeout(error)) setImmediate(cut); // not yet: the caller may undo the command it has just sent
      // A reconnect after `READONLY`, to find the new primary, still counts as that refusal.
      const word = refusalIn(error) ?? (client.status === 'ready' ? null : health.readOnly());
      if (counts && word !== null) health.refused(word);
      // One node of a cluster is gone, which causes no event.
      else if (counts && isCluster && client.status === 'ready' && reasonOf(error) === 'not connected')
        health.refused('not connected');
      throw word === null ? new Error(`Redis could not be asked: ${reasonOf(error)}`) : new StoreRefused(word);
    }
  };

  return {
    ask: (command) => run(true, () => command(client)),
    mayAsk: (command) => run(false, () => command(client)),
    mayAskEach: (command) => run(false, () => Promise.all(nodes().map(command))),
    another,
    database,
    close: async () => {
      closed = true;
      health.close();
      const left = client.status === 'ready' && (await client.quit().catch(() => null)) !== null;
      if (!left) client.disconnect();
    },
  };
};
