/** Shorter values would also match ordinary words. */
const SHORTEST = 6;

const known = new Set<string>();

/** Keeps these values out of everything that this process prints from now on. */
export const neverPrint = (values: readonly string[]): void => {
  for (const value of values) {
    if (value.length < SHORTEST) continue;
    known.add(value).add(JSON.stringify(value).slice(1, -1)); // in the form of a log line
  }
};

/** The text without known secrets: a vendor may repeat a request's content. */
export const withoutKnownSecrets = (text: string): string =>
  [...known].reduce((rest, value) => rest.replaceAll(value, '[redacted]'), text);
