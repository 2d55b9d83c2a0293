import type { Timed } from '../domain/order.js';
import { type Ordered, createOrdered } from './ordered.js';

/**
 * The records that lists show for each stored one, such as the copies of a run. Must be a constant, because the index
 * keeps an order for each view.
 */
export interface View<T, R extends Timed> {
  of(record: T): readonly R[];
}

/** Stored records in the order of lists, for each view that was asked for. */
interface Orders<T> {
  add(record: T): void;
  remove(record: T): void;
  of(view: View<T, Timed>): Ordered<Timed>;
}

export const createOrders = <T>(stored: () => Iterable<T>): Orders<T> => {
  const orders = new Map<View<T, Timed>, Ordered<Timed>>();
  return {
    add: (record) => {
      for (const [view, ordered] of orders) view.of(record).forEach(ordered.add);
    },
    remove: (record) => {
      for (const [view, ordered] of orders) view.of(record).forEach(ordered.remove);
    },
    of: (view) => {
      const known = orders.get(view);
      if (known !== undefined) return known;
      const ordered = createOrdered<Timed>();
      for (const record of stored()) view.of(record).forEach(ordered.add);
      orders.set(view, ordered);
      return ordered;
    },
  };
};
