import { Redis, type RedisOptions } from 'ioredis';

/** One try to connect, or one command, may take so long: to a Redis nearby, a second is an age. */
const PATIENCE_MS = 1000;

/** When a connection went, or came back. `reason` is a word for the log, without address or password. */
export interface RedisChange {
  readonly state: 'lost' | 'back';
  readonly reason: string | null;
}

/** The one connection of this process to the Redis that all replicas share. */
export interface RedisConnection {
  /**
   * Runs one command. Throws an `Error` in our own words within about a second where Redis cannot be asked or refuses:
   * the client's own errors hold the arguments, and a login's is the password.
   */
  ask<T>(command: (client: Redis) => Promise<T>): Promise<T>;
  /** Another connection of the same manners, not made yet, for one that subscribes and can ask nothing else. */
  another(options: Pick<RedisOptions, 'autoResubscribe'>): Redis;
  /** The number of the database that its URL names. */
  readonly database: number;
  close(): Promise<void>;
}

const badUrl = (what: string): Error => new Error(`redis.url: ${what}`);

/** Read here and not by the client, whose errors quote the URL, and which would take options from a query. */
const addressOf = (url: string): RedisOptions => {
  if (!URL.canParse(url)) throw badUrl('must be a URL such as redis://:password@host:6379/0');
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(url);
  const [, db] = /^\/?(\d{0,5})$/.exec(pathname) ?? [];
  if (protocol !== 'redis:' && protocol !== 'rediss:') throw badUrl('must begin with redis:// or rediss://');
  if (hostname === '') throw badUrl('must name a host');
  if (db === undefined || search !== '' || hash !== '')
    throw badUrl('must end with the host, the port, or a / and the number of a database');
  try {
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || '6379'),
      db: Number(db),
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' && { tls: {} }),
    };
  } catch {
    throw badUrl('must have each % of a user name or password written as %25');
  }
};

/** How long to wait before the next try: 50 ms at first, 2 s later, not at once with the other replicas. */
const backOff = (times: number): number => Math.min(2000, 50 * 2 ** Math.min(times, 6)) * (0.5 + Math.random() / 2);

export const isTimeout = (error: unknown): boolean => error instanceof Error && error.message === 'Command timed out';

/** A word for what went wrong: a code of the system or of Redis. A message may hold anything, so none is passed on. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (isTimeout(error)) return 'no answer in time';
  return /^[A-Z]{3,}(?= )/.exec(error.message)?.[0] ?? 'not connected';
};

/**
 * Connects to Redis, and again whenever the connection is lost; meanwhile every command fails at once. Resolves when it
 * is connected or the first try has failed, at most two seconds later. Throws only for a URL that is none; the message
 * does not hold it. `onChange` is told each change once, a Redis that is not there at the start too.
 */
export const createRedis = async (url: string, onChange: (change: RedisChange) => void): Promise<RedisConnection> => {
  const client = new Redis({
    ...addressOf(url),
    lazyConnect: true,
    disableClientInfo: true,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    disconnectTimeout: PATIENCE_MS / 2,
    keepAlive: 10_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0, // what was under way when the connection was lost fails, and is not sent again
    retryStrategy: backOff,
    reconnectOnError: ({ message }) => message.startsWith('READONLY'), // another is the primary now: its name leads there
  });

  let state: 'new' | 'up' | 'lost' | 'closed' = 'new';
  let reason: string | null = null;
  const lose = (): void => {
    if (state === 'lost' || state === 'closed') return;
    state = 'lost';
    onChange({ state, reason: reason ?? 'connection closed' });
  };
  client.on('error', (error) => (reason = reasonOf(error)));
  client.on('close', lose);
  client.on('ready', () => {
    reason = null;
    if (state === 'closed') return;
    if (state === 'lost') onChange({ state: 'back', reason });
    state = 'up';
  });

  /** A peer that has gone without a word keeps its connection for many minutes: cut it, so that a new one is made. */
  const cut = (): void => {
    if (client.status !== 'ready' || state === 'closed') return;
    reason = 'no answer in time';
    client.disconnect(true);
  };

  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<void>((resolve) => (timer = setTimeout(resolve, 2 * PATIENCE_MS)));
  await Promise.race([client.connect().catch(() => undefined), overdue]); // why it failed, the event has told
  clearTimeout(timer);
  if (client.status !== 'ready') lose();

  return {
    ask: (command) =>
      command(client).catch((error: unknown) => {
        if (isTimeout(error)) setImmediate(cut); // not yet: the caller may take back what it has just sent
        throw new Error(`Redis could not be asked: ${reasonOf(error)}`);
      }),
    another: (options) => client.duplicate(options),
    database: client.options.db ?? 0,
    close: async () => {
      state = 'closed';
      const left = client.status === 'ready' && (await client.quit().catch(() => null)) !== null;
      if (!left) client.disconnect();
    },
  };
};
