import type { z } from 'zod';

/** One problem in a config: the place, and what to do. The text never contains a value, which may be a secret. */
export interface Problem {
  readonly path: string;
  readonly text: string;
}

/**
 * A key in a form that may be shown. In `{ apiKey:s3cret }`, without a space after the colon, YAML reads one long key.
 * So a key that does not resemble ours is left out.
 */
const shown = (key: string): string =>
  key.length <= 30 && /^[a-z]+([_-]?[A-Za-z]+)*\d{0,3}$/.test(key) ? key : '(a key that is not a word)';

/** `upstreams[1].auth.apiKey` */
export const pathOf = (parts: readonly PropertyKey[]): string =>
  parts.reduce<string>((path, part) => {
    if (typeof part === 'number') return `${path}[${part}]`;
    return path === '' ? shown(String(part)) : `${path}.${shown(String(part))}`;
  }, '');

/** The number of letters to change, add or remove to turn `a` into `b`. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...a].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

const bare = (key: string): string => key.replace(/[_-]/g, '').toLowerCase();

/** The known key that was probably meant, if one is close. */
const meant = (key: string, known: readonly string[]): string | undefined => {
  if (key.length > 60) return undefined; // too long for a typing error, and the comparison is quadratic
  const [best] = known
    .map((candidate) => ({ candidate, far: distance(bare(key), bare(candidate)) }))
    .sort((one, other) => one.far - other.far);
  return best !== undefined && best.far <= Math.min(2, best.candidate.length / 3) ? best.candidate : undefined;
};

const unknownKey = (path: readonly PropertyKey[], key: string, known: readonly string[]): Problem => {
  const suggestion = meant(key, known);
  const help = suggestion === undefined ? `the keys here are ${known.join(', ')}` : `did you mean ${suggestion}?`;
  return { path: pathOf([...path, key]), text: `is not a known key; ${help}` };
};

/** The problems that zod found. For an unknown key, the message is the list of known ones, from `section`. */
export const problemsOf = (issues: readonly z.core.$ZodIssue[]): Problem[] =>
  issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownKey(issue.path, key, issue.message.split(' ')))
      : [{ path: pathOf(issue.path), text: issue.message }],
  );
