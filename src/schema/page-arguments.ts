import type { ArgBuilder } from '@pothos/core';
import { DEFAULT_PAGE_SIZE } from '../domain/page.js';
import type { SchemaTypes } from './builder.js';

/** Relay's four arguments. They are checked when the page is cut, so that a refusal names the argument. */
export const pageArguments = (arg: ArgBuilder<SchemaTypes>) => ({
  first: arg.int({
    description: `The number of records from the front, at most the configured page limit. ${DEFAULT_PAGE_SIZE} if neither first nor last is given. 0 gives an empty page. Not together with last. The query’s cost counts this many records.`,
  }),
  after: arg.string({ description: 'Only records after this cursor, which came from the same list.' }),
  last: arg.int({ description: 'The number of records from the back, with the same limit. Not together with first.' }),
  before: arg.string({ description: 'Only records before this cursor, which came from the same list.' }),
});

/** The two arguments of a list that is paged forward only. */
export const forwardArguments = (arg: ArgBuilder<SchemaTypes>) => {
  const { first, after } = pageArguments(arg);
  return { first, after };
};
