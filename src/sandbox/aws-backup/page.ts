import { createHash } from 'node:crypto';
import type { Call } from './call.js';
import { invalidParameter } from './errors.js';
import { text, whole } from './query.js';

/** The set of records that a list's pages are cut from: fixed with the first page, so that the pages fit together. */
export interface Snapshot {
  readonly now: number;
  /** The number of started jobs at that time. */
  readonly started: number;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly snapshot: Snapshot;
  readonly nextToken: string | undefined;
}

interface ListOptions {
  /** The operation and the relevant part of its path: a token is valid only for these. */
  readonly operation: string;
  readonly tokenName?: 'nextToken' | 'NextToken';
  readonly sizeName?: 'maxResults' | 'MaxResults';
  readonly most?: number;
}

const defaultSize = 100;
const remembered = 6;

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);

/** Cuts pages. The sets of unfinished lists are remembered for their next page; forgetting one costs only time. */
export const createPager = (secret: string) => {
  const sets = new Map<string, readonly unknown[]>();

  return <T>(call: Call, options: ListOptions, all: (snapshot: Snapshot) => readonly T[]): Page<T> => {
    const { operation, tokenName = 'nextToken', sizeName = 'maxResults', most = 1000 } = options;
    const size = whole(call.query, sizeName, 1, most) ?? defaultSize;
    const filters = [...call.query]
      .filter(([name]) => name !== tokenName && name !== sizeName)
      .map(([name, value]) => `${name}=${value}`)
      .sort();
    const bound = digest(secret, operation, ...filters);

    const write = ({ now, started }: Snapshot, from: number): string => {
      const content = `${now}.${started}.${from}`;
      return Buffer.from(`${content}.${digest(bound, content)}`).toString('base64url');
    };
    const read = (token: string): readonly [Snapshot, number] => {
      const [now = '', started = '', from = '', ...rest] = Buffer.from(token, 'base64url').toString().split('.');
      const snapshot = { now: Number(now), started: Number(started) };
      if (rest.length !== 1 || write(snapshot, Number(from)) !== token)
        throw invalidParameter('The provided token is invalid or does not belong to this request', tokenName);
      return [snapshot, Number(from)];
    };

    const token = text(call.query, tokenName);
    const first = { now: call.now, started: call.world.started.list().length };
    const [snapshot, from] = token === undefined ? ([first, 0] as const) : read(token);
    const key = digest(bound, write(snapshot, 0));
    // Only the same operation has stored a set under this key.
    const set = (sets.get(key) as readonly T[] | undefined) ?? all(snapshot);
    const to = from + size;
    sets.delete(key);
    if (to < set.length) sets.set(key, set);
    for (const oldest of [...sets.keys()].slice(0, -remembered)) sets.delete(oldest);
    return { items: set.slice(from, to), snapshot, nextToken: to < set.length ? write(snapshot, to) : undefined };
  };
};

export type Pager = ReturnType<typeof createPager>;
