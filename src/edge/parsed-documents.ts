import type { DocumentNode } from 'graphql';
import { createTextCache } from './text-cache.js';

const MOST_CHARACTERS = 524_288;
const MOST_FAILURE_CHARACTERS = 131_072;

/**
 * The caches of parsed queries, and of errors of those that cannot be parsed. A parsed query takes some hundred times the
 * memory of its text. Yoga's own caches count queries alone, and a thousand large ones would take more than a gigabyte.
 */
export const createParsedDocuments = () => ({
  documentCache: createTextCache<DocumentNode>(MOST_CHARACTERS),
  errorCache: createTextCache<Error>(MOST_FAILURE_CHARACTERS),
});
