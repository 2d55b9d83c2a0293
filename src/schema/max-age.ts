import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../assembly/context.js';
import { isGiven } from '../domain/copy-filter.js';
import { BadInputError } from '../domain/bad-input.js';
import type { SchemaTypes } from './builder.js';
import { pageArguments } from './page-arguments.js';

/** How old an answer may be: of every read that may come out of the cache. */
export const maxAgeArgument = (arg: ArgBuilder<SchemaTypes>) => ({
  maxAge: arg.int({
    description:
      'How many seconds ago the upstream may have been read; 0 asks it anyway. If left out, finished records may be old and others a few seconds, and where the upstream fails older ones stand in. `observedAt` tells. Holds for recovery points and copies below the field too.',
  }),
});

/** The arguments of a list at the root: Relay’s four, and how old it may be. */
export const listArguments = (arg: ArgBuilder<SchemaTypes>) => ({ ...pageArguments(arg), ...maxAgeArgument(arg) });

/** The same for a field below the root: what it does not say, a field above it does. */
export const agedBelow = (context: Context, maxAge: number | null | undefined, info: GraphQLResolveInfo): Context =>
  isGiven(maxAge) ? agedBy(context, maxAge, info) : context.below(info);

/** The context in which nothing older is read, by the field or by what `below` says of the fields under it. */
export const agedBy = (context: Context, maxAge: number | null | undefined, info: GraphQLResolveInfo): Context => {
  if (typeof maxAge === 'number' && maxAge < 0) {
    throw new BadInputError('maxAge', `maxAge must be a number of seconds from 0; this is ${maxAge}.`);
  }
  return context.aged(maxAge, info);
};
