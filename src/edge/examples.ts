import { readFileSync, readdirSync } from 'node:fs';
import { DAY_MICROS, HOUR_MICROS, type Micros, formatDateTime, micros } from '../domain/micros.js';

const folder = new URL('../../examples/queries/', import.meta.url);

/** The hour 24 hours ago: GraphQL has no clock of its own, so an example that asks since then is told when that is. */
const sinceOf = (now: Micros): string =>
  formatDateTime(micros(Math.floor((now - DAY_MICROS) / HOUR_MICROS) * HOUR_MICROS));

/**
 * The example queries of `examples/queries`, in the order of their file names, as GraphiQL shows them in its tabs. The
 * default of a variable `$since` is 24 hours ago.
 */
export const readExamples = (now: Micros): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .map((query) => query.replace(/(?<=\$since: DateTime! = )"[^"]*"/, `"${sinceOf(now)}"`));
