import { deserialize, serialize } from 'node:v8';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { ageMicros } from '../domain/age.js';
import type { Micros } from '../domain/micros.js';

/** A value with the time of its read, and how long it stays valid by default. */
export interface Kept<T> {
  readonly value: T;
  readonly observedAt: Micros;
  readonly ttlMs: number;
  readonly settled?: boolean; // it will not change any more
}

/** The store that replicas share: bytes by key. Its methods reject if it cannot be reached. */
export interface SharedStore {
  read(keys: readonly string[]): Promise<readonly (Buffer | null)[]>;
  write(key: string, bytes: Buffer, keepMs: number): Promise<void>;
  /** Deletes every key with that prefix. */
  drop(prefix: string): Promise<void>;
  /** Calls the listener when another replica has dropped the values of an upstream. */
  onDropped?(listener: (upstream: string) => void): void;
}

interface StoreOptions {
  readonly maxEntries: number; // records; 0 stores nothing
  readonly staleMs: number; // how long an expired value is still kept, for use when the upstream fails
  readonly shared: SharedStore | null;
  readonly now: () => Micros;
  readonly version: string; // of this package: values written by another version are not read
}

/** Values that are in the shared store alone. A store that cannot be reached counts as empty. */
export interface Elsewhere {
  read<T>(keys: readonly string[], shape: z.ZodType): Promise<readonly (Kept<T> | null)[]>;
  write<T>(key: string, kept: Kept<T>): void;
}

/** The cache over all requests: in this process and, if replicas share a store, there too. */
export interface RecordStore {
  /**
   * The newest value under each key. The shared store is read only for keys whose local value does not pass `isGood`.
   * Values of another shape count as missing, and so do values from the future, because then a clock is wrong.
   */
  read<T>(
    keys: readonly string[],
    isGood: (kept: Kept<T>) => boolean,
    shape: z.ZodType,
  ): Promise<readonly (Kept<T> | null)[]>;
  /** `weight` is the number of records in the value. */
  write<T>(key: string, kept: Kept<T>, weight: number, options?: { readonly onlyHere?: boolean }): void;
  /** Values written by other replicas, without a local copy; `null` if there is no shared store. */
  readonly elsewhere: Elsewhere | null;
  /** Deletes every key with that prefix. */
  drop(prefix: string): Promise<void>;
  /** Deletes all values of an upstream. */
  dropUpstream(upstream: string): Promise<void>;
  /** A number that changes with each drop. A read that began under an older one may be older than the drop. */
  edition(): number;
}

/** The version of the shared format: replicas with another one do not read it. */
const FORM = 3;

const keptShape = z.strictObject({
  value: z.unknown(),
  observedAt: z.number().int(),
  ttlMs: z.number().min(0),
  settled: z.boolean().optional(),
});

/** A value that cannot be read, such as one of another version, counts as missing. */
const decode = <T>(bytes: Buffer | null, version: string, shape: z.ZodType): Kept<T> | null => {
  if (bytes === null) return null;
  try {
    const written: unknown = deserialize(bytes);
    if (!Array.isArray(written) || written[0] !== FORM || written[1] !== version) return null;
    const kept: unknown = written[2];
    const { data } = keptShape.safeParse(kept);
    return data !== undefined && shape.safeParse(data.value).success ? (kept as Kept<T>) : null; // checked
  } catch {
    return null;
  }
};

/**
 * Limits the cache by weight, so that memory depends on records and not on reads. If the shared store cannot be
 * reached, nothing fails: it counts as absent.
 */
export const createRecordStore = ({ maxEntries, staleMs, shared, now, version }: StoreOptions): RecordStore => {
  const here = maxEntries === 0 ? null : new LRUCache<string, Kept<unknown>>({ maxSize: maxEntries });
  let edition = 0;

  /** A key is a kind, an upstream and the rest, with a space between them. */
  const forget = (isDropped: (key: string) => boolean): void => {
    edition += 1;
    for (const key of here?.keys() ?? []) if (isDropped(key)) here?.delete(key);
  };
  const isOf =
    (upstream: string) =>
    (key: string): boolean =>
      key.split(' ')[1] === upstream;
  shared?.onDropped?.((upstream) => forget(isOf(upstream)));

  /** The shared store first: otherwise a read in between would bring the value back from there. */
  const dropBoth = async (prefix: string, isDropped: (key: string) => boolean): Promise<void> => {
    if (here !== null) await shared?.drop(prefix).catch(() => undefined);
    forget(isDropped);
  };

  const isPlaced = ({ observedAt }: Kept<unknown>): boolean => Number.isFinite(ageMicros(observedAt, now()));

  const keep = (key: string, kept: Kept<unknown>, weight: number): void => {
    // A value without records, such as an hour without copies, still takes a place.
    here?.set(key, kept, { size: Math.max(1, weight), ttl: Math.max(1, kept.ttlMs + staleMs) });
  };

  const send = (key: string, kept: Kept<unknown>): void =>
    void shared?.write(key, serialize([FORM, version, kept]), kept.ttlMs + staleMs).catch(() => undefined);

  const elsewhere: Elsewhere = {
    read: async <T>(keys: readonly string[], shape: z.ZodType) => {
      const bytes = (await shared?.read(keys).catch(() => [])) ?? [];
      return keys.map((_key, index) => {
        const kept = decode<T>(bytes[index] ?? null, version, shape);
        return kept !== null && isPlaced(kept) ? kept : null;
      });
    },
    write: send,
  };

  return {
    elsewhere: shared === null || maxEntries === 0 ? null : elsewhere,
    read: async <T>(keys: readonly string[], isGood: (kept: Kept<T>) => boolean, shape: z.ZodType) => {
      // The key names the kind of its value.
      const found = keys.map((key) => {
        const kept = (here?.get(key) ?? null) as Kept<T> | null;
        return kept !== null && isPlaced(kept) ? kept : null;
      });
      const wanting = keys.flatMap((key, index) => {
        const kept = found[index] ?? null;
        return kept !== null && isGood(kept) ? [] : [{ key, index }];
      });
      if (shared === null || here === null || wanting.length === 0) return found;
      const bytes = await shared.read(wanting.map(({ key }) => key)).catch(() => []);
      wanting.forEach(({ key, index }, position) => {
        const theirs = decode<T>(bytes[position] ?? null, version, shape);
        const ours = found[index] ?? null;
        if (theirs === null || !isPlaced(theirs) || (ours !== null && ours.observedAt >= theirs.observedAt)) return;
        found[index] = theirs;
        keep(key, theirs, weightOf(theirs.value));
      });
      return found;
    },
    write: (key, kept, weight, { onlyHere = false } = {}) => {
      if (maxEntries === 0 || weight > maxEntries / 2 || kept.ttlMs + staleMs <= 0) return;
      keep(key, kept, weight);
      if (shared === null || onlyHere) return;
      send(key, kept);
    },
    drop: (prefix) => dropBoth(prefix, (key) => key.startsWith(prefix)),
    dropUpstream: (upstream) => dropBoth(`all ${upstream} `, isOf(upstream)),
    edition: () => edition,
  };
};

/** Roughly how many records came from the shared store: the number in a list, otherwise one. */
const weightOf = (value: unknown): number =>
  typeof value === 'object' && value !== null && 'weight' in value && typeof value.weight === 'number'
    ? value.weight
    : 1;
