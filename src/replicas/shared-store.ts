import { randomUUID } from 'node:crypto';
import type { Askable } from './redis-aid.js';
import type { Client } from './redis-client.js';

export interface SharedStoreOptions {
  readonly redis: Askable;
  /** The same Redis for callers that may wait: a mutation that drops records it has changed. */
  readonly patient: Askable;
  /** The limit of all entries of one upstream in Redis, in bytes, roughly. */
  readonly bytesPerUpstream: () => number;
}

/** The size of an entry besides key and value: a place in a hash table, and two small headers. */
const ENTRY_BYTES = 96;
/** The field with a hash's size in bytes. No key has this name, because keys contain spaces. */
const SIZE = 'bytes';

/** A key is a kind, an upstream and the rest, with a space between them. */
const upstreamOf = (key: string): string => key.split(' ')[1] ?? '';

/** The braces keep all keys of an upstream in one slot of a Redis Cluster. */
const keysOf = (upstream: string): readonly [now: string, before: string, edition: string] => {
  const name = `copygraph:cache:{${upstream}}`;
  return [`${name}:now`, `${name}:before`, `${name}:edition`];
};

/** Each drop begins a new edition. ARGV: its name. */
const DROP = `
redis.call('UNLINK', KEYS[1], KEYS[2])
redis.call('SET', KEYS[3], ARGV[1])`;

/** The edition of a process that has not seen any yet. */
const ANY = '*';

/**
 * Writes one entry, unless it may be older than the last drop. When the newer hash has half of the limit, it becomes
 * the older one, and the previous older one is deleted at once. ARGV: field, value, limit of one hash in bytes,
 * milliseconds that the entry is valid, overhead of an entry, name of the size field, last seen edition.
 */
const WRITE = `
if ARGV[7] ~= '${ANY}' and (redis.call('GET', KEYS[3]) or '') ~= ARGV[7] then return end
local had = redis.call('HSTRLEN', KEYS[1], ARGV[1])
local size = tonumber(redis.call('HGET', KEYS[1], ARGV[6]) or '0')
if had > 0 then size = size - had - #ARGV[1] - ARGV[5] end
local more = #ARGV[1] + #ARGV[2] + ARGV[5]
if size + more > tonumber(ARGV[3]) then
  redis.call('UNLINK', KEYS[2])
  if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('RENAME', KEYS[1], KEYS[2]) end
  size = 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], ARGV[6], size + more)
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end`;

const newest = ([now, before]: readonly (readonly (Buffer | null)[])[], index: number): Buffer | null =>
  now?.[index] ?? before?.[index] ?? null;

/** The same fields of both hashes, and the edition, in one round trip. */
const readBoth = async (client: Client, upstream: string, fields: readonly string[]) => {
  const [now, before, edition] = keysOf(upstream);
  const [seen, ...both] = await Promise.all([
    client.get(edition), // first, so that entries from before a later drop do not count as newer
    client.hmgetBuffer(now, ...fields),
    client.hmgetBuffer(before, ...fields),
  ]);
  return { edition: seen ?? '', values: fields.map((_, index) => newest(both, index)) };
};

/**
 * The record cache of all replicas: bytes by key, in two hashes for each upstream. The newer hash is written until it
 * has half of the upstream's limit; then it becomes the older one, and the previous older one is deleted. So the cache
 * has its own limit, and callers that only read can neither fill Redis nor evict a lock. Readers know how long an entry
 * is valid; the hashes expire with their last entry.
 */
export const createSharedStore = ({ redis, patient, bytesPerUpstream }: SharedStoreOptions) => {
  const seen = new Map<string, string>(); // last seen edition, by upstream
  let dropped: (upstream: string) => void = () => undefined;

  return {
    /** The keys belong to one upstream. One round trip. */
    read: async (keys: readonly string[]): Promise<readonly (Buffer | null)[]> => {
      const upstream = upstreamOf(keys[0] ?? '');
      const before = seen.get(upstream);
      const { edition, values } = await redis.ask((client) => readBoth(client, upstream, keys));
      // Unless our own drop came in between.
      if (seen.get(upstream) === before && before !== edition) {
        seen.set(upstream, edition);
        if (before !== undefined) dropped(upstream);
      }
      return values;
    },
    write: async (key: string, bytes: Buffer, keepMs: number): Promise<void> => {
      const most = Math.floor(bytesPerUpstream() / 2);
      if (key.length + bytes.length + ENTRY_BYTES > most) return;
      const upstream = upstreamOf(key);
      const given = [key, bytes, most, Math.ceil(keepMs), ENTRY_BYTES, SIZE, seen.get(upstream) ?? ANY];
      await redis.ask((client) => client.eval(WRITE, 3, ...keysOf(upstream), ...given));
    },
    /** Deletes all entries of the upstream in the prefix, with one command. Only mutations drop. */
    drop: async (prefix: string): Promise<void> => {
      const upstream = upstreamOf(prefix);
      const edition = randomUUID();
      seen.set(upstream, edition);
      await patient.ask((client) => client.eval(DROP, 3, ...keysOf(upstream), edition));
    },
    onDropped: (listener: (upstream: string) => void): void => void (dropped = listener),
  };
};
