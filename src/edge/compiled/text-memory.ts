import { LRUCache } from 'lru-cache';
import type { JsonText } from './json-text.js';

const MOST_BYTES = 33_554_432;
const MOST_BYTES_EACH = 262_144;

type Forget = () => void;

/** The texts of records for one selection. */
export interface Texts {
  of(record: object): JsonText | undefined;
  keep(record: object, text: JsonText): void;
}

/** Memory for the texts of all selections. The text that was used least recently goes first. */
export interface TextMemory {
  create(): Texts;
}

export const createTextMemory = (): TextMemory => {
  const kept = new LRUCache<JsonText, Forget>({
    maxSize: MOST_BYTES,
    sizeCalculation: (_, { bytes }) => bytes.length,
    dispose: (forget) => forget(),
  });
  return {
    create: () => {
      const byRecord = new Map<object, JsonText>();
      return {
        of: (record) => {
          const text = byRecord.get(record);
          if (text !== undefined) kept.get(text); // used now
          return text;
        },
        keep: (record, text) => {
          if (text.bytes.length > MOST_BYTES_EACH) return;
          byRecord.set(record, text);
          kept.set(text, () => void byRecord.delete(record));
        },
      };
    },
  };
};
