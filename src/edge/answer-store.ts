import type { ExecutionResult } from 'graphql';
import { LRUCache } from 'lru-cache';

/** An answer is cached as text and as objects, which together take about this many times its bytes. */
const WEIGHT = 4;
const MEGABYTE = 1024 * 1024;
const MOST_BYTES = 64 * MEGABYTE;
const MOST_BYTES_EACH = MEGABYTE;

/** An answer with its own text as bytes: Yoga asks for it, and sends it unchanged. */
export interface WithBytes extends ExecutionResult {
  stringify(): Buffer;
}

/** A cached answer. */
export interface Made {
  readonly result: WithBytes;
  readonly madeAt: number; // when its execution began, in milliseconds
  readonly until: number;
}

interface StoreOptions {
  readonly keepMs: number;
  readonly now: () => number;
}

/** A cache of answers without errors. */
interface AnswerStore {
  get(key: string): Made | null;
  /** Caches an answer for `standsMs` from `madeAt`, if it is not too large. */
  put(key: string, result: WithBytes, madeAt: number, standsMs: number): void;
}

export const createAnswerStore = ({ keepMs, now }: StoreOptions): AnswerStore => {
  const kept = new LRUCache<string, Made>({ maxSize: MOST_BYTES });
  // A clock may be set back.
  const isValid = ({ madeAt, until }: Made, at: number): boolean => madeAt <= at && at < until;
  /** Drops answers that nobody can get any more, from the one that was used least recently up to a valid one. */
  const dropExpired = (at: number): void => {
    for (const key of kept.rkeys()) {
      const oldest = kept.peek(key);
      if (oldest !== undefined && isValid(oldest, at)) return;
      kept.delete(key);
    }
  };
  return {
    get: (key) => {
      const found = kept.get(key);
      if (found === undefined) return null;
      if (isValid(found, now())) return found;
      kept.delete(key);
      return null;
    },
    put: (key, result, madeAt, standsMs) => {
      const at = now();
      dropExpired(at);
      const until = madeAt + Math.min(keepMs, standsMs);
      if (until <= at) return;
      const bytes = result.stringify().length;
      if (bytes > MOST_BYTES_EACH) return;
      kept.set(key, { result, madeAt, until }, { size: WEIGHT * bytes + key.length });
    },
  };
};
