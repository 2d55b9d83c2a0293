import { LRUCache } from 'lru-cache';

const MOST_TEXTS = 2000;
const MOST_CHARACTERS = 8_388_608;

/**
 * A cache by texts that callers send. It is as large as the texts may be together, because a caller chooses how long
 * they are. The one that was used least recently goes first. The number of texts is limited by the least size of each:
 * with `max`, the cache would have its tables at once, which takes forty times as long.
 */
export const createTextCache = <T extends object | string | boolean>(
  mostCharacters = MOST_CHARACTERS,
): LRUCache<string, T> =>
  new LRUCache({
    maxSize: mostCharacters,
    sizeCalculation: (_, text) => Math.max(Math.ceil(mostCharacters / MOST_TEXTS), text.length),
  });
