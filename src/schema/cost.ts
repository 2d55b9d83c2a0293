import { DEFAULT_PAGE_SIZE } from '../domain/page.js';
import { CALL_WEIGHT } from '../domain/query-cost.js';

/** A field that returns a record and makes this many upstream calls each time it is resolved, unless a loader saves them. */
export const calls = (count: number) => ({ cost: count * CALL_WEIGHT + 1 }); // and 1 for the record

/** The same for a field that returns no record of its own. */
export const asks = (count: number) => ({ cost: count * CALL_WEIGHT });

/** A subscription, with the number of first events that a query's cost assumes. */
export const beginning = (events: number) => ({ extensions: { events } });

/** A list that no argument bounds, with the length that a query's cost assumes. */
export const usually = (assumedSize: number) => ({ listSize: { assumedSize, requireOneSlicingArgument: false } });

/** An object whose list `list` is as long as the argument `first`. */
export const sizedBy = (list: string, assumedSize: number) => ({
  listSize: { assumedSize, slicingArguments: ['first'], sizedFields: [list], requireOneSlicingArgument: false },
});

/** A connection that makes this many calls. The cost multiplies its page. A connection that is paged forward only has no `last`. */
export const paged = (count: number, slicingArguments: readonly ('first' | 'last')[] = ['first', 'last']) => ({
  ...(count > 0 && { cost: count * CALL_WEIGHT }),
  listSize: {
    assumedSize: DEFAULT_PAGE_SIZE,
    slicingArguments: [...slicingArguments],
    sizedFields: ['edges', 'nodes'],
    requireOneSlicingArgument: false,
  },
});

/** A list of records by their ids: at most one call for each. It is as long as the list of ids, which a router cannot see. */
export const byIds = { ...calls(1), ...usually(DEFAULT_PAGE_SIZE) };
