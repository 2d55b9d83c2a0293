import { readFileSync, readdirSync } from 'node:fs';
import { DAY_MICROS, type Micros, formatDateTime, hourStart } from '../domain/micros.js';

const folder = new URL('../../examples/queries/', import.meta.url);

/** The default of a date variable, as days from now; GraphQL itself has no clock. */
const daysOf: Readonly<Record<string, number>> = { since: -1, week: -7, now: 0, soon: 7 };

/** On the hour, so that the text stays the same for an hour. */
const timeOf = (now: Micros, days: number): string => formatDateTime(hourStart(now + days * DAY_MICROS));

const withTimes = (query: string, now: Micros): string =>
  query.replace(/(\$(\w+): DateTime! = )"[^"]*"/g, (given: string, head: string, name: string) => {
    const days = daysOf[name];
    return days === undefined ? given : `${head}"${timeOf(now, days)}"`;
  });

/**
 * The example queries in `examples/queries`, by file name, as GraphiQL shows them in its tabs. The default of a
 * variable `$since` is 24 hours ago; `$week`, `$now` and `$soon` work the same way.
 */
export const readExamples = (now: Micros): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .map((query) => withTimes(query, now));
