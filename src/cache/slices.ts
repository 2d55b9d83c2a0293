import { z } from 'zod';
import { DAY_MICROS, HOUR_MICROS, type Micros, micros } from '../domain/micros.js';
import type { Started } from '../domain/order.js';
import type { CallOptions } from '../calling/call.js';
import { type CacheContext, isFresh, maySubstitute } from './read-through.js';
import type { Kept } from './store.js';

/** A stretch of time: `from` inclusive, `to` exclusive; `null` for everything so far. */
export interface Stretch {
  readonly from: number;
  readonly to: number | null;
}

/** What is known of one hour. */
interface Hour<T> {
  readonly records: readonly T[];
  readonly weight: number;
  readonly readTo: number | null; // where the list ended that was read while the hour went on; null: nowhere in it
}

/** A part of a stretch: known, or to be read. */
export type Part<T> =
  | (Stretch & { readonly kind: 'known'; readonly records: readonly T[]; readonly observedAt: Micros })
  | (Stretch & { readonly kind: 'unknown' });

/** The time slices of one upstream's lists. `shape` is everything that tells one list from another, save the time. */
export interface Slices<T> {
  /** A stretch, oldest part first, cut into what is known well enough and what must be read. */
  plan(shape: string, stretch: Stretch, call: CallOptions): Promise<readonly Part<T>[]>;
  /** What is left of a stretch that could not be read; a part that nobody knows stays unknown. */
  fallBack(shape: string, stretch: Stretch, call: CallOptions): Promise<readonly Part<T>[]>;
  /**
   * Begins the read of a stretch; what it returns keeps the stretch when it was read whole. `mayGrow`: the list is
   * narrowed by what changes, so that a record which is not in it may be later.
   */
  keeping(shape: string, stretch: Stretch, mayGrow?: boolean): (records: readonly T[], observedAt: Micros) => void;
  /** Forgets all lists, since something in them has changed. */
  drop(): Promise<void>;
}

export interface SliceKind<T> {
  /** What a record must look like that another replica has kept. */
  readonly shape: z.ZodType;
  /** Whether nothing of it will change any more, as seen at a time. */
  isSettled(record: T, at: Micros): boolean;
  weight(record: T): number;
}

/** Hours older than this are not kept: a list that reaches back further reads them each time. */
const OLDEST = 31 * DAY_MICROS;
/** A record may still be filed under an hour for so long after it is over. */
export const SETTLING = HOUR_MICROS;

const hourOf = (at: number): number => Math.floor(at / HOUR_MICROS);

/**
 * A list is kept by the hours of its records, so that a dashboard which asks again reads only what may have changed: an
 * hour that is over and whose records are all finished stands as long as a finished record does, any other as long as a
 * list.
 */
