import { readFileSync } from 'node:fs';
import { type ASTNode, Kind, parse, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../src/schema/index.js';
import { type Found, faultsIn, sentencesOf, wordCount } from './support/words.js';

const MOST_WORDS_OF_SENTENCE = 25;
const MEAN_WORDS_OF_SENTENCE = 10;
const MOST_WORDS_OF_DESCRIPTION = 100; // `protectedObjects`, with its order, its cost and how replicas are matched

const nameOf = (node: ASTNode): string | null =>
  'name' in node && node.name?.kind === Kind.NAME ? node.name.value : null;

/** Every description of a schema, with the names that lead to it, such as `Query.copyRuns.first`. */
const descriptionsIn = (sdl: string): readonly Found[] => {
  const found: Found[] = [];
  const names: (string | null)[] = [];
  visit(parse(sdl), {
    enter: (node) => {
      names.push('description' in node || node.kind === Kind.SCHEMA_DEFINITION ? nameOf(node) : null);
      if (!('description' in node) || node.description === undefined) return;
      found.push({ place: names.filter((name) => name !== null).join('.'), text: node.description.value });
    },
    leave: () => void names.pop(),
  });
  return found;
};

const descriptions: readonly Found[] = [
  { place: 'schema', text: schema.description ?? '' },
  ...descriptionsIn(readFileSync('schema.graphql', 'utf8')),
];

describe('the descriptions of the schema', () => {
  it('are all read', () => {
    expect(descriptions.length).toBeGreaterThan(1000);
    expect(descriptions.map(({ place }) => place)).toEqual(
      expect.arrayContaining(['CopyOperation.sizeBytes', 'Query.copyRuns.first', 'ActivityState.FAILED']),
    );
  });

  it('have short sentences that name their noun, without words that must be read twice', () => {
    expect(faultsIn(descriptions, MOST_WORDS_OF_SENTENCE)).toEqual([]);
  });

  it('say little in each sentence', () => {
    const counts = descriptions.flatMap(({ text }) => sentencesOf(text)).map(wordCount);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(mean).toBeLessThan(MEAN_WORDS_OF_SENTENCE);
  });

  it('are read in one breath', () => {
    const long = descriptions.filter(({ text }) => wordCount(text) > MOST_WORDS_OF_DESCRIPTION);
    expect(long.map(({ place, text }) => `${place}: ${wordCount(text)}`)).toEqual([]);
  });

  it('say of a condition that it holds if something is so, not where', () => {
    const odd = descriptions.filter(({ text }) => /`null`,? (?:with an error )?where\b/.test(text));
    expect(odd.map(({ place, text }) => `${place}: ${text}`)).toEqual([]);
  });
});
