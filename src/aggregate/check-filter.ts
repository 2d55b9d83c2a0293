import { BadInputError } from '../domain/bad-input.js';
import { type CopyFilter, isGiven } from '../domain/copy-filter.js';
import type { Clients } from '../upstream/product.js';
import { parseKnownId } from './known-id.js';

const windows = [
  ['startedAfter', 'startedBefore'],
  ['endedAfter', 'endedBefore'],
  ['expiresAfter', 'expiresBefore'],
] as const;

/**
 * Throws a `BadInputError` for what no copy filter may say, whatever the product: a window that ends before it begins,
 * an id that is no target's, a negative time; a `ForbiddenError` for a target of an upstream that is hidden.
 */
export const checkCopyFilter = (clients: Clients, filter: CopyFilter): void => {
  for (const [after, before] of windows) {
    const [from, to] = [filter[after], filter[before]];
    if (isGiven(from) && isGiven(to) && to < from) {
      throw new BadInputError(`filter.${before}`, `filter.${before} is earlier than filter.${after}; swap the two.`);
    }
  }
  const { longerThanSeconds, targetIds } = filter;
  if (isGiven(longerThanSeconds) && longerThanSeconds < 0) {
    throw new BadInputError(
      'filter.longerThanSeconds',
      `filter.longerThanSeconds must be a number of seconds from 0; this is ${longerThanSeconds}.`,
    );
  }
  targetIds?.forEach((id) => parseKnownId(clients, 'filter.targetIds', id, 'CopyTarget'));
};
