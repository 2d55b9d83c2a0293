import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../src/domain/error-code.js';

const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...readdirSync('docs').map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(name, 'utf8') }));

const withoutCode = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '').replaceAll(/<!--.*?-->/gs, '');

const isItem = (line: string): boolean => /^\s*(?:[-*]|\d+\.) /.test(line);

/** The paragraphs and items of a page, each on one line; tables, headings and code are none. */
const paragraphsOf = (text: string): readonly string[] =>
  withoutCode(text)
    .split('\n')
    .reduce<string[]>(
      (found, line) => {
        if (line.trim() === '' || /^[|#]/.test(line)) return [...found, ''];
        return isItem(line) ? [...found, line.trim()] : [...found.slice(0, -1), `${found.at(-1)} ${line.trim()}`];
      },
      [''],
    )
    .map((paragraph) => paragraph.replaceAll(/\]\([^)]*\)/g, ']').trim())
    .filter((paragraph) => paragraph !== '');

const wordsOf = (paragraph: string): number => paragraph.split(/\s+/).length;

const mostWordsOf = (name: string): number => (name === 'README.md' ? 80 : 100);

/** The relative links of a page, from the root of the project. */
const linksOf = (name: string, text: string): readonly string[] =>
  [...withoutCode(text).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to = '']) => join(dirname(name), to));

describe.each(pages)('$name', ({ name, text }) => {
  it('has no paragraph that must be read twice for its length', () => {
    const long = paragraphsOf(text).filter((paragraph) => wordsOf(paragraph) > mostWordsOf(name));
    expect(long).toEqual([]);
  });

  it('links only to what is there', () => {
    expect(linksOf(name, text).filter((to) => !existsSync(to))).toEqual([]);
  });
});

const textOf = (page: string): string => pages.find(({ name }) => name === page)?.text ?? '';

describe('the documentation', () => {
  it('has every page in its index', () => {
    const listed = new Set(linksOf('docs/README.md', textOf('docs/README.md')));
    const missing = pages.filter(
      ({ name }) => name.startsWith('docs/') && name !== 'docs/README.md' && !listed.has(name),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('has twelve words at most in its glossary', () => {
    const [, glossary = ''] = textOf('docs/README.md').split('## Glossary');
    expect(glossary.match(/^\| \w/gm)?.slice(1).length).toBeLessThanOrEqual(12);
  });

  it.each([...errorCodes, 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'])('has a row for the code %s', (code) => {
    expect(textOf('docs/ids-and-errors.md')).toMatch(new RegExp(`^\\| \`${code}\``, 'm'));
  });

  it('begins with a README of one screen of words', () => {
    const words = paragraphsOf(textOf('README.md')).reduce((sum, paragraph) => sum + wordsOf(paragraph), 0);
    expect(words).toBeLessThan(200);
  });
});
