import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

const MOST_DOCUMENTS = 1000;
const MOST_CHARACTERS = 524_288;
const MOST_FAILURE_CHARACTERS = 131_072;

/** A cache by the text of a query, as large as its texts may be together. */
const byText = <T extends object>(mostCharacters: number): LRUCache<string, T> =>
  new LRUCache({
    max: MOST_DOCUMENTS,
    maxSize: mostCharacters,
    sizeCalculation: (_, text) => Math.max(1, text.length),
  });

/**
 * The caches of parsed queries, and of errors of those that cannot be parsed. A parsed query takes some hundred times the
 * memory of its text. Yoga's own caches count queries alone, and a thousand large ones would take more than a gigabyte.
 */
export const createParsedDocuments = () => ({
  documentCache: byText<DocumentNode>(MOST_CHARACTERS),
  errorCache: byText<Error>(MOST_FAILURE_CHARACTERS),
});
