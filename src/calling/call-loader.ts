import DataLoader from 'dataloader';
import { asError } from './outcome.js';

const textOf = ({ upstream, ...rest }: { readonly upstream: string }): string => `${upstream} ${JSON.stringify(rest)}`;

/** One call for each distinct key; what fails is that key's own error. `read` gives `undefined` for nobody to ask. */
export const createCallLoader = <K extends { readonly upstream: string }, T>(
  read: (key: K) => Promise<T> | undefined,
): DataLoader<K, T, string> =>
  new DataLoader<K, T, string>(
    (keys) =>
      Promise.all(
        keys.map(
          async (key): Promise<T | Error> =>
            read(key)?.catch(asError) ?? new Error(`${key.upstream} is no upstream that can be asked for this`),
        ),
      ),
    { cacheKeyFn: textOf },
  );
