import type { RedisOptions } from 'ioredis';

/** One Redis by its URL, or several nodes of a Redis Cluster. */
export type RedisPlace = string | readonly string[];

const badUrl = (key: string, what: string): Error => new Error(`${key}: ${what}`);

/** Parsed here and not by the client: its errors quote the URL, and it accepts options in the query. */
const addressOf = (url: string, key: string): RedisOptions => {
  if (!URL.canParse(url)) throw badUrl(key, 'must be a URL such as redis://:password@host:6379/0');
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(url);
  const [, db] = /^\/?(\d{0,5})$/.exec(pathname) ?? [];
  if (protocol !== 'redis:' && protocol !== 'rediss:') throw badUrl(key, 'must begin with redis:// or rediss://');
  if (hostname === '') throw badUrl(key, 'must name a host');
  if (db === undefined || search !== '' || hash !== '')
    throw badUrl(key, 'must end with the host, the port, or a / and the number of a database');
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
    throw badUrl(key, 'must have each % of a user name or password written as %25');
  }
};

interface ClusterAddress {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  /** The options for every node, including those that the cluster itself names. */
  readonly common: Pick<RedisOptions, 'username' | 'password' | 'tls'>;
}

const clusterOf = (urls: readonly string[]): ClusterAddress => {
  const addresses = urls.map((url, index) => addressOf(url, `redis.urls[${index}]`));
  const [first = {}] = addresses;
  addresses.forEach(({ db = 0, username, password, tls }, index) => {
    const key = `redis.urls[${index}]`;
    if (db !== 0) throw badUrl(key, 'must not name a database: a cluster has only database 0');
    if (username !== first.username || password !== first.password || (tls === undefined) !== (first.tls === undefined))
      throw badUrl(key, 'must have the same user name, password and protocol as the first');
  });
  const { username, password, tls } = first;
  return {
    nodes: addresses.map(({ host = '', port = 0 }) => ({ host, port })),
    common: {
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(tls !== undefined && { tls }),
    },
  };
};

/** Throws an `Error` that names the key, without any part of the URL. */
export const readRedisPlace = (
  place: RedisPlace,
): { readonly kind: 'one'; readonly address: RedisOptions } | ({ readonly kind: 'cluster' } & ClusterAddress) =>
  typeof place === 'string'
    ? { kind: 'one', address: addressOf(place, 'redis.url') }
    : { kind: 'cluster', ...clusterOf(place) };
