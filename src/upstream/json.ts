import { parse } from 'lossless-json';

/**
 * Digits that may stand for an integer beyond 2^53. Microsecond times have 16 digits and begin with a 1, so almost
 * every answer takes the fast way. A match inside a string costs time and nothing else.
 */
const mayBeLarge = /\d{17}|9\d{15}/;

const number = (text: string): number | bigint => {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
};

/** Of a member that comes twice the last one counts, as with `JSON.parse`: both ways must read the same. */
const lossless = { parseNumber: number, onDuplicateKey: ({ newValue }: { readonly newValue: unknown }) => newValue };

/** Parses JSON without loss: integers beyond 2^53 become `bigint`. Throws a `SyntaxError` like `JSON.parse`. */
export const parseJson = (text: string): unknown =>
  mayBeLarge.test(text) ? parse(text, undefined, lossless) : JSON.parse(text);

const marks = /["[\]{},]/g;
const endOfString = /"|\\[^]/g; // what is escaped ends nothing

/** Where a string ends, looked for from inside it; `null` where its end has not come yet. */
const endFrom = (text: string, at: number): number | null => {
  for (endOfString.lastIndex = at; ;) {
    const match = endOfString.exec(text);
    if (match === null) return null;
    if (match[0] === '"') return match.index + 1;
  }
};

/** Where to look on in a string when more has come: at its end, or at a backslash whose other half is missing. */
const resumeAt = (text: string): number => {
  let backslashes = 0;
  while (text[text.length - 1 - backslashes] === '\\') backslashes += 1;
  return text.length - (backslashes % 2);
};

/**
 * The elements of a JSON array one by one, without loss, while its text is still coming: so a large answer never
 * stands in memory whole, which as text and as a tree of objects would take many times its size. Only the commas
 * between the elements are looked for here; the elements are parsed, and refused, like any other JSON. `null`, which
 * some servers write for an empty list, is one. Throws a `SyntaxError` for anything else that is no array.
 */
export const parseElements = async function* (chunks: AsyncIterable<string>): AsyncGenerator<unknown, void, void> {
  let text = ''; // what has come and is not parsed: the beginning of an element
  let at = 0; // how far it has been looked through
  let depth = 0; // of brackets: 0 before the array, 1 between its elements
  let inString = false; // where it was left, at the end of a piece
  let none = true;
  let ended = false;
  for await (const chunk of chunks) {
    text += chunk;
    for (;;) {
      if (inString) {
        const end = endFrom(text, at);
        inString = end === null;
        at = end ?? resumeAt(text);
        if (inString) break;
      }
      marks.lastIndex = at;
      const match = marks.exec(text);
      if (match === null) {
        at = text.length;
        break;
      }
      const [mark] = match;
      if (ended || (depth === 0 && (mark !== '[' || text.slice(0, match.index).trim() !== ''))) throw notAnArray();
      at = match.index + 1;
      inString = mark === '"';
      if (inString) continue;
      if (mark === '[' || mark === '{') depth += 1;
      if (mark === ']' || mark === '}') depth -= 1;
      ended = depth === 0;
      if (ended && mark !== ']') throw notAnArray();
      const between = depth === 1 && (mark === ',' || mark === '[');
      if (!between && !ended) continue;
      const element = text.slice(0, match.index);
      [text, at] = [text.slice(at), 0];
      // Before the first element stands nothing, and in an empty array nothing but white space.
      if (mark === '[' || (ended && none && element.trim() === '')) continue;
      none = false;
      yield parseJson(element);
    }
  }
  if (depth === 0 && !ended && text.trim() === 'null') return;
  if (!ended || text.trim() !== '') throw notAnArray();
};

const notAnArray = (): SyntaxError => new SyntaxError('not a JSON array, or one that does not end');
