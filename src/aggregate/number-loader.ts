import DataLoader from 'dataloader';
import { asError } from './outcome.js';

/** A vendor's number within one upstream: of a job, or of a source. */
export interface NumberKey {
  readonly upstream: string;
  readonly number: string; // decimal
}

/** How many ids go into one query; some 20 digits each, so that a URL stays below the 8 kB that servers take. */
const IDS_PER_CALL = 200;

const numbersByUpstream = (keys: readonly NumberKey[]): ReadonlyMap<string, readonly string[]> => {
  const groups = new Map<string, string[]>();
  for (const { upstream, number } of keys) {
    const group = groups.get(upstream) ?? [];
    group.push(number);
    groups.set(upstream, group);
  }
  return groups;
};

const inChunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) => items.slice(chunk * size, (chunk + 1) * size));

const textOf = ({ upstream, number }: NumberKey): string => `${upstream} ${number}`;

/** A batch by id: for n ids of u upstreams, one call for each upstream and each 200 ids. A missing id is `null`. */
export const createNumberLoader = <T>(
  read: (upstream: string, ids: readonly string[]) => Promise<readonly T[]>,
  numberOf: (record: T) => bigint | string | null,
  idsPerCall = IDS_PER_CALL,
): DataLoader<NumberKey, T | null, string> =>
  new DataLoader(
    async (keys) => {
      const found = new Map<string, T | Error>();
      const readSome = async (upstream: string, ids: readonly string[]): Promise<void> => {
        try {
          for (const record of await read(upstream, ids)) {
            found.set(textOf({ upstream, number: String(numberOf(record)) }), record);
          }
        } catch (error) {
          for (const number of ids) found.set(textOf({ upstream, number }), asError(error));
        }
      };
      await Promise.all(
        [...numbersByUpstream(keys)].flatMap(([upstream, ids]) =>
          inChunks(ids, idsPerCall).map((some) => readSome(upstream, some)),
        ),
      );
      return keys.map((key) => found.get(textOf(key)) ?? null);
    },
    { cacheKeyFn: textOf },
  );
