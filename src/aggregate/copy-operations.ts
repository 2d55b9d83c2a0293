import type { Connection } from '../domain/connection.js';
import { type CopyFilter, matchesCopy } from '../domain/copy-filter.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import { type CopyGroup, type CopySum, type GroupBy, createCopySum } from '../domain/copy-summary.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { type Asked, type ListArguments, type ListContext, list, replicaRuleOf, within } from './lists.js';
import { clientsNamed } from '../upstream/clients.js';
import type { Clients, Want } from '../upstream/product.js';
import { products } from '../upstream/products.js';
import type { Source } from '../upstream/source.js';
import { merge } from './merge.js';

/** The filter of the one list over all vendors. */
export interface CopyOperationFilter extends CopyFilter {
  readonly types?: readonly string[] | null | undefined; // words of `CopyType`
}

/** Every kind of copies, over all products. */
const copyTypes = () => products.flatMap((product) => product.copyTypes);

/** The types that a list holds when none are asked for. */
export const standardTypes = (): readonly string[] =>
  copyTypes()
    .filter(({ standard }) => standard)
    .map(({ word }) => word);

/** The object types of the copies that are wanted. */
export const typenamesOf = ({ types }: Want): ReadonlySet<string> =>
  new Set(copyTypes().flatMap(({ word, typename }) => (types.has(word) ? [typename] : [])));

/** Throws a `BadInputError` for a malformed or hidden id in the filter, before anything is asked. */
export const checkFilter = (clients: Clients, filter: CopyFilter): void =>
  products.forEach((product) => product.checkFilter?.(clients, filter));

export const wantOf = (filter: CopyOperationFilter, parts: boolean): Want => ({
  filter,
  types: new Set(filter.types ?? standardTypes()),
  parts,
});

/** One source for each upstream that has any of the types asked for. */
const copySources = (
  { session }: ListContext,
  filter: CopyOperationFilter,
  parts: boolean,
): readonly Source<CopyOperation>[] => {
  const { clients } = session;
  const named = clientsNamed(clients, filter.upstreams, 'filter.upstreams');
  checkFilter(clients, filter);
  const want = wantOf(filter, parts);
  return named.map((client) => client.copies(session, want)).filter((source) => source !== null);
};

/** `copyOperations`: what the lists of its kinds cost, each upstream read only as far as the page needs. */
export const listCopyOperations = (
  context: ListContext,
  args: ListArguments & { readonly filter?: CopyOperationFilter | null | undefined },
  asked: Asked,
): Promise<Connection<CopyOperation>> =>
  list('copyOperations', context, args, asked, copySources(context, args.filter ?? {}, asked.tasks), matchesCopy);

export interface CopySummary {
  readonly total: CopySum;
  readonly groups: readonly CopyGroup[];
  readonly upstreamReports: readonly UpstreamReport[];
}

/**
 * `copySummary`: counts and bytes over the whole window in one pass, with the reads of a list beside it shared. Of
 * AWS's composite jobs only the leaves count unless the filter says otherwise, so that no byte counts twice.
 */
export const summarizeCopies = async (
  context: ListContext,
  given: CopyOperationFilter | null | undefined,
  groupBy: readonly GroupBy[],
): Promise<CopySummary> => {
  const { filter, window, reasons } = within({ ...given, composite: given?.composite ?? 'LEAVES' }, context, null);
  const sources = copySources(context, { ...given }, false);
  const replicas = replicaRuleOf(context, filter, sources);
  const sum = createCopySum(groupBy);
  const ofOwners = new Map<string, ReturnType<typeof createCopySum>>(); // they count if the owner has failed
  const add = (copy: CopyOperation, owner: string | null): void => {
    if (owner === null) return sum.add(copy);
    const own = ofOwners.get(owner) ?? createCopySum(groupBy);
    ofOwners.set(owner, own);
    own.add(copy);
  };
  const { upstreamReports, released } = await merge<CopyOperation>({
    sources,
    window,
    reasons,
    now: context.now,
    matches: (copy) => matchesCopy(filter, copy) && replicas.passes(copy),
    replicas,
    page: null,
    each: add,
  });
  for (const [owner, own] of ofOwners) if (released.has(owner)) sum.join(own.result());
  return { ...sum.result(), upstreamReports: upstreamReports.map(replicas.reported) };
};
