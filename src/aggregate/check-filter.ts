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
 * Checks the members that every copy filter has. Throws a `BadInputError` for a window that ends before it begins, an
 * id that is not a target's, or a negative time. Throws a `ForbiddenError` for a target of a hidden upstream.
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
      `filter.longerThanSeconds must be 0 or more; it is ${longerThanSeconds}.`,
    );
  }
  targetIds?.forEach((id) => parseKnownId(clients, 'filter.targetIds', id, 'CopyTarget'));
};
