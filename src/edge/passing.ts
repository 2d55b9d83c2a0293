// Things that come and go with each request. A plain `Set` or `Map` moves its entries to a new table now and then, and
// the old table refers to the new one and to the entries of that time. Once V8 has moved one such table to its old
// space, the frequent collections free no later one, nor what the requests have made: a single `Set` can make a server
// several times slower. So each entry is a slot here, which is emptied when the thing leaves.

interface Slot<T extends object> {
  item: T | null;
}

/** The things that are present. */
export interface Passing<T extends object> {
  /** Adds one, and returns how it leaves. */
  enter(item: T): () => void;
  all(): readonly T[];
  size(): number;
}

export const createPassing = <T extends object>(): Passing<T> => {
  const slots = new Set<Slot<T>>();
  return {
    enter: (item) => {
      const slot: Slot<T> = { item };
      slots.add(slot);
      return () => {
        slot.item = null;
        slots.delete(slot);
      };
    },
    all: () => [...slots].flatMap(({ item }) => item ?? []),
    size: () => slots.size,
  };
};

/** The things that are present, each under a key. */
interface PassingByKey<T extends object> {
  get(key: string): T | null;
  set(key: string, item: T): void;
  /** Removes a thing, if it is the present one of its key. */
  delete(key: string, item: T): void;
}

export const createPassingByKey = <T extends object>(): PassingByKey<T> => {
  const slots = new Map<string, Slot<T>>();
  return {
    get: (key) => slots.get(key)?.item ?? null,
    set: (key, item) => void slots.set(key, { item }),
    delete: (key, item) => {
      const slot = slots.get(key);
      if (slot?.item !== item) return;
      slot.item = null;
      slots.delete(key);
    },
  };
};
