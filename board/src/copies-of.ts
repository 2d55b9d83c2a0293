import type { CopyOperationFilter } from '../generated/graphql.js';
import type { PageState } from './page-state.js';

/**
 * The copies that the page is about. Of AWS's composite jobs the leaves alone, as sums count them: lists would have their
 * parents too, and be longer than the number that they are behind.
 */
export const copiesOf = (
  { upstream }: Pick<PageState, 'upstream'>,
  filter: CopyOperationFilter,
): CopyOperationFilter => ({
  ...filter,
  composite: 'LEAVES',
  ...(upstream !== undefined && { upstreams: [upstream] }),
});
