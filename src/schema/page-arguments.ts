import type { ArgBuilder } from '@pothos/core';
import { DEFAULT_PAGE_SIZE } from '../domain/page.js';
import type { SchemaTypes } from './builder.js';

/** Relay's four, checked where the page is cut, so that a refusal names the argument. */
export const pageArguments = (arg: ArgBuilder<SchemaTypes>) => ({
  first: arg.int({
    description: `How many from the front; at most the configured page limit, ${DEFAULT_PAGE_SIZE} if neither first nor last is given. 0 gives an empty page. Not with last. The cost of the query counts as many records.`,
  }),
  after: arg.string({ description: 'Only what follows this cursor, which came from the same list.' }),
  last: arg.int({ description: 'How many from the back; the same limit. Not with first.' }),
  before: arg.string({ description: 'Only what comes before this cursor, which came from the same list.' }),
});

/** The two of a list that is paged forward alone. */
export const forwardArguments = (arg: ArgBuilder<SchemaTypes>) => {
  const { first, after } = pageArguments(arg);
  return { first, after };
};
