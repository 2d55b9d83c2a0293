/** Shorter ones would be found in words that are none. */
const SHORTEST = 6;

const known = new Set<string>();

/** Keeps these values out of everything that this process prints from now on, wherever they stand. */
export const neverPrint = (values: readonly string[]): void => {
  for (const value of values) {
    if (value.length < SHORTEST) continue;
    known.add(value).add(JSON.stringify(value).slice(1, -1)); // as a line of the log writes it
  }
};

/** The text without any of them: a vendor may repeat what it was sent. */
export const withoutKnownSecrets = (text: string): string =>
  [...known].reduce((rest, value) => rest.replaceAll(value, '[redacted]'), text);
