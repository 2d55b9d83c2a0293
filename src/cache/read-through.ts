import type { z } from 'zod';
import { ageMicros } from '../domain/age.js';
import type { CacheResult } from '../domain/cache-result.js';
import type { Micros } from '../domain/micros.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { CallOptions, Read } from '../calling/call.js';
import { readOf } from './shapes.js';
import { type SharedReads, createSharedReads } from './shared-reads.js';
import type { Kept, RecordStore } from './store.js';

/** How long values stay valid, and the other times common to all reads. */
export interface CacheTimes {
  readonly finishedMs: number;
  readonly runningMs: number;
  readonly listMs: number;
  readonly staleMs: number;
}

export interface CacheContext {
  readonly upstream: string;
  readonly store: RecordStore;
  readonly times: CacheTimes;
  readonly now: () => Micros;
  readonly observe: (result: CacheResult) => void;
}

const ageMs = ({ observedAt }: Kept<unknown>, now: Micros): number => ageMicros(observedAt, now) / 1000;

/** Whether a value may be served: by its own time, unless the caller limits the age. */
export const isFresh = (kept: Kept<unknown>, call: CallOptions, now: Micros): boolean => {
  const { maxAgeMs, movingMaxAgeMs, aheadMs = 0, stands } = call;
  const moving = kept.settled === true ? Number.POSITIVE_INFINITY : (movingMaxAgeMs ?? Number.POSITIVE_INFINITY);
  const left = (maxAgeMs ?? Math.min(kept.ttlMs, moving)) - ageMs(kept, now);
  const isEnough = left > aheadMs;
  if (isEnough) stands?.(left);
  return isEnough;
};

/** Whether a value may be served in place of a failed read. A caller's limit on the age also holds here. */
export const maySubstitute = (kept: Kept<unknown>, call: CallOptions, now: Micros, staleMs: number): boolean => {
  const { maxAgeMs, stands } = call;
  const may = ageMs(kept, now) < (maxAgeMs ?? kept.ttlMs + staleMs);
  if (may) stands?.(0);
  return may;
};

/** Whether a failure is the upstream's, so that an older value may be served. */
export const isUpstreamDown = (error: unknown): error is UpstreamError =>
  error instanceof UpstreamError && !['notFound', 'rejected', 'tooLarge', 'budgetExceeded'].includes(error.reason);

/** One kind of read, and how its values are cached. */
interface Kind<T> {
  /** The shape that a value from another replica must have. */
  readonly shape: z.ZodType;
  ttlMs(value: T): number;
  observedAt(value: T): Micros;
  weight(value: T): number;
  /** Marks a value that is served because the upstream has failed since; if absent, it stays as it is. */
  stale?(value: T, failure: UpstreamError): T;
}

/** The kind of any list. It says itself when it is old. */
export const listKind = <T extends Read<unknown>>({ listMs }: CacheTimes, shape: z.ZodType): Kind<T> => ({
  shape: readOf(shape),
  ttlMs: () => listMs,
  observedAt: ({ observedAt }) => observedAt,
  weight: ({ records }) => records.length,
  stale: (read, failure) => ({ ...read, failure }),
});

/** Reads of one kind: from the store if fresh, otherwise from the upstream, once for all callers. */
interface ReadThrough<T> {
  read(key: string, call: CallOptions, work: (call: CallOptions) => Promise<T>): Promise<T>;
  /** Stores the result of another read. */
  put(key: string, value: T, options?: { readonly onlyHere?: boolean }): void;
}

export const createReadThrough = <T>(context: CacheContext, kind: Kind<T>): ReadThrough<T> => {
  const { store, times, now, observe } = context;
  const shared: SharedReads<T> = createSharedReads(context);

  const put: ReadThrough<T>['put'] = (key, value, options) =>
    store.write(
      key,
      { value, observedAt: kind.observedAt(value), ttlMs: kind.ttlMs(value) },
      kind.weight(value),
      options,
    );

  return {
    put,
    read: async (key, call, work) => {
      const [kept = null] = await store.read<T>([key], (one) => isFresh(one, call, now()), kind.shape);
      if (kept !== null && isFresh(kept, call, now())) {
        observe('hit');
        return kept.value;
      }
      // A read that began before a drop is not joined, and not stored.
      const edition = store.edition();
      try {
        return await shared.read(`${edition} ${key}`, call, async (own) => {
          const value = await work(own);
          if (store.edition() === edition) put(key, value);
          return value;
        });
      } catch (error) {
        if (kept === null || !isUpstreamDown(error) || !maySubstitute(kept, call, now(), times.staleMs)) throw error;
        observe('stale');
        return kind.stale?.(kept.value, error) ?? kept.value;
      }
    },
  };
};
