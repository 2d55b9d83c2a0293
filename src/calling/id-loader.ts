import DataLoader from 'dataloader';
import { UpstreamError } from '../domain/upstream-error.js';
import type { Read } from './call.js';
import { asError } from './outcome.js';

/** A vendor's id within one upstream: of a job, a source, a remote cluster, or a failover's workflow. */
interface IdKey {
  readonly upstream: string;
  readonly id: string;
}

type Some<T> = Pick<Read<T>, 'records' | 'unreadable'>;

/** The most ids in one query. Each has up to 20 digits, so the URL stays below the 8 kB that servers accept. */
const IDS_PER_CALL = 200;

const idsByUpstream = (keys: readonly IdKey[]): ReadonlyMap<string, readonly string[]> => {
  const groups = new Map<string, string[]>();
  for (const { upstream, id } of keys) {
    const group = groups.get(upstream) ?? [];
    group.push(id);
    groups.set(upstream, group);
  }
  return groups;
};

const inChunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) => items.slice(chunk * size, (chunk + 1) * size));

const textOf = ({ upstream, id }: IdKey): string => `${upstream} ${id}`;

/**
 * A loader by id: for n ids of u upstreams, one call for each upstream and each 200 ids. A missing id is `null`. It is
 * a failure if some record could not be read, because that may have been the one.
 */
export const createIdLoader = <T>(
  read: (upstream: string, ids: readonly string[]) => Promise<Some<T>> | undefined, // undefined: no client can read it
  idOf: (record: T) => bigint | string | null,
  idsPerCall = IDS_PER_CALL,
): DataLoader<IdKey, T | null, string> =>
  new DataLoader(
    async (keys) => {
      const found = new Map<string, T | Error>();
      const readSome = async (upstream: string, ids: readonly string[]): Promise<void> => {
        try {
          const { records, unreadable } = (await read(upstream, ids)) ?? { records: [], unreadable: 0 };
          for (const record of records) found.set(textOf({ upstream, id: String(idOf(record)) }), record);
          if (unreadable === 0) return;
          const missing = ids.map((id) => textOf({ upstream, id })).filter((text) => !found.has(text));
          for (const text of missing)
            found.set(text, new UpstreamError(upstream, 'malformed', 'a record that cannot be read'));
        } catch (error) {
          for (const id of ids) found.set(textOf({ upstream, id }), asError(error));
        }
      };
      await Promise.all(
        [...idsByUpstream(keys)].flatMap(([upstream, ids]) =>
          inChunks(ids, idsPerCall).map((some) => readSome(upstream, some)),
        ),
      );
      return keys.map((key) => found.get(textOf(key)) ?? null);
    },
    { cacheKeyFn: textOf },
  );
