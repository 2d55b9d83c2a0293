import type { Connection } from '../domain/connection.js';
import { type CopyFilter, asksForExpiry, matchesCopy } from '../domain/copy-filter.js';
import { copyOrderOf } from '../domain/copy-order.js';
import type { CopyOperation } from '../domain/copy-operation.js';
import { type Asked, type CopyListArguments, type ListContext, list, needsExpiry } from './lists.js';
import { checkCopyFilter } from './check-filter.js';
import { clientsNamed } from '../upstream/clients.js';
import type { Clients, Want } from '../upstream/product.js';
import { products } from '../upstream/products.js';
import type { Source } from '../upstream/source.js';

/** The filter of the one list over all vendors. */
export interface CopyOperationFilter extends CopyFilter {
  readonly types?: readonly string[] | null | undefined; // words of `CopyType`
}

/** Every kind of copies, over all products. */
const copyTypes = () => products.flatMap((product) => product.copyTypes);

/** The types in a list if none are asked for. */
export const standardTypes = (): readonly string[] =>
  copyTypes()
    .filter(({ standard }) => standard)
    .map(({ word }) => word);

/** The types whose copies each have one object. */
export const typesOfOneObject = (): readonly string[] =>
  copyTypes()
    .filter(({ ofMany }) => ofMany !== true)
    .map(({ word }) => word);

/** The object types of the wanted copies. */
export const typenamesOf = ({ types }: Want): ReadonlySet<string> =>
  new Set(copyTypes().flatMap(({ word, typename }) => (types.has(word) ? [typename] : [])));

/**
 * Throws a `BadInputError` for a malformed id in the filter and a `ForbiddenError` for a hidden one, before any
 * request.
 */
export const checkFilter = (clients: Clients, filter: CopyFilter): void => {
  checkCopyFilter(clients, filter);
  products.forEach((product) => product.checkFilter?.(clients, filter));
};

export const wantOf = (filter: CopyOperationFilter, parts: boolean, expiry = asksForExpiry(filter)): Want => ({
  filter,
  types: new Set(filter.types ?? standardTypes()),
  parts,
  expiry,
});

/** One source for each upstream that has one of the types asked for. */
export const copySources = (
  { session }: ListContext,
  filter: CopyOperationFilter,
  parts: boolean,
  expiry = asksForExpiry(filter),
): readonly Source<CopyOperation>[] => {
  const { clients } = session;
  const named = clientsNamed(clients, filter.upstreams, 'filter.upstreams');
  checkFilter(clients, filter);
  const want = wantOf(filter, parts, expiry);
  return named.map((client) => client.copies(session, want)).filter((source) => source !== null);
};

/**
 * `copyOperations`: makes the same requests as the lists of its types. Each upstream is read only as far as the page
 * needs.
 */
export const listCopyOperations = (
  context: ListContext,
  args: CopyListArguments & { readonly filter?: CopyOperationFilter | null | undefined },
  asked: Asked,
): Promise<Connection<CopyOperation>> => {
  const sources = copySources(context, args.filter ?? {}, asked.tasks, needsExpiry(args));
  const ordered = { order: copyOrderOf(args.orderBy), ...args };
  return list<CopyOperation>('copyOperations', context, ordered, asked, sources, matchesCopy);
};
