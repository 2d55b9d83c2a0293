import { readFileSync, readdirSync } from 'node:fs';
import { DAY_MICROS, HOUR_MICROS, type Micros, formatDateTime, micros } from '../domain/micros.js';

const folder = new URL('../../examples/queries/', import.meta.url);

/** How many days from now the default of a variable lies: GraphQL has no clock of its own, so it is told. */
const daysOf: Readonly<Record<string, number>> = { since: -1, week: -7, now: 0, soon: 7 };

/** On the hour, so that the text is the same for an hour. */
const timeOf = (now: Micros, days: number): string =>
  formatDateTime(micros(Math.floor((now + days * DAY_MICROS) / HOUR_MICROS) * HOUR_MICROS));

const withTimes = (query: string, now: Micros): string =>
  query.replace(/(\$(\w+): DateTime! = )"[^"]*"/g, (given: string, head: string, name: string) => {
    const days = daysOf[name];
    return days === undefined ? given : `${head}"${timeOf(now, days)}"`;
  });

/**
 * The example queries of `examples/queries`, in the order of their file names, as GraphiQL shows them in its tabs. The
 * default of a variable `$since` is 24 hours ago, and so for `$week`, `$now` and `$soon`.
 */
export const readExamples = (now: Micros): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .map((query) => withTimes(query, now));
