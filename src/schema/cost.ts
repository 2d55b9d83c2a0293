import { DEFAULT_PAGE_SIZE } from '../domain/page.js';
import { CALL_WEIGHT } from '../domain/query-cost.js';

/** A field that makes so many upstream calls each time it is resolved, where no loader saves it one. */
export const calls = (count: number) => ({ cost: count * CALL_WEIGHT + 1 }); // and the record it brings

/** A field that is no record of its own, and makes so many calls, where no loader saves it one. */
export const asks = (count: number) => ({ cost: count * CALL_WEIGHT });

/** A subscription that begins with so many events, as a query's cost takes it to have. */
export const beginning = (events: number) => ({ extensions: { events } });

/** A list that no argument bounds, with the length that a query's cost takes it to have. */
export const usually = (assumedSize: number) => ({ listSize: { assumedSize, requireOneSlicingArgument: false } });

/** An object whose list of that name is as long as `first` says. */
export const sizedBy = (list: string, assumedSize: number) => ({
  listSize: { assumedSize, slicingArguments: ['first'], sizedFields: [list], requireOneSlicingArgument: false },
});

/** A connection that makes so many calls: its page is what is multiplied. One that is paged forward has no `last`. */
export const paged = (count: number, slicingArguments: readonly ('first' | 'last')[] = ['first', 'last']) => ({
  ...(count > 0 && { cost: count * CALL_WEIGHT }),
  listSize: {
    assumedSize: DEFAULT_PAGE_SIZE,
    slicingArguments: [...slicingArguments],
    sizedFields: ['edges', 'nodes'],
    requireOneSlicingArgument: false,
  },
});

/** A list of what its ids name: a call for each at most, and as long as the list of ids, which a router cannot see. */
export const byIds = { ...calls(1), ...usually(DEFAULT_PAGE_SIZE) };
