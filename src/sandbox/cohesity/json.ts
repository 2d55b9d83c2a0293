/** A JSON object as sent; `undefined` members are left out. */
export type Wire = Readonly<Record<string, unknown>>;

const marker = '\u0000integer:';

/**
 * An integer of any size. Beyond 2^53 a number would be rounded, and `JSON.stringify` refuses a bigint, so such a value
 * is a marked string that `stringify` unquotes.
 */
export const integer = (value: bigint): number | string =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : `${marker}${value}`;

/** JSON text with marked integers as plain digits. */
export const stringify = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.includes('\\u0000integer:') ? text.replaceAll(/"\\u0000integer:(\d+)"/g, '$1') : text;
};
