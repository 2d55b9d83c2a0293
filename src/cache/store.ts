import { deserialize, serialize } from 'node:v8';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { ageMicros } from '../domain/age.js';
import type { Micros } from '../domain/micros.js';

/** A value with the time it was read at, and for how long it stands by default. */
export interface Kept<T> {
  readonly value: T;
  readonly observedAt: Micros;
  readonly ttlMs: number;
  readonly settled?: boolean; // nothing of it will change any more
}

/** What replicas share: bytes by key. Its methods reject where it cannot be asked. */
export interface SharedStore {
  read(keys: readonly string[]): Promise<readonly (Buffer | null)[]>;
  write(key: string, bytes: Buffer, keepMs: number): Promise<void>;
  /** Forgets every key that begins so. */
  drop(prefix: string): Promise<void>;
  /** From now on told, when it is read, that another replica has dropped what was kept of an upstream. */
  onDropped?(listener: (upstream: string) => void): void;
}

interface StoreOptions {
  readonly maxEntries: number; // records; 0 keeps nothing
  readonly staleMs: number; // how much longer than its time a value is kept, for when the upstream fails
  readonly shared: SharedStore | null;
  readonly now: () => Micros;
  readonly version: string; // of this package: what another has written is not read
}

/** Values that are kept in the shared store alone. A store that cannot be asked is as good as an empty one. */
export interface Elsewhere {
  read<T>(keys: readonly string[], shape: z.ZodType): Promise<readonly (Kept<T> | null)[]>;
  write<T>(key: string, kept: Kept<T>): void;
}

/** What has been read, over all requests: in this process, and where replicas share a store, there too. */
export interface RecordStore {
  /**
   * The newest that is kept under each key; the shared store is asked only for what is not good enough here, and what it
   * has of another shape is not there. Nor is what was observed in the future: a clock is wrong then.
   */
  read<T>(
    keys: readonly string[],
    isGood: (kept: Kept<T>) => boolean,
    shape: z.ZodType,
  ): Promise<readonly (Kept<T> | null)[]>;
  /** `weight` is how many records the value holds. */
  write<T>(key: string, kept: Kept<T>, weight: number, options?: { readonly onlyHere?: boolean }): void;
  /** What other replicas have written, without keeping it here; `null` where nothing is shared. */
  readonly elsewhere: Elsewhere | null;
  /** Forgets everything whose key begins so. */
  drop(prefix: string): Promise<void>;
  /** Forgets everything of an upstream. */
  dropUpstream(upstream: string): Promise<void>;
  /** Another one after each drop: what was begun under an older one may be older than what was dropped. */
  edition(): number;
}

/** The form of what is shared: a replica of another form does not read it. */
const FORM = 3;

const keptShape = z.strictObject({
  value: z.unknown(),
  observedAt: z.number().int(),
  ttlMs: z.number().min(0),
  settled: z.boolean().optional(),
});

/** Anything that cannot be read back, such as what another version wrote, counts as not there. */
const decode = <T>(bytes: Buffer | null, version: string, shape: z.ZodType): Kept<T> | null => {
  if (bytes === null) return null;
  try {
    const written: unknown = deserialize(bytes);
    if (!Array.isArray(written) || written[0] !== FORM || written[1] !== version) return null;
    const kept: unknown = written[2];
    const { data } = keptShape.safeParse(kept);
    return data !== undefined && shape.safeParse(data.value).success ? (kept as Kept<T>) : null; // of that shape
  } catch {
    return null;
  }
};

/**
 * Kept by weight, so that memory is bounded by records and not by reads. A shared store that cannot be asked is as good
 * as none: nothing fails for it.
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

  /** First where all find it: else a read between would bring it back from there. */
  const dropBoth = async (prefix: string, isDropped: (key: string) => boolean): Promise<void> => {
    if (here !== null) await shared?.drop(prefix).catch(() => undefined);
    forget(isDropped);
  };

  const isPlaced = ({ observedAt }: Kept<unknown>): boolean => Number.isFinite(ageMicros(observedAt, now()));

  const keep = (key: string, kept: Kept<unknown>, weight: number): void => {
    // Something without weight, such as an hour without copies, still takes a place.
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
      // A key names the kind of what is kept under it.
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

/** How many records came from the shared store, near enough: those of a list, else one. */
const weightOf = (value: unknown): number =>
  typeof value === 'object' && value !== null && 'weight' in value && typeof value.weight === 'number'
    ? value.weight
    : 1;
