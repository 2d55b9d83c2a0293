/** A word to avoid, what to write in its place, and why. */
interface Avoided {
  readonly name: string;
  readonly pattern: RegExp;
  readonly instead: string;
}

/**
 * Words that many readers must read twice. Each has a plain twin that says what is meant. Ordinary phrases stay
 * allowed: "nothing else", "look up", "look back" (as in `lookBackHours`), "stand-alone".
 */
export const avoided: readonly Avoided[] = [
  { name: 'tell', pattern: /\b(?:tells?|telling|told)\b/i, instead: 'say, report, print, send' },
  { name: 'stand', pattern: /\b(?:stands?|standing|stood)\b(?!-)/i, instead: 'be, be valid, lie, mean' },
  {
    name: 'look',
    pattern: /\b(?:looks|looked|looking|look)\b(?! ?-?(?:ups?|back)\b)/i,
    instead: 'poll, read, check, search',
  },
  { name: 'let go', pattern: /\b(?:lets?|letting) go\b/i, instead: 'drop, release, close' },
  { name: 'anew', pattern: /\banew\b/i, instead: 'again' },
  {
    name: 'else',
    pattern: /(?<!\b(?:any|some|no|every)(?:thing|one|body|where) )\belse\b/i,
    instead: 'otherwise, if not',
  },
  { name: 'what is kept', pattern: /\bwhat is kept\b/i, instead: 'the noun: the record, the cache' },
];

/** A word for each piece of code, since what lies in backticks is no prose. An address is one word too. */
const withoutCode = (text: string): string =>
  text.replaceAll(/`[^`]*`/g, 'Code').replaceAll(/https?:\/\/[^\s)>]*[^\s)>.,;:]/g, 'Address');

const abbreviation = /\b(?:e\.g|i\.e|etc|vs|cf|approx|no|v\d+)$/i;

/** Ends after `.`, `?` or `!`, with a quote or bracket behind it, where the next word begins. */
const ends = /[.?!]+["”’')\]]*(?=\s+|$)/g;

/** The sentences of a paragraph of plain text or Markdown, without code in them. An empty line ends a sentence too. */
export const sentencesOf = (text: string): readonly string[] =>
  withoutCode(text)
    .split(/\n\s*\n/)
    .flatMap((paragraph) => {
      const line = paragraph.replaceAll(/\s+/g, ' ').trim();
      const found: string[] = [];
      let from = 0;
      for (const match of line.matchAll(ends)) {
        if (match[0] === '.' && abbreviation.test(line.slice(from, match.index))) continue;
        found.push(line.slice(from, match.index + match[0].length).trim());
        from = match.index + match[0].length;
      }
      return [...found, line.slice(from).trim()];
    })
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));

/** How many words a sentence has; a dash or a plus between words is none. */
export const wordCount = (sentence: string): number =>
  sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** The words to avoid that a text has, outside code, each as it is written. */
export const avoidedIn = (text: string): readonly string[] => {
  const prose = withoutCode(text);
  return avoided.flatMap(({ name, pattern, instead }) => {
    const found = pattern.exec(prose);
    return found === null ? [] : [`"${found[0]}" (${name}): ${instead}`];
  });
};

/** Whether a relative clause takes the place of a noun: "What was read" for "The record". A question may begin so. */
export const beginsWithoutNoun = (sentence: string): boolean =>
  /^["“‘'(]?(?:What|Who|Whom|Whose|Where|Which|Whoever|Whatever|Wherever|Whichever)\b/.test(sentence) &&
  !/\?["”’')]*$/.test(sentence);

/** A text and where it was found, for a message that a person can act on. */
export interface Found {
  readonly place: string;
  readonly text: string;
}

/** The faults in the words of texts, one line each: place, fault, sentence. */
export const faultsIn = (texts: readonly Found[], mostWords: number): readonly string[] =>
  texts.flatMap(({ place, text }) => [
    ...avoidedIn(text).map((word) => `${place}: avoid ${word}`),
    ...sentencesOf(text).flatMap((sentence) => [
      ...(wordCount(sentence) > mostWords ? [`${place}: ${wordCount(sentence)} words in: ${sentence}`] : []),
      ...(beginsWithoutNoun(sentence) ? [`${place}: begins without its noun: ${sentence}`] : []),
    ]),
  ]);
