import type { z } from 'zod';
import { ageMicros } from '../domain/age.js';
import type { CacheResult } from '../domain/cache-result.js';
import type { Micros } from '../domain/micros.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { CallOptions, Read } from '../calling/call.js';
import { readOf } from './shapes.js';
import { type SharedReads, createSharedReads } from './shared-reads.js';
import type { Kept, RecordStore } from './store.js';

/** For how long what was read stands, and what else reads have in common. */
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

/** Whether a value may be served: its own time, unless the caller says how old it may be. */
export const isFresh = (kept: Kept<unknown>, call: CallOptions, now: Micros): boolean => {
  const { maxAgeMs, movingMaxAgeMs, stands } = call;
  const moving = kept.settled === true ? Number.POSITIVE_INFINITY : (movingMaxAgeMs ?? Number.POSITIVE_INFINITY);
  const left = (maxAgeMs ?? Math.min(kept.ttlMs, moving)) - ageMs(kept, now);
  if (left > 0) stands?.(left);
  return left > 0;
};

/** Whether it may stand in for an upstream that fails. A caller who says how old it may be is taken at that word. */
export const maySubstitute = (kept: Kept<unknown>, call: CallOptions, now: Micros, staleMs: number): boolean => {
  const { maxAgeMs, stands } = call;
  const may = ageMs(kept, now) < (maxAgeMs ?? kept.ttlMs + staleMs);
  if (may) stands?.(0);
  return may;
};

/** Whether a failure is the upstream's, so that what was read before may stand in. */
export const isUpstreamDown = (error: unknown): error is UpstreamError =>
  error instanceof UpstreamError && !['notFound', 'rejected', 'tooLarge', 'budgetExceeded'].includes(error.reason);

/** One kind of read: how its values are kept. */
interface Kind<T> {
  /** What one must look like that another replica has kept. */
  readonly shape: z.ZodType;
  ttlMs(value: T): number;
  observedAt(value: T): Micros;
  weight(value: T): number;
  /** The value as it is told when the upstream has failed meanwhile; as it is, where that is not given. */
  stale?(value: T, failure: UpstreamError): T;
}

/** How a list is kept, of whatever records: it tells itself when it is old. */
export const listKind = <T extends Read<unknown>>({ listMs }: CacheTimes, shape: z.ZodType): Kind<T> => ({
  shape: readOf(shape),
  ttlMs: () => listMs,
  observedAt: ({ observedAt }) => observedAt,
  weight: ({ records }) => records.length,
  stale: (read, failure) => ({ ...read, failure }),
});

/** Reads of one kind: out of the store where that is fresh, else of the upstream, once however many ask. */
interface ReadThrough<T> {
  read(key: string, call: CallOptions, work: (call: CallOptions) => Promise<T>): Promise<T>;
  /** Keeps what another read has brought. */
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
      // What was begun before something was dropped is not joined, and not kept.
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
