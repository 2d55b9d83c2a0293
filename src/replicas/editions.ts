import { randomUUID } from 'node:crypto';
import type { Askable } from './redis-aid.js';

const KEY = 'copygraph:edition';

/** The edition of the data that answers come from. */
interface Editions {
  /** `null` if Redis cannot be reached: another replica may have changed something. */
  current(): Promise<string | null>;
  /** Begins a new edition for all replicas; to be awaited before a caller learns of the change. */
  advance(): Promise<void>;
}

/** Each edition has a random name, so that an emptied Redis cannot return to an old one. */
export const createEditions = (redis: Askable | null): Editions => {
  let own = randomUUID();
  if (redis === null)
    return {
      current: () => Promise.resolve(own),
      advance: () => {
        own = randomUUID();
        return Promise.resolve();
      },
    };
  const shared = async (): Promise<string | null> => {
    const found = await redis.ask((client) => client.get(KEY));
    if (found !== null) return found;
    await redis.ask((client) => client.set(KEY, randomUUID(), 'NX'));
    return redis.ask((client) => client.get(KEY));
  };
  return {
    current: async () => {
      const theirs = await shared().catch(() => null);
      return theirs === null ? null : `${own} ${theirs}`;
    },
    advance: async () => {
      own = randomUUID();
      await redis.ask((client) => client.set(KEY, randomUUID())).catch(() => undefined);
    },
  };
};
