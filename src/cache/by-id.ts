import type { z } from 'zod';
import type { CallOptions, Read } from '../calling/call.js';
import { type CacheContext, isFresh, isUpstreamDown, maySubstitute } from './read-through.js';
import { createSharedReads } from './shared-reads.js';

/** A read of many records by their ids. */
type ReadByIds<T> = (query: { readonly ids: readonly string[] }, call: CallOptions) => Promise<Read<T>>;

/**
 * As the read it is given, but asks only for ids that are not in the cache or too old. A record without an id is passed
 * on and not cached; an id that does not exist is asked for each time.
 */
export const createById = <T>(
  context: CacheContext,
  kind: string,
  readMany: ReadByIds<T>,
  idOf: (record: T) => string | null,
  shape: z.ZodType,
): ReadByIds<T> => {
  const { upstream, store, times, now, observe } = context;
  const shared = createSharedReads<Read<T>>(context);
  const keyOf = (id: string): string => `${kind} ${upstream} ${id}`;

  return async ({ ids }, call) => {
    const kept = await store.read<T>(ids.map(keyOf), (one) => isFresh(one, call, now()), shape);
    const fresh = kept.filter((one) => one !== null && isFresh(one, call, now()));
    const missing = ids.filter((_, index) => {
      const one = kept[index] ?? null;
      return one === null || !isFresh(one, call, now());
    });
    const known = fresh.flatMap((one) => (one === null ? [] : [one]));
    if (missing.length === 0) {
      observe('hit');
      return { records: known.map(({ value }) => value), observedAt: known[0]?.observedAt ?? now(), unreadable: 0 };
    }
    try {
      const read = await shared.read(missing.join(), call, async (own) => {
        const answer = await readMany({ ids: missing }, own);
        for (const record of answer.records) {
          const id = idOf(record);
          if (id === null) continue;
          store.write(keyOf(id), { value: record, observedAt: answer.observedAt, ttlMs: times.listMs }, 1);
        }
        return answer;
      });
      return { ...read, records: [...known.map(({ value }) => value), ...read.records] };
    } catch (error) {
      const usable = kept.flatMap((one) =>
        one !== null && maySubstitute(one, call, now(), times.staleMs) ? [one] : [],
      );
      // All or nothing, because a caller takes an id that is left out for one that does not exist.
      if (!isUpstreamDown(error) || usable.length < ids.length) throw error;
      observe('stale');
      const oldest = usable.reduce((first, one) => (one.observedAt < first.observedAt ? one : first));
      return {
        records: usable.map(({ value }) => value),
        observedAt: oldest.observedAt,
        unreadable: 0,
        failure: error,
      };
    }
  };
};
