import DataLoader from 'dataloader';
import { asError } from './outcome.js';

const textOf = ({ upstream, ...rest }: { readonly upstream: string }): string => `${upstream} ${JSON.stringify(rest)}`;

/**
 * Makes one call for each distinct key; a failure belongs to its key alone. `read` returns `undefined` if no client can
 * read the key.
 */
export const createCallLoader = <K extends { readonly upstream: string }, T>(
  read: (key: K) => Promise<T> | undefined,
): DataLoader<K, T, string> =>
  new DataLoader<K, T, string>(
    (keys) =>
      Promise.all(
        keys.map(
          async (key): Promise<T | Error> =>
            read(key)?.catch(asError) ?? new Error(`${key.upstream} is not an upstream that can be read for this`),
        ),
      ),
    { cacheKeyFn: textOf },
  );
