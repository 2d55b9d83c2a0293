import { malformedQuery } from './refusal.js';

/** The values of a list: comma separated, as a repeated key, or both. `undefined` if the key is absent. */
export const listOf = (query: URLSearchParams, name: string): readonly string[] | undefined =>
  query.has(name)
    ? query
        .getAll(name)
        .flatMap((value) => value.split(','))
        .filter((value) => value !== '')
    : undefined;

const toInteger = (name: string, value: string): number => {
  if (!/^-?\d{1,19}$/.test(value)) throw malformedQuery(name, value);
  return Number(value);
};

export const integerOf = (query: URLSearchParams, name: string): number | undefined => {
  const value = query.get(name);
  return value === null ? undefined : toInteger(name, value);
};

export const integersOf = (query: URLSearchParams, name: string): readonly number[] | undefined =>
  listOf(query, name)?.map((value) => toInteger(name, value));

export const booleanOf = (query: URLSearchParams, name: string): boolean | undefined => {
  const value = query.get(name);
  if (value === null) return undefined;
  if (value !== 'true' && value !== 'false') throw malformedQuery(name, value);
  return value === 'true';
};

/** A list of words from a closed set. */
export const wordsOf = (
  query: URLSearchParams,
  name: string,
  words: readonly string[],
): readonly string[] | undefined => {
  const values = listOf(query, name);
  const odd = values?.find((value) => !words.includes(value));
  if (odd !== undefined) throw malformedQuery(name, odd);
  return values;
};
