import { LRUCache } from 'lru-cache';

const MOST_TEXTS = 2000;
const MOST_CHARACTERS = 8_388_608;

/**
 * A cache by texts that callers send. It is as large as the texts may be together, because a caller chooses how long
 * they are. The one that was used least recently goes first.
 */
export const createTextCache = <T extends object | string | boolean>(
  mostCharacters = MOST_CHARACTERS,
): LRUCache<string, T> =>
  new LRUCache({
    max: MOST_TEXTS,
    maxSize: mostCharacters,
    sizeCalculation: (_, text) => Math.max(1, text.length),
  });
