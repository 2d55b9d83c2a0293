import { matchesCopy } from '../domain/copy-filter.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { type CopyOperationFilter, copySources } from './copy-operations.js';
import { type ListContext, replicaRuleOf, within } from './lists.js';
import { merge } from './merge.js';

/** Copies of all upstreams. */
export interface EveryCopy {
  readonly copies: readonly CopyOperation[];
  readonly upstreamReports: readonly UpstreamReport[];
}

/** Each copy once: of a replica that its owner tells of only the owner's, of AWS's composite jobs the leaves, as in sums. */
export const readEveryCopy = async (
  context: ListContext,
  asked: Pick<CopyOperationFilter, 'startedAfter' | 'finished'>,
): Promise<EveryCopy> => {
  const given: CopyOperationFilter = { ...asked, composite: 'LEAVES' };
  const { filter, window } = within(given, context, null);
  const sources = copySources(context, given, false);
  const replicas = replicaRuleOf(context, filter, sources);
  const copies: CopyOperation[] = [];
  const owned = new Map<string, CopyOperation[]>(); // they count if the owner has failed
  const { upstreamReports, released } = await merge<CopyOperation>({
    sources,
    window,
    now: context.now,
    matches: (copy) => matchesCopy(filter, copy, context.now) && replicas.passes(copy),
    replicas,
    page: null,
    each: (copy, owner) => {
      if (owner === null) return void copies.push(copy);
      const held = owned.get(owner) ?? [];
      owned.set(owner, held);
      held.push(copy);
    },
  });
  const freed = [...owned].flatMap(([owner, held]) => (released.has(owner) ? held : []));
  return { copies: copies.concat(freed), upstreamReports: upstreamReports.map(replicas.reported) };
};
