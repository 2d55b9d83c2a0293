import type { RedisConnection } from './redis.js';

const PREFIX = 'copygraph:cache:';

/** The record cache of all replicas: bytes by key, each gone when its time is over. */
export const createSharedStore = (redis: RedisConnection) => ({
  read: (keys: readonly string[]): Promise<readonly (Buffer | null)[]> =>
    redis.ask((client) => client.mgetBuffer(keys.map((key) => PREFIX + key))),
  write: async (key: string, bytes: Buffer, keepMs: number): Promise<void> => {
    await redis.ask((client) => client.set(PREFIX + key, bytes, 'PX', Math.ceil(keepMs)));
  },
  /** Looks through all keys, for what other replicas have put there; only a mutation drops. */
  drop: async (prefix: string): Promise<void> => {
    let cursor = '0';
    do {
      const [next, keys] = await redis.ask((client) =>
        client.scan(cursor, 'MATCH', `${PREFIX}${prefix}*`, 'COUNT', 1000),
      );
      if (keys.length > 0) await redis.ask((client) => client.unlink(keys));
      cursor = next;
    } while (cursor !== '0');
  },
});
