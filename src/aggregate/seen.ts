import { hashOf } from '../domain/text-hash.js';

/** The set of ids that were seen. */
interface Seen {
  /** Adds an id; `false` if it was already there. */
  add(id: string): boolean;
}

const EMPTY = 0;
const FIRST_SIZE = 1024;

/**
 * Remembers 64 bits of each id, so a million ids take 16 MB; their texts would take hundreds. The chance that two of a
 * million ids share all 64 bits is one in 37 million.
 */
export const createSeen = (): Seen => {
  let places = new Uint32Array(2 * FIRST_SIZE);
  let count = 0;

  /** The place of a pair in the table, or the place for it. */
  const placeOf = (table: Uint32Array, first: number, second: number): number => {
    const mask = table.length / 2 - 1;
    let place = (first ^ second) & mask;
    while (table[2 * place] !== EMPTY && (table[2 * place] !== first || table[2 * place + 1] !== second))
      place = (place + 1) & mask;
    return 2 * place;
  };

  const grow = (): void => {
    const larger = new Uint32Array(places.length * 2);
    for (let at = 0; at < places.length; at += 2) {
      const first = places[at] ?? EMPTY;
      const second = places[at + 1] ?? 0;
      if (first === EMPTY) continue;
      const place = placeOf(larger, first, second);
      [larger[place], larger[place + 1]] = [first, second];
    }
    places = larger;
  };

  return {
    add: (id) => {
      const [first, second] = hashOf(id);
      const at = placeOf(places, first, second);
      if (places[at] !== EMPTY) return false;
      [places[at], places[at + 1]] = [first, second];
      count += 1;
      if (count * 3 > places.length) grow(); // two thirds full
      return true;
    },
  };
};