export const createSlices = <T extends Started>(context: CacheContext, kind: SliceKind<T>): Slices<T> => {
  const { upstream, store, times, now, observe } = context;
  const prefix = `slice ${upstream} `;
  const hourShape = z.looseObject({
    records: z.array(kind.shape),
    weight: z.number().int().min(0),
    readTo: z.number().int().nullable(),
  });
  const keyOf = (shape: string, hour: number): string => `${prefix}${shape} ${hour}`;

  const cut = async (
    shape: string,
    { from, to }: Stretch,
    isGood: (kept: Kept<Hour<T>>) => boolean,
    standsIn: boolean,
  ): Promise<readonly Part<T>[]> => {
    const end = to ?? Number.POSITIVE_INFINITY;
    const first = hourOf(Math.max(from, now() - OLDEST));
    const goesOn = reaches(to, now());
    const latest = goesOn ? hourOf(now()) : hourOf(end - 1); // what has yet to come goes with the hour that goes on
    const hours = Array.from({ length: Math.max(0, latest - first + 1) }, (_, index) => first + index);
    const kept = await store.read<Hour<T>>(
      hours.map((hour) => keyOf(shape, hour)),
      isGood,
      hourShape,
    );
    const known = kept.findLastIndex((one) => one !== null && isGood(one));
    // As it was when that hour was read, no later one had begun.
    if (standsIn && goesOn && hourOf(kept[known]?.observedAt ?? 0) === hours[known]) hours.splice(known + 1);
    const parts: Part<T>[] =
      first * HOUR_MICROS > from ? [{ kind: 'unknown', from, to: Math.min(first * HOUR_MICROS, end) }] : [];
    hours.forEach((hour, index) => {
      const isLast = goesOn && index === hours.length - 1;
      const stretch = {
        from: Math.max(from, hour * HOUR_MICROS),
        to: isLast ? to : Math.min(end, (hour + 1) * HOUR_MICROS),
      };
      const found = kept[index] ?? null;
      const last = parts.at(-1);
      if (found !== null && isGood(found) && holds(found.value, stretch))
        parts.push({
          kind: 'known',
          ...stretch,
          records: within(stretch, found.value.records),
          observedAt: found.observedAt,
        });
      else if (last?.kind === 'unknown') parts[parts.length - 1] = { ...last, to: stretch.to };
      else parts.push({ kind: 'unknown', ...stretch });
    });
    return parts.length === 0 ? [{ kind: 'unknown', from, to }] : parts; // a stretch that has yet to come
  };

  return {
    plan: async (shape, stretch, call) => {
      const parts = await cut(shape, stretch, (kept) => isFresh(kept, call, now()), false);
      if (parts.every(({ kind: part }) => part === 'known')) observe('hit'); // else the read itself is told
      return parts;
    },
    fallBack: (shape, stretch, call) =>
      cut(shape, stretch, (kept) => maySubstitute(kept, call, now(), times.staleMs), true),
    keeping: (shape, { from, to }, mayGrow = false) => {
      const edition = store.edition();
      return (records, observedAt) => {
        // A record without a time belongs to no hour, so nobody could say that an hour is whole.
        if (store.edition() !== edition || records.some(({ startedAt }) => startedAt === null)) return;
        const present = hourOf(observedAt);
        const latest = reaches(to, observedAt) ? present : hourOf(to ?? observedAt) - 1; // no hour that is cut by the list's end
        const byHour = new Map<number, T[]>();
        for (const record of records) {
          // A clock may be ahead of ours: what has yet to come belongs to what is going on.
          const hour = Math.min(hourOf(record.startedAt ?? 0), present);
          const others = byHour.get(hour);
          if (others === undefined) byHour.set(hour, [record]);
          else others.push(record);
        }
        for (let hour = Math.ceil(Math.max(from, observedAt - OLDEST) / HOUR_MICROS); hour <= latest; hour += 1) {
          const inHour = byHour.get(hour) ?? [];
          const weight = inHour.reduce((sum, record) => sum + kind.weight(record), 0);
          const isOver = (hour + 1) * HOUR_MICROS + SETTLING <= observedAt;
          const isSettled = isOver && !mayGrow && inHour.every((record) => kind.isSettled(record, observedAt));
          const value: Hour<T> = { records: inHour, weight, readTo: hour === present ? to : null };
          const ttlMs = isSettled ? times.finishedMs : times.listMs;
          store.write(keyOf(shape, hour), { value, observedAt, ttlMs, settled: isSettled }, weight);
        }
      };
    },
    drop: () => store.drop(prefix),
  };
};

/** Whether a list that ends there reaches into the hour that goes on. */
const reaches = (to: number | null, now: Micros): boolean => to === null || hourOf(to - 1) >= hourOf(now);

/** Whether all of a part was read, and not only what lay before another list's end. */
const holds = ({ readTo }: Hour<unknown>, { to }: Stretch): boolean => readTo === null || (to !== null && to <= readTo);

const within = <T extends Started>({ from, to }: Stretch, records: readonly T[]): readonly T[] =>
  records.filter(({ startedAt }) => startedAt !== null && startedAt >= from && (to === null || startedAt < to));

/** The start of the hour: reads begin there, so that equal lists, asked a moment apart, are equal reads. */
export const hourStart = (at: number): Micros => micros(hourOf(at) * HOUR_MICROS);
