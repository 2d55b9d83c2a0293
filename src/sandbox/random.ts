/** A 32-bit FNV-1a hash of the parts: the same parts give the same number on every machine. */
export const hash = (...parts: readonly (string | number)[]): number => {
  let value = 0x811c9dc5;
  for (const part of parts) {
    for (const character of `${part}|`) {
      value ^= character.codePointAt(0) ?? 0;
      value = Math.imul(value, 0x01000193);
    }
  }
  // One more mix, so that neighbours (run 1, run 2) get distant values.
  value ^= value >>> 16;
  value = Math.imul(value, 0x7feb352d);
  value ^= value >>> 15;
  value = Math.imul(value, 0x846ca68b);
  return (value ^ (value >>> 16)) >>> 0;
};

/** A number in [0, 1) that depends only on its parts. */
export const fraction = (...parts: readonly (string | number)[]): number => hash(...parts) / 2 ** 32;

/** A whole number from `low` to `high`, both inclusive. */
export const between = (low: number, high: number, ...parts: readonly (string | number)[]): number =>
  low + Math.floor(fraction(...parts) * (high - low + 1));

/** One of the choices. */
export const pick = <T>(choices: readonly [T, ...T[]], ...parts: readonly (string | number)[]): T =>
  choices[hash(...parts) % choices.length] ?? choices[0];
