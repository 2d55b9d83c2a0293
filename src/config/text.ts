import { LineCounter, parseDocument } from 'yaml';
import type { Problem } from './problem.js';

/** Replaces the parser's own messages, which quote the line and with it perhaps a secret. */
const words: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias (*name) must name an anchor (&name) above it',
  BAD_DQ_ESCAPE: 'a backslash in double quotes must be doubled',
  BAD_INDENT: 'the line is not indented like the lines around it, or a bracket above is not closed',
  BAD_SCALAR_START: 'a value that begins with this character must be quoted',
  BLOCK_AS_IMPLICIT_KEY: 'this line has a second `key:`; check its indentation, and for a missing quote',
  DUPLICATE_KEY: 'this key is there twice',
  MISSING_CHAR: 'a character is missing here: a closing quote or bracket, or a comma',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing after the key, or the value must be quoted',
  MULTIPLE_DOCS: 'there must be one document, without a `---` in between',
  NON_STRING_KEY: 'a key must be text',
  RESOURCE_EXHAUSTION: 'the file is nested too deep to be read',
  TAB_AS_INDENT: 'indent with spaces, not with tabs',
  UNEXPECTED_TOKEN:
    'this does not belong here; a value that contains any of { } [ ] , : #, or ${NAME} in braces, needs quotes',
  TAG_RESOLVE_FAILED: 'tags (!name) are not supported; quote a value that begins with an exclamation mark',
};

/** Reads YAML into plain data. Integers beyond 2^53 stay exact, as bigint. */
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
    const [mistake] = [...document.errors, ...document.warnings]; // later ones mostly follow from the first
    if (mistake === undefined) return { data: document.toJS(), problems: [] };
    const { line, col } = lines.linePos(mistake.pos[0]);
    const text = words[mistake.code] ?? 'this is not valid YAML';
    return { data: undefined, problems: [{ path: `line ${line}, column ${col}`, text }] };
  } catch {
    // Aliases that multiply, or nesting deeper than the stack: nobody writes that by hand.
    return {
      data: undefined,
      problems: [{ path: 'line 1, column 1', text: 'the file is nested too deep to be read' }],
    };
  }
};
