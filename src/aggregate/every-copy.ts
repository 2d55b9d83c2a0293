import { matchesCopy } from '../domain/copy-filter.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { createByOwner } from './by-owner.js';
import { type CopyOperationFilter, copySources } from './copy-operations.js';
import { type ListContext, replicaRuleOf, within } from './lists.js';
import { merge } from './merge.js';

/** Copies of all upstreams. */
export interface EveryCopy {
  readonly copies: readonly CopyOperation[];
  readonly upstreamReports: readonly UpstreamReport[];
}

/**
 * Reads each copy once: a replica's copy that its owner returns too counts for the owner, and of AWS's composite jobs
 * only the leaves count, as in sums.
 */
export const readEveryCopy = async (
  context: ListContext,
  asked: Pick<CopyOperationFilter, 'startedAfter' | 'finished'>,
): Promise<EveryCopy> => {
  const given: CopyOperationFilter = { ...asked, composite: 'LEAVES' };
  const { filter, window } = within(given, context, null);
  const sources = copySources(context, given, false);
  const replicas = replicaRuleOf(context, filter, sources);
  const copies = createByOwner<CopyOperation[]>(() => []);
  const { upstreamReports, released } = await merge<CopyOperation>({
    sources,
    window,
    now: context.now,
    matches: (copy) => matchesCopy(filter, copy, context.now) && replicas.passes(copy),
    replicas,
    page: null,
    each: (copy, owner) => void copies.for(owner).push(copy),
  });
  return {
    copies: copies.sure.concat(...copies.released(released)),
    upstreamReports: upstreamReports.map(replicas.reported),
  };
};
