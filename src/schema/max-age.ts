import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../assembly/context.js';
import { isGiven } from '../domain/copy-filter.js';
import { BadInputError } from '../domain/bad-input.js';
import type { SchemaTypes } from './builder.js';
import { pageArguments } from './page-arguments.js';

/** The `maxAge` argument of every field whose reads may come from the cache. */
export const maxAgeArgument = (arg: ArgBuilder<SchemaTypes>) => ({
  maxAge: arg.int({
    description:
      'The greatest age of the data in seconds; 0 always reads the upstream. If absent, finished records may be old and unfinished ones a few seconds, and older data replace a failed read. `observedAt` shows the age. Applies to recovery points and copies below the field too.',
  }),
});

/** The arguments of a list at the root: Relay’s four and `maxAge`. */
export const listArguments = (arg: ArgBuilder<SchemaTypes>) => ({ ...pageArguments(arg), ...maxAgeArgument(arg) });

/** The same for a field below the root. Without a `maxAge` of its own it uses that of the nearest field above. */
export const agedBelow = (context: Context, maxAge: number | null | undefined, info: GraphQLResolveInfo): Context =>
  isGiven(maxAge) ? agedBy(context, maxAge, info) : context.below(info);

/** The context in which this field, and through `below` the fields under it, read nothing older. Throws a `BadInputError` for a negative age. */
export const agedBy = (context: Context, maxAge: number | null | undefined, info: GraphQLResolveInfo): Context => {
  if (typeof maxAge === 'number' && maxAge < 0) {
    throw new BadInputError('maxAge', `maxAge must be a number of seconds from 0; this is ${maxAge}.`);
  }
  return context.aged(maxAge, info);
};
