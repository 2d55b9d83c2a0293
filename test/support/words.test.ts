import { describe, expect, it } from 'vitest';
import { avoidedIn, beginsWithoutNoun, faultsIn, sentencesOf, wordCount } from './words.js';

describe('the sentences of a text', () => {
  it.each([
    ['One. Two! Three?', ['One.', 'Two!', 'Three?']],
    ['No end', ['No end']],
    ['Takes `a.b. c`, then ends. Again.', ['Takes Code, then ends.', 'Again.']],
    ['At 2.5 s of v1.2, e.g. of AWS. Then.', ['At 2.5 s of v1.2, e.g. of AWS.', 'Then.']],
    ['See https://example.com/a.b?c=d. Then.', ['See Address.', 'Then.']],
    ['He said “stop.” It did (at once.) Then.', ['He said “stop.”', 'It did (at once.)', 'Then.']],
    ['A heading\n\nA text\nof two lines.', ['A heading', 'A text of two lines.']],
    ['…', []],
  ])('of %j', (text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences);
  });

  it.each([
    ['One two three.', 3],
    ['A – b + c', 3],
    ['Up to 2,000 characters', 4],
    ['', 0],
  ])('are counted in words: %j', (sentence, count) => {
    expect(wordCount(sentence)).toBe(count);
  });
});

describe('a word to avoid', () => {
  it.each([
    ['The vendor tells it.', 'tells'],
    ['It was told twice.', 'told'],
    ['Where it stands.', 'stands'],
    ['We look again.', 'look'],
    ['It is let go.', 'let go'],
    ['Read anew.', 'anew'],
    ['Otherwise, or else.', 'else'],
    ['Limits what is kept.', 'what is kept'],
  ])('is found in: %s', (text, word) => {
    expect(avoidedIn(text).join()).toContain(`"${word}"`);
  });

  it.each([
    'Does not understand the standard.',
    'Runs stand-alone.',
    'Looks back 7 days, and looks up a name.',
    'Nothing else is sent.',
    'It lies elsewhere.',
    'Asks `tell` and `else`.',
  ])('is not found in: %s', (text) => {
    expect(avoidedIn(text)).toEqual([]);
  });
});

describe('a sentence without its noun', () => {
  it.each(['What was read.', 'Who may read it.', '“Where it lies.”', 'Which of them.', 'Whoever asks.'])(
    'is: %s',
    (sentence) => {
      expect(beginsWithoutNoun(sentence)).toBe(true);
    },
  );

  it.each(['What is it?', 'The record that was read.', 'When it ended.', 'Whether it ended.', 'How many.'])(
    'is not: %s',
    (sentence) => {
      expect(beginsWithoutNoun(sentence)).toBe(false);
    },
  );
});

it('names the place, the fault and the sentence', () => {
  expect(faultsIn([{ place: 'A.b', text: 'Fine. One two three four. Who tells.' }], 3)).toEqual([
    'A.b: avoid "tells" (tell): say, report, print, send',
    'A.b: 4 words in: One two three four.',
    'A.b: begins without its noun: Who tells.',
  ]);
});
