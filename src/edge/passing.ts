// Things that come and go with each request. A plain `Set` or `Map` moves its entries to a new table now and then, and
// the old table refers to the new one and to the entries of that time. Once V8 has moved one such table to its old
// space, the frequent collections free no later one, nor what the requests have made: a single `Set` can make a server
// several times slower. So things are in places of an array or in slots here, which are emptied when they leave.

/** The things that are present. */
export interface Passing<T extends object> {
  /** Adds one, and returns how it leaves. */
  enter(item: T): () => void;
  /** In the order in which they entered. */
  all(): readonly T[];
  size(): number;
}

export const createPassing = <T extends object>(): Passing<T> => {
  const places: ({ readonly item: T; readonly turn: number } | null)[] = [];
  const free: number[] = [];
  let turn = 0;
  return {
    enter: (item) => {
      const place = free.pop() ?? places.length;
      const entry = { item, turn: (turn += 1) };
      places[place] = entry;
      return () => {
        if (places[place] !== entry) return;
        places[place] = null;
        free.push(place);
      };
    },
    all: () =>
      places
        .filter((entry) => entry !== null)
        .sort((a, b) => a.turn - b.turn)
        .map(({ item }) => item),
    size: () => places.length - free.length,
  };
};

interface Slot<T extends object> {
  item: T | null;
}

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
