import { z } from 'zod';
import type { Micros } from '../domain/micros.js';
import type { Read } from '../calling/call.js';
import type { CacheTimes } from '../cache/read-through.js';
import { readOf } from '../cache/shapes.js';
import type { Elsewhere } from '../cache/store.js';

/** One read by a replica: its group, its span and its time. */
const entryShape = z.object({
  group: z.string().nullable(),
  from: z.number(),
  to: z.number().optional(), // if it has an end
  readAt: z.number(),
});
const listShape = z.object({ weight: z.number(), entries: z.array(entryShape) });

type Entry = z.infer<typeof entryShape>;

/** The part of an index that is shared: its records, by read. */
interface Shared<T> {
  moment(): number;
  stretches(): Iterable<readonly [group: string | null, Omit<Entry, 'group'>]>;
  take(group: string | null, from: number, begun: number, read: Read<T>, to: number): void;
}

/** Shares the reads of an index between replicas, so that each is made once. */
export interface IndexSharing<T> {
  /** Takes the reads that others have made since. */
  follow(index: Shared<T>): Promise<void>;
  /** Publishes a read to the others; `to` is its end, if it has one. */
  tell(index: Shared<T>, group: string | null, from: number, read: Read<T>, to?: number): void;
}

interface SharingOptions {
  readonly upstream: string;
  readonly scope: string; // distinguishes this index from others of its upstream
  readonly elsewhere: Elsewhere;
  readonly times: CacheTimes;
  readonly shape: z.ZodType; // of one record
}

const AT_ONCE = 4; // reads taken in one turn of the event loop; each may hold thousands of records

type Place = Omit<Entry, 'readAt'>;

const nameOf = ({ group, from, to }: Place): string => `${group ?? '*'} ${from}${to === undefined ? '' : ` ${to}`}`;

/**
 * A list names every valid read, and each read has a key of its own. Reads can be taken in any order and more than
 * once, because the newest version of each record wins. So a replica that starts late, one that has missed a read, and
 * two that read at once all end with the same records.
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
