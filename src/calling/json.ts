import { createTurns, isTurnSpent } from './event-loop.js';

/** The longest JSON text that is parsed at once, in characters. A run of 1,000 objects has some 600,000. */
export const MOST_TEXT = 1_048_576;
/** The most members and elements in such a text, on all levels together. Each costs more than its text suggests. */
const MOST_MEMBERS = 40_000;
/** A 64-bit integer has at most 20 digits. Converting millions of digits takes minutes. */
const MOST_DIGITS = 20;

/** JSON that is larger than any real vendor's answer. */
export class OversizeError extends SyntaxError {}

const LEAST_LARGE = 16; // digits of the first integer beyond 2^53

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at); // NaN outside the text
  return code >= 0x30 && code <= 0x39;
};

/**
 * Whether a text has digits that may be an integer beyond 2^53. Microsecond times have 16 digits and begin with a 1, so
 * almost every answer takes the fast path. Digits inside a string cost only time. Checks every 16th character, which so
 * many digits cannot miss.
 */
const mayBeLarge = (text: string): boolean => {
  for (let at = LEAST_LARGE - 1; at < text.length; at += LEAST_LARGE) {
    if (!isDigit(text, at)) continue;
    let [from, to] = [at, at + 1];
    while (isDigit(text, from - 1)) from -= 1;
    while (isDigit(text, to)) to += 1;
    if (to - from > LEAST_LARGE || (to - from === LEAST_LARGE && text[from] === '9')) return true;
    at = to - 1; // the digits end there
  }
  return false;
};

/**
 * The start of a string, or an integer of 16 digits or more that is not part of a fraction or exponent, and not a name.
 */
const stringOrLarge = /"|(?<![\d.eE+-])-?[1-9]\d{15,}(?![\d.eE]|\s*:)/g;

/** Marks the digits of a large integer that is parsed as text. No vendor's text begins like this. */
const TAG = `\u{f0000}${crypto.randomUUID()} `;

/** The text with each integer beyond 2^53 as a marked string. */
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
      if (end === null) break; // `JSON.parse` will refuse it
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

/** Replaces each marked string in a parsed value with its integer. Not recursive, so depth does not matter. */
const restoreIntegers = (parsed: unknown): unknown => {
  const parents: object[] = typeof parsed === 'object' && parsed !== null ? [parsed] : [];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    const members = parent as Record<string, unknown>; // an array has its members under their indexes
    for (const name of Object.keys(members)) {
      const value = members[name];
      if (typeof value === 'string') members[name] = untag(value);
      else if (typeof value === 'object' && value !== null) parents.push(value);
    }
  }
  return untag(parsed);
};

/**
 * Parses JSON without loss: integers beyond 2^53 become `bigint`. The time is proportional to the text. Throws a
 * `SyntaxError` like `JSON.parse`, also for an integer of more than 20 digits.
 */
export const parseJson = (text: string): unknown =>
  mayBeLarge(text) ? restoreIntegers(JSON.parse(tagIntegers(text))) : JSON.parse(text);

/** Replaces an element that is too large to be parsed. No shape accepts it, so it counts as unreadable. */
export const OVERSIZE = Symbol('an element that is too large');

const parseElement = (text: string): unknown => {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof OversizeError) return OVERSIZE;
    throw error;
  }
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

// Loops over characters take a fraction of the time that an expression takes for each mark.

/** The index of the first quote, bracket or comma from an index on; -1 if there is none. */
const markFrom = (text: string, at: number): number => {
  for (let index = at; index < text.length; index += 1)
    switch (text.charCodeAt(index)) {
      case QUOTE:
      case 0x2c: // ,
      case 0x5b: // [
      case 0x5d: // ]
      case 0x7b: // {
      case 0x7d: // }
        return index;
    }
  return -1;
};

/** The end of a string, searched from inside it; `null` if it has not arrived yet. */
const endFrom = (text: string, at: number): number | null => {
  for (let index = at; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index + 1;
    if (code === BACKSLASH) index += 1; // an escaped character ends nothing
  }
  return null;
};

/** Whether a text, which ends within a string, ends with a backslash whose second character is missing. */
const endsHalf = (text: string, from: number): boolean => {
  let backslashes = 0;
  while (backslashes < text.length - from && text[text.length - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
};

/** Collects the text of one element as it arrives. If it is too large, only that is remembered. */
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
    /** Counts one more opening bracket or comma. */
    count: (): void => void (members += 1),
    /** Its text, `null` if it is too large; then starts the next one. */
    take: (): string | null => {
      const text = isTooLarge() ? null : pieces.join('');
      [pieces, length, members] = [[], 0, 0];
      return text;
    },
  };
};

/**
 * Yields the elements of a JSON array one by one, without loss, while its text is still arriving. A large answer is
 * never in memory as a whole: its text and its objects would take many times its size. Each character is read once,
 * wherever the text is split, and other work gets its turn between two elements. This function finds only the commas
 * between elements; each element is then parsed, and refused, like other JSON. One that is too large becomes
 * `OVERSIZE`. `null` counts as an empty list, because some servers write it. Throws a `SyntaxError` for anything else
 * that is not an array.
 */
export const parseElements = async function* (chunks: AsyncIterable<string>): AsyncGenerator<unknown, void, void> {
  const gathered = createElement();
  const turn = createTurns();
  let depth = 0; // number of open brackets: 0 before the array, 1 between its elements
  let inString = false; // whether the last chunk ended inside a string
  let half = false; // and whether it ended inside an escape
  let none = true;
  let ended = false;
  for await (const chunk of chunks) {
    let from = 0; // where the current element begins or continues in this chunk
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
      const index = markFrom(chunk, at);
      if (index < 0) break;
      const mark = chunk[index];
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
      // An empty array holds only white space.
      if (ended && none && text?.trim() === '') continue;
      none = false;
      yield text === null ? OVERSIZE : parseElement(text);
      if (isTurnSpent()) await turn();
    }
    gathered.add(chunk.slice(from));
    if (isTurnSpent()) await turn();
  }
  const rest = gathered.take()?.trim();
  if (depth === 0 && !ended && rest === 'null') return;
  if (!ended || rest !== '') throw notAnArray();
};

const notAnArray = (): SyntaxError => new SyntaxError('not a JSON array, or one without an end');
