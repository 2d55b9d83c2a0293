import { hourOf } from '../domain/micros.js';
import type { Started } from '../domain/order.js';
import { type Span, isWithin } from './span.js';

/** The records of an index that may still change. */
interface OpenRecords<T> {
  add(group: string, record: T): void;
  remove(group: string, record: T): void;
  has(group: string, record: T): boolean;
  groups(): Iterable<string>;
  of(group: string): Iterable<T>;
  /** All of them, or those that started in a span. */
  list(span?: Span): readonly T[];
}

const hourOfStart = ({ startedAt }: Started): number => hourOf(startedAt ?? Number.NEGATIVE_INFINITY);

const addTo = <K, T>(sets: Map<K, Set<T>>, key: K, value: T): void =>
  void sets.set(key, (sets.get(key) ?? new Set<T>()).add(value));

export const createOpenRecords = <T extends Started>(): OpenRecords<T> => {
  const byGroup = new Map<string, Set<T>>();
  const byHour = new Map<number, Set<T>>(); // of their start, so that a short span is found without the others
  return {
    add: (group, record) => {
      addTo(byGroup, group, record);
      addTo(byHour, hourOfStart(record), record);
    },
    remove: (group, record) => {
      byGroup.get(group)?.delete(record);
      const at = hourOfStart(record);
      const hour = byHour.get(at);
      hour?.delete(record);
      if (hour?.size === 0) byHour.delete(at);
    },
    has: (group, record) => byGroup.get(group)?.has(record) === true,
    groups: () => byGroup.keys(),
    of: (group) => byGroup.get(group) ?? [],
    list: (span) => {
      if (span === undefined) return [...byGroup.values()].flatMap((some) => [...some]);
      const [first, last] = [hourOf(span.from), hourOf(span.to)];
      const hours = [...byHour].filter(([at]) => at >= first && at <= last);
      return hours.flatMap(([, some]) => [...some].filter(({ startedAt }) => isWithin(span, startedAt)));
    },
  };
};
