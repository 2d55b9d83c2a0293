import { isTurnSpent, nextTurn } from './event-loop.js';

/** Longest text of one piece of JSON that is parsed at once, in characters. A run of 1,000 objects has some 600,000. */
export const MOST_TEXT = 1_048_576;
/** And the most members and elements that it may have, all levels together: each costs more than its text tells. */
const MOST_MEMBERS = 40_000;
/** A 64-bit integer has 20 digits at most. To make a number of millions of digits takes minutes. */
const MOST_DIGITS = 20;

/** Thrown for JSON that is larger than anything a vendor means. */
export class OversizeError extends SyntaxError {}

/**
 * Digits that may stand for an integer beyond 2^53. Microsecond times have 16 digits and begin with a 1, so almost
 * every answer takes the fast way. A match inside a string costs time and nothing else.
 */
const mayBeLarge = /\d{17}|9\d{15}/;

/** A string's beginning, or an integer of 16 digits and more, which is no part of a fraction or exponent, and no name. */
const stringOrLarge = /"|(?<![\d.eE+-])-?[1-9]\d{15,}(?![\d.eE]|\s*:)/g;

/** Stands before the digits of a large integer that is parsed as text. No vendor's text begins so. */
const TAG = `\u{f0000}${crypto.randomUUID()} `;

/** The text with each integer beyond 2^53 as a string that tells so. */
const tagIntegers = (text: string): string => {
  const pieces: string[] = [];
  let copied = 0;
  for (let at = 0; ;) {
    stringOrLarge.lastIndex = at;
    const match = stringOrLarge.exec(text);
    if (match === null) break;
    const [found] = match;
    at = match.index + found.length;
    if (found === '"') {
      const end = endFrom(text, at);
      if (end === null) break; // refused when it is parsed
      at = end;
      continue;
    }
    if (found.length > MOST_DIGITS + (found.startsWith('-') ? 1 : 0)) throw new OversizeError('an integer too long');
    if (Number.isSafeInteger(Number(found))) continue;
    pieces.push(text.slice(copied, match.index), `"${TAG}${found}"`);
    copied = at;
  }
  return pieces.join('') + text.slice(copied);
};

const untag = (value: unknown): unknown =>
  typeof value === 'string' && value.startsWith(TAG) ? BigInt(value.slice(TAG.length)) : value;

/** Makes of each tagged text in it the integer that it stands for. Calls nothing within itself, however deep it is. */
const restoreIntegers = (parsed: unknown): unknown => {
  const parents: object[] = typeof parsed === 'object' && parsed !== null ? [parsed] : [];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    const members = parent as Record<string, unknown>; // an array has its members under their places
    for (const name of Object.keys(members)) {
      const value = members[name];
      if (typeof value === 'string') members[name] = untag(value);
      else if (typeof value === 'object' && value !== null) parents.push(value);
    }
  }
  return untag(parsed);
};

/**
 * Parses JSON without loss: integers beyond 2^53 become `bigint`. Takes time in proportion to the text. Throws a
 * `SyntaxError` like `JSON.parse`, also for an integer of more than 20 digits.
 */
export const parseJson = (text: string): unknown =>
  mayBeLarge.test(text) ? restoreIntegers(JSON.parse(tagIntegers(text))) : JSON.parse(text);

/** Stands for an element that is too large to be parsed. Nothing describes it, so it counts among the unreadable. */
export const OVERSIZE = Symbol('an element that is too large');

const parseElement = (text: string): unknown => {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof OversizeError) return OVERSIZE;
    throw error;
  }
};

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

/** Whether a text, which ends within a string, ends with a backslash whose other half is missing. */
const endsHalf = (text: string, from: number): boolean => {
  let backslashes = 0;
  while (backslashes < text.length - from && text[text.length - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
};

/** Gathers the text of one element as it comes, unless that is too large: then it only remembers that. */
const createElement = () => {
  let pieces: string[] = [];
  let length = 0;
  let members = 0;
  const isTooLarge = (): boolean => length > MOST_TEXT || members > MOST_MEMBERS;
  return {
    add: (text: string): void => {
      length += text.length;
      if (isTooLarge()) pieces = [];
      else if (text !== '') pieces.push(text);
    },
    /** One more bracket that opens, or comma. */
    count: (): void => void (members += 1),
    /** Its text, `null` where it is too large; the next one begins. */
    take: (): string | null => {
      const text = isTooLarge() ? null : pieces.join('');
      [pieces, length, members] = [[], 0, 0];
      return text;
    },
  };
};

/**
 * The elements of a JSON array one by one, without loss, while its text is still coming: so a large answer never
 * stands in memory whole, which as text and as a tree of objects would take many times its size. Each character is
 * looked at once, however the text is cut, and other work gets its turn between two elements. Only the commas between
 * the elements are looked for here; the elements are parsed, and refused, like any other JSON. One that is too large is
 * `OVERSIZE`. `null`, which some servers write for an empty list, is one. Throws a `SyntaxError` for anything else that
 * is no array.
 */
export const parseElements = async function* (chunks: AsyncIterable<string>): AsyncGenerator<unknown, void, void> {
  const gathered = createElement();
  let depth = 0; // of brackets: 0 before the array, 1 between its elements
  let inString = false; // where it was left, at the end of a piece
  let half = false; // and whether in the middle of what is escaped
  let none = true;
  let ended = false;
  for await (const chunk of chunks) {
    let from = 0; // where the element at hand begins in this piece, or goes on
    let at = half && chunk !== '' ? 1 : 0;
    half &&= chunk === '';
    for (;;) {
      if (inString) {
        const end = endFrom(chunk, at);
        if (end === null) {
          half ||= endsHalf(chunk, at);
          break;
        }
        [inString, at] = [false, end];
      }
      marks.lastIndex = at;
      const match = marks.exec(chunk);
      if (match === null) break;
      const [mark] = match;
      const { index } = match;
      at = index + 1;
      if (ended) throw notAnArray();
      if (depth === 0) {
        gathered.add(chunk.slice(from, index));
        if (mark !== '[' || gathered.take()?.trim() !== '') throw notAnArray();
        [depth, from] = [1, at];
        continue;
      }
      inString = mark === '"';
      if (inString) continue;
      gathered.count();
      if (mark === '[' || mark === '{') depth += 1;
      if (mark === ']' || mark === '}') depth -= 1;
      ended = depth === 0;
      if (ended && mark !== ']') throw notAnArray();
      if (!ended && !(depth === 1 && mark === ',')) continue;
      gathered.add(chunk.slice(from, index));
      from = at;
      const text = gathered.take();
      // In an empty array stands nothing but white space.
      if (ended && none && text?.trim() === '') continue;
      none = false;
      yield text === null ? OVERSIZE : parseElement(text);
      if (isTurnSpent()) await nextTurn();
    }
    gathered.add(chunk.slice(from));
    if (isTurnSpent()) await nextTurn();
  }
  const rest = gathered.take()?.trim();
  if (depth === 0 && !ended && rest === 'null') return;
  if (!ended || rest !== '') throw notAnArray();
};

const notAnArray = (): SyntaxError => new SyntaxError('not a JSON array, or one that does not end');
