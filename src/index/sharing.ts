import { z } from 'zod';
import type { Micros } from '../domain/micros.js';
import type { Read } from '../calling/call.js';
import type { CacheTimes } from '../cache/read-through.js';
import { readOf } from '../cache/shapes.js';
import type { Elsewhere } from '../cache/store.js';

/** One read that a replica has made, by what it was of. */
const entryShape = z.object({
  group: z.string().nullable(),
  from: z.number(),
  to: z.number().optional(), // where it had an end
  readAt: z.number(),
});
const listShape = z.object({ weight: z.number(), entries: z.array(entryShape) });

type Entry = z.infer<typeof entryShape>;

/** What replicas share: an index of records by the reads that it rests on. */
interface Shared<T> {
  moment(): number;
  stretches(): Iterable<readonly [group: string | null, Omit<Entry, 'group'>]>;
  take(group: string | null, from: number, begun: number, read: Read<T>, to: number): void;
}

/** What replicas tell one another of an index: each read once, whoever made it. */
export interface IndexSharing<T> {
  /** Takes what others have read since. */
  follow(index: Shared<T>): Promise<void>;
  /** Tells others of a read; `to` is its end, where it has one. */
  tell(index: Shared<T>, group: string | null, from: number, read: Read<T>, to?: number): void;
}

interface SharingOptions {
  readonly upstream: string;
  readonly scope: string; // tells this index from the others of its upstream
  readonly elsewhere: Elsewhere;
  readonly times: CacheTimes;
  readonly shape: z.ZodType; // of a record
}

const AT_ONCE = 4; // reads that are taken in one turn of the event loop: each may hold thousands of records

type Place = Omit<Entry, 'readAt'>;

const nameOf = ({ group, from, to }: Place): string => `${group ?? '*'} ${from}${to === undefined ? '' : ` ${to}`}`;

/**
 * A list names every read that counts, and each read lies under a key of its own. Reads can be taken in any order and
 * more than once: of each record the newest stands. So a replica that comes late, one that has missed something, and two
 * that read at once all come to the same.
 */
export const createIndexSharing = <T>(options: SharingOptions): IndexSharing<T> => {
  const { upstream, scope, elsewhere, times, shape } = options;
  const listKey = `index ${upstream} ${scope}`;
  const partKey = (entry: Place): string => `part ${upstream} ${scope} ${nameOf(entry)}`;
  const partShape = readOf(shape);
  const keptFor = (observedAt: number) => ({ observedAt: observedAt as Micros, ttlMs: times.finishedMs });

  const entriesOf = (index: Shared<T>): readonly Entry[] =>
    [...index.stretches()].map(([group, { from, to, readAt }]) => ({ group, from, to, readAt }));

  return {
    follow: async (index) => {
      const begun = index.moment();
      const [list = null] = await elsewhere.read<z.infer<typeof listShape>>([listKey], listShape);
      const known = new Map(entriesOf(index).map((entry) => [nameOf(entry), entry.readAt]));
      const news = (list?.value.entries ?? []).filter(
        (entry) => (known.get(nameOf(entry)) ?? Number.NEGATIVE_INFINITY) < entry.readAt,
      );
      if (news.length === 0) return;
      news.sort((a, b) => a.readAt - b.readAt);
      for (let at = 0; at < news.length; at += AT_ONCE) {
        const some = news.slice(at, at + AT_ONCE);
        const parts = await elsewhere.read<Read<T>>(some.map(partKey), partShape);
        some.forEach(({ group, from, to }, place) => {
          const read = parts[place]?.value;
          if (read !== undefined) index.take(group, from, begun, read, to ?? Number.POSITIVE_INFINITY);
        });
      }
    },
    tell: (index, group, from, read, to) => {
      const { records, observedAt, unreadable, reasons } = read;
      const value = { records, observedAt, unreadable, reasons };
      elsewhere.write(partKey({ group, from, to }), { value, ...keptFor(observedAt) });
      const entries = entriesOf(index);
      elsewhere.write(listKey, { value: { weight: entries.length, entries }, ...keptFor(observedAt) });
    },
  };
};
