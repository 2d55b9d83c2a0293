import { LRUCache } from 'lru-cache';
import type { JsonText } from './json-text.js';

const MOST_BYTES = 16_777_216;
const MOST_BYTES_EACH = 262_144;
const OVERHEAD = 256; // bytes of each text beside its own, about

/** The texts of records for one selection. They keep no record in memory. */
export interface Texts {
  of(record: object): JsonText | undefined;
  keep(record: object, text: JsonText): void;
}

/** Memory for the texts of all selections. The text that was used least recently goes first. */
export interface TextMemory {
  create(): Texts;
}

export const createTextMemory = (): TextMemory => {
  const kept = new LRUCache<symbol, JsonText>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ bytes }) => bytes + OVERHEAD,
  });
  return {
    create: () => {
      // A record that was read again is another one. If texts kept the old ones, many would be in memory.
      const keys = new WeakMap<object, symbol>();
      return {
        of: (record) => {
          const key = keys.get(record);
          return key === undefined ? undefined : kept.get(key);
        },
        keep: (record, text) => {
          if (text.bytes > MOST_BYTES_EACH) return;
          const key = Symbol('text');
          keys.set(record, key);
          kept.set(key, text);
        },
      };
    },
  };
};
