import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../src/domain/error-code.js';
import { faultsIn, wordCount } from './support/words.js';

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'test/README.md'],
  ...['examples/embedded/README.md', 'examples/supergraph/README.md'],
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
]
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

/** Without tables and code. */
const MOST_IN_SECTION = 150;
const MOST_PER_HEADING = 90;

const mostWordsOf = (name: string): number => (name === 'README.md' ? 80 : 100);

/** A paragraph as it is read: without the marks of emphasis, and of a link its words alone. */
const plain = (paragraph: string): string =>
  paragraph
    .replaceAll(/!?\[((?:`[^`]*`|[^\]])*)\](?:\([^)]*\))?/g, '$1')
    .replaceAll(/\*\*|(?<!\w)_|_(?!\w)/g, '')
    .replace(/^(?:[-*]|\d+\.) /, '');

/** The cells of a page's tables. */
const cellsOf = (text: string): readonly string[] =>
  [...withoutCode(text).matchAll(/^\|(?! -)(.*)\|$/gm)].flatMap(([, row = '']) =>
    row.split(/(?<!\\)\|/).map((cell) => cell.trim()),
  );

/** The words in paragraphs and items between each heading of a page and the next. */
const sectionsOf = (text: string): readonly { readonly heading: string; readonly words: number }[] =>
  withoutCode(text)
    .split(/^#+ /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      const words = paragraphsOf(lines.join('\n')).reduce((sum, paragraph) => sum + wordCount(plain(paragraph)), 0);
      return { heading, words };
    });

/** So GitHub makes the id of a heading. */
const anchorOf = (heading: string): string =>
  plain(`## ${heading}`)
    .slice(3)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (text: string): readonly string[] => sectionsOf(text).map(({ heading }) => anchorOf(heading));

interface Link {
  readonly to: string; // from the root of the project
  readonly anchor: string;
}

/** The links of a page to files of the project, itself among them. */
const linksWithAnchors = (name: string, text: string): readonly Link[] =>
  [...withoutCode(text).matchAll(/\]\(([^)#:]*)(?:#([^)]*))?\)/g)].map(([, to = '', anchor = '']) => ({
    to: to === '' ? name : join(dirname(name), to),
    anchor,
  }));

const linksOf = (name: string, text: string): readonly string[] => linksWithAnchors(name, text).map(({ to }) => to);

describe.each(pages)('$name', ({ name, text }) => {
  it('has no paragraph that must be read twice for its length', () => {
    const long = paragraphsOf(text).filter((paragraph) => wordsOf(paragraph) > mostWordsOf(name));
    expect(long).toEqual([]);
  });

  it('has no word to avoid, no sentence over 40 words, and none that begins without its noun', () => {
    const texts = [...paragraphsOf(text), ...cellsOf(text)].map((part) => ({ place: name, text: plain(part) }));
    expect(faultsIn(texts, 40)).toEqual([]);
  });

  it('has headings close together', () => {
    const sections = sectionsOf(text);
    expect(sections.filter(({ words }) => words > MOST_IN_SECTION)).toEqual([]);
    const words = sections.reduce((sum, section) => sum + section.words, 0);
    expect(words / Math.max(1, sections.length)).toBeLessThanOrEqual(MOST_PER_HEADING);
  });

  it('begins with what it is for', () => {
    expect(text).toMatch(/^(?:<!--[^]*?-->\n)?# .+\n\n(?![#|\n]|```)/);
  });

  it('links only to files and headings that exist', () => {
    const broken = linksWithAnchors(name, text).filter(
      ({ to, anchor }) => !existsSync(to) || (anchor !== '' && !anchorsOf(readFileSync(to, 'utf8')).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });
});

const textOf = (page: string): string => pages.find(({ name }) => name === page)?.text ?? '';

describe('the documentation', () => {
  it('has every page in its index, or in that of the decisions', () => {
    const indexes = ['docs/README.md', 'docs/decisions/README.md'];
    const listed = new Set(indexes.flatMap((index) => linksOf(index, textOf(index))));
    const ours = pages.map(({ name }) => name).filter((name) => name.startsWith('docs/') && name !== 'docs/README.md');
    expect(ours.filter((name) => !listed.has(name))).toEqual([]);
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
