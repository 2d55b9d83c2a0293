import { randomUUID } from 'node:crypto';
import type { Askable } from './redis-aid.js';

const KEY = 'copygraph:edition';

/** Which state of the data answers are of. */
interface Editions {
  /** `null` where Redis cannot be asked: another replica may have changed something. */
  current(): Promise<string | null>;
  /** Opens another one, for all replicas; to be waited for before anyone is told of the change. */
  advance(): Promise<void>;
}

/** A word of its own for each edition, so that a Redis that was emptied does not bring an old one back. */
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
