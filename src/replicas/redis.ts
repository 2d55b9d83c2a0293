import type { Redis, RedisOptions } from 'ioredis';
import { StoreRefused } from '../domain/store-refused.js';
import type { RedisPlace } from './redis-address.js';
import { type Client, PATIENCE_MS, openRedis } from './redis-client.js';
import { type RedisChange, createRedisHealth } from './redis-health.js';

/** The one connection of this process to the Redis that all replicas share. */
export interface RedisConnection {
  /**
   * Runs one command. Throws an `Error` in our own words within about a second where Redis cannot be asked, and a
   * `StoreRefused` where it refuses: the client's own errors hold the arguments, and a login's is the password.
   */
  ask<T>(command: (client: Client) => Promise<T>): Promise<T>;
  /** The same for what it may refuse to us alone, and be well: its config, a channel. */
  mayAsk<T>(command: (client: Client) => Promise<T>): Promise<T>;
  /** The same of each node that has keys of its own. */
  mayAskEach<T>(command: (node: Redis) => Promise<T>): Promise<readonly T[]>;
  /** Another connection of the same manners, not made yet, for one that subscribes and can ask nothing else. */
  another(options: Pick<RedisOptions, 'autoResubscribe'>): Redis;
  /** The number of the database that its URL names. */
  readonly database: number;
  close(): Promise<void>;
}

export const isTimeout = (error: unknown): boolean => error instanceof Error && error.message === 'Command timed out';

/** The word that an answer of Redis begins with; the client puts it behind its own where it was led on too often. */
const wordIn = (message: string): string | null =>
  /^(?:Too many Cluster redirections\. Last error: (?:\w+: )?)?([A-Z]{3,})(?= )/.exec(message)?.[1] ?? null;

/** A word for what went wrong: a code of the system or of Redis. A message may hold anything, so none is passed on. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (isTimeout(error)) return 'no answer in time';
  // Of a cluster, none of whose nodes could be used.
  if ('lastNodeError' in error && error.lastNodeError instanceof Error) return reasonOf(error.lastNodeError);
  return wordIn(error.message) ?? 'not connected';
};

/** What Redis says of one command or one key, and not of itself. */
const ofTheCommand = new Set(['ERR', 'WRONGTYPE', 'NOSCRIPT', 'EXECABORT', 'BUSYKEY', 'CROSSSLOT']);

/** The word by which Redis refuses; `null` for another failure. */
const refusalIn = (error: unknown): string | null => {
  if (!(error instanceof Error)) return null;
  const isReply = error.name === 'ReplyError' || error.message.startsWith('Too many Cluster redirections');
  const word = isReply ? wordIn(error.message) : null;
  return word === null || ofTheCommand.has(word) ? null : word;
};

/** As our own writes are made: a user may be allowed plain ones alone. */
const WRITE = `return redis.call('SET', KEYS[1], '', 'PX', 1000)`;
/** So many keys of a cluster meet each of its nodes, but for the very largest. */
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
 * Connects to Redis, and again whenever the connection is lost; meanwhile every command fails at once. Resolves when it
 * is connected or the first try has failed, at most two seconds later. Throws only for a place that is none; the message
 * does not hold its URL. `onChange` is told each change once, a Redis that is not there at the start too.
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

  /** A peer that has gone without a word keeps its connection for many minutes: cut it, so that a new one is made. */
  const cut = (): void => {
    if (client.status !== 'ready' || closed) return;
    reason = 'no answer in time';
    client.disconnect(true);
  };

  await outcomeWithin(client.connect(), 2 * PATIENCE_MS); // why it failed, the event has told
  if (client.status !== 'ready') health.disconnected(reason ?? 'connection closed');

  const run = async <T>(counts: boolean, command: () => Promise<T>): Promise<T> => {
    // The client of a cluster would keep it for later.
    if (isCluster && client.status !== 'ready') throw new Error('Redis could not be asked: not connected');
    try {
      return await command();
    } catch (error) {
      if (isTimeout(error)) setImmediate(cut); // not yet: the caller may take back what it has just sent
      // While it connects anew, since another may be the primary now, it is no other refusal.
      const word = refusalIn(error) ?? (client.status === 'ready' ? null : health.readOnly());
      if (counts && word !== null) health.refused(word);
      // One node of a cluster is gone: no event tells of it.
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
