import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../../examples/queries/', import.meta.url);

/** The example queries of `examples/queries`, in the order of their file names, as GraphiQL shows them in its tabs. */
export const readExamples = (): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
