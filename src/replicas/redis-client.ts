import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { type RedisPlace, readRedisPlace } from './redis-address.js';

/** The longest time for one connection attempt or one command; very long for a nearby Redis. */
export const PATIENCE_MS = 1000;

/** One Redis, or a Redis Cluster: both take the same commands. */
export type Client = Redis | Cluster;

/** The wait before the next attempt: 50 ms at first, up to 2 s later, and not in step with other replicas. */
const backOff = (times: number): number => Math.min(2000, 50 * 2 ** Math.min(times, 6)) * (0.5 + Math.random() / 2);

const common = {
  disableClientInfo: true,
  connectTimeout: PATIENCE_MS,
  commandTimeout: PATIENCE_MS,
  keepAlive: 10_000,
  maxRetriesPerRequest: 0, // commands that were running when the connection was lost fail, and are not sent again
} satisfies RedisOptions;

const alone = {
  ...common,
  lazyConnect: true,
  disconnectTimeout: PATIENCE_MS / 2,
  enableOfflineQueue: false,
  retryStrategy: backOff,
  // another node is the primary now: the name leads there
  reconnectOnError: ({ message }) => message.startsWith('READONLY'),
} satisfies RedisOptions;

interface Clients {
  readonly client: Client;
  readonly isCluster: boolean;
  /**
   * A connection to one node, not opened yet; a published message reaches every node. When lost, it moves to the next
   * node.
   */
  another(options: Pick<RedisOptions, 'autoResubscribe'>): Redis;
  /** Each node that has keys of its own. */
  nodes(): readonly Redis[];
  readonly database: number;
}

const oneClient = (address: RedisOptions): Clients => {
  const client = new Redis({ ...address, ...alone });
  return {
    client,
    isCluster: false,
    another: (options) => client.duplicate(options),
    nodes: () => [client],
    database: client.options.db ?? 0,
  };
};

const clusterClient = ({
  nodes,
  common: manners,
}: Extract<ReturnType<typeof readRedisPlace>, { kind: 'cluster' }>): Clients => {
  const client = new Cluster([...nodes], {
    redisOptions: { ...common, ...manners },
    lazyConnect: true,
    // A node connects with its first command, and other commands wait for it. While no node is connected, nothing is
    // sent, because callers check the status first.
    enableOfflineQueue: true,
    clusterRetryStrategy: backOff,
    retryDelayOnFailover: 0, // for running commands, as above
    retryDelayOnClusterDown: 0,
    dnsLookup: (address, done) => done(null, address), // by name, as in the certificates
  });
  const known = (): readonly { readonly host: string; readonly port: number }[] => {
    const masters = client.nodes('master').map(({ options: { host = '', port = 0 } }) => ({ host, port }));
    return masters.length > 0 ? masters : nodes;
  };
  return {
    client,
    isCluster: true,
    another: (options) => {
      const [first = { host: '', port: 0 }] = known();
      const subscriber: Redis = new Redis({
        ...alone,
        ...manners,
        ...first,
        ...options,
        retryStrategy: (times) => {
          Object.assign(subscriber.options, known()[times % known().length]); // it reads them when it connects
          return backOff(times);
        },
      });
      return subscriber;
    },
    nodes: () => client.nodes('master'),
    database: 0,
  };
};

/** Throws an `Error` for an invalid address. Opens no connection yet. */
export const openRedis = (place: RedisPlace): Clients => {
  const read = readRedisPlace(place);
  return read.kind === 'one' ? oneClient(read.address) : clusterClient(read);
};
