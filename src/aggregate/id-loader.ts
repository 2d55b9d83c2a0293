import DataLoader from 'dataloader';
import { asError } from './outcome.js';

/** A vendor's id within one upstream: of a job, a source, a remote cluster, or a failover's workflow. */
export interface IdKey {
  readonly upstream: string;
  readonly id: string;
}

/** How many ids go into one query; some 20 digits each, so that a URL stays below the 8 kB that servers take. */
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

/** A batch by id: for n ids of u upstreams, one call for each upstream and each 200 ids. A missing id is `null`. */
export const createIdLoader = <T>(
  read: (upstream: string, ids: readonly string[]) => Promise<readonly T[]>,
  idOf: (record: T) => bigint | string | null,
  idsPerCall = IDS_PER_CALL,
): DataLoader<IdKey, T | null, string> =>
  new DataLoader(
    async (keys) => {
      const found = new Map<string, T | Error>();
      const readSome = async (upstream: string, ids: readonly string[]): Promise<void> => {
        try {
          for (const record of await read(upstream, ids)) {
            found.set(textOf({ upstream, id: String(idOf(record)) }), record);
          }
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
