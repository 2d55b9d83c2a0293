import { invalidParameter } from './errors.js';

/** The text of a parameter; undefined if absent. */
export const text = (query: URLSearchParams, name: string): string | undefined => query.get(name) ?? undefined;

/** A time in milliseconds: ISO 8601 from the SDK, or epoch seconds as in the reference pages. */
export const time = (query: URLSearchParams, name: string): number | undefined => {
  const given = text(query, name);
  if (given === undefined) return undefined;
  const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(given);
  const at = iso ? Date.parse(given) : /^\d+(\.\d+)?$/.test(given) ? Math.round(Number(given) * 1000) : Number.NaN;
  if (!Number.isFinite(at)) throw invalidParameter(`Invalid timestamp for ${name}`, name);
  return at;
};

/** A whole number within bounds. */
export const whole = (query: URLSearchParams, name: string, least: number, most: number): number | undefined => {
  const given = text(query, name);
  if (given === undefined) return undefined;
  const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (!(value >= least && value <= most))
    throw invalidParameter(`Value for ${name} must be between ${least} and ${most}`, name);
  return value;
};

/** One of a closed set of words. */
export const word = <T extends string>(query: URLSearchParams, name: string, words: readonly T[]): T | undefined => {
  const given = text(query, name);
  if (given === undefined) return undefined;
  const known = words.find((one) => one === given);
  if (known === undefined)
    throw invalidParameter(`Invalid value for ${name}: must be one of ${words.join(', ')}`, name);
  return known;
};

/** A 12-digit account. */
export const account = (query: URLSearchParams, name: string): string | undefined => {
  const given = text(query, name);
  if (given !== undefined && !/^\d{12}$/.test(given)) throw invalidParameter('Invalid account id', name);
  return given;
};
