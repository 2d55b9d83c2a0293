import { LineCounter, parseDocument } from 'yaml';
import type { Problem } from './problem.js';

/** The parser's own words quote the line, and with it a secret: these stand in for them. */
const words: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias (*name) must name an anchor (&name) above it',
  BAD_DQ_ESCAPE: 'a backslash in double quotes must be written twice',
  BAD_INDENT: 'the line is not indented as the ones around it, or a bracket above is not closed',
  BAD_SCALAR_START: 'a value that begins with this character must be quoted',
  BLOCK_AS_IMPLICIT_KEY: 'this line has a second `key:`; is it indented right, or is a quote missing?',
  DUPLICATE_KEY: 'this key is there twice',
  MISSING_CHAR: 'a character is missing here: a closing quote or bracket, or a comma',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing after the key, or the value must be quoted',
  MULTIPLE_DOCS: 'there must be one document, without a `---` in between',
  NON_STRING_KEY: 'a key must be text',
  RESOURCE_EXHAUSTION: 'the file is nested too deep to be read',
  TAB_AS_INDENT: 'indent with spaces, not with tabs',
  UNEXPECTED_TOKEN:
    'this does not belong here; a value with any of { } [ ] , : # in it, ${NAME} in braces too, needs quotes',
  TAG_RESOLVE_FAILED: 'tags (!name) are not supported; quote a value that begins with an exclamation mark',
};

/** Plain data from YAML. Integers beyond 2^53 stay exact, as a bigint. */
export const readYaml = (source: string): { data: unknown; problems: Problem[] } => {
  const lines = new LineCounter();
  try {
    const document = parseDocument(source, {
      intAsBigInt: true,
      stringKeys: true,
      prettyErrors: false,
      lineCounter: lines,
      logLevel: 'error',
    });
    const [mistake] = [...document.errors, ...document.warnings]; // what follows the first one only confuses
    if (mistake === undefined) return { data: document.toJS(), problems: [] };
    const { line, col } = lines.linePos(mistake.pos[0]);
    const text = words[mistake.code] ?? 'this is not valid YAML';
    return { data: undefined, problems: [{ path: `line ${line}, column ${col}`, text }] };
  } catch {
    // Aliases that multiply, or nesting deeper than the stack: nothing a person writes.
    return {
      data: undefined,
      problems: [{ path: 'line 1, column 1', text: 'the file is nested too deep to be read' }],
    };
  }
};
