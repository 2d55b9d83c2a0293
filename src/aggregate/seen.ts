/** What was seen, by its id, told from what was not. */
export interface Seen {
  /** Notes an id; `false` where it was noted before. */
  add(id: string): boolean;
}

const EMPTY = 0;
const FIRST_SIZE = 1024;

/** Two numbers of 32 bits made of a text, each of all of it (MurmurHash's mixing, with two seeds). */
const hashOf = (text: string): readonly [number, number] => {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2_654_435_761);
    b = Math.imul(b ^ code, 1_597_334_677);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return [a >>> 0 || 1, b >>> 0]; // 0 stands for an empty place
};

/**
 * Remembers 64 bits of each id, so a million ids take 16 MB and not the hundreds that their texts would. Two of a
 * million ids are alike in all 64 bits once in 37 million times.
 */
export const createSeen = (): Seen => {
  let places = new Uint32Array(2 * FIRST_SIZE);
  let count = 0;

  /** Where a pair is, or where it belongs. */
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
