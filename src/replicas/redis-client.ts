import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { type RedisPlace, readRedisPlace } from './redis-address.js';

/** One try to connect, or one command, may take so long: to a Redis nearby, a second is an age. */
export const PATIENCE_MS = 1000;

/** One Redis, or a Redis Cluster: both take the same commands. */
export type Client = Redis | Cluster;

/** How long to wait before the next try: 50 ms at first, 2 s later, not at once with the other replicas. */
const backOff = (times: number): number => Math.min(2000, 50 * 2 ** Math.min(times, 6)) * (0.5 + Math.random() / 2);

const common = {
  disableClientInfo: true,
  connectTimeout: PATIENCE_MS,
  commandTimeout: PATIENCE_MS,
  keepAlive: 10_000,
  maxRetriesPerRequest: 0, // what was under way when the connection was lost fails, and is not sent again
} satisfies RedisOptions;

const alone = {
  ...common,
  lazyConnect: true,
  disconnectTimeout: PATIENCE_MS / 2,
  enableOfflineQueue: false,
  retryStrategy: backOff,
  reconnectOnError: ({ message }) => message.startsWith('READONLY'), // another is the primary now: its name leads there
} satisfies RedisOptions;

interface Clients {
  readonly client: Client;
  readonly isCluster: boolean;
  /** A connection to one node, not made yet: what is published is heard at each. Lost, it goes on to the next node. */
  another(options: Pick<RedisOptions, 'autoResubscribe'>): Redis;
  /** Each that has keys of its own. */
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
    // A node connects with its first command, and those that come meanwhile wait for it. While no node is there, nothing
    // is sent: whoever asks looks at the status first.
    enableOfflineQueue: true,
    clusterRetryStrategy: backOff,
    retryDelayOnFailover: 0, // for what was under way, as above
    retryDelayOnClusterDown: 0,
    dnsLookup: (address, done) => done(null, address), // by name, as the certificates have it
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
          Object.assign(subscriber.options, known()[times % known().length]); // which it reads when it connects
          return backOff(times);
        },
      });
      return subscriber;
    },
    nodes: () => client.nodes('master'),
    database: 0,
  };
};

/** Throws an `Error` for a place that is none. Connects to nothing yet. */
export const openRedis = (place: RedisPlace): Clients => {
  const read = readRedisPlace(place);
  return read.kind === 'one' ? oneClient(read.address) : clusterClient(read);
};
