import { parseKnownId } from '../aggregate/known-id.js';
import { type Addressable, loadNode } from './load-node.js';
import { asError } from '../calling/outcome.js';
import { BadInputError } from '../domain/bad-input.js';
import { builder } from './builder.js';
import { byIds, calls } from './cost.js';

export const NodeRef = builder.interfaceRef<{ readonly id: string }>('Node').implement({
  description: 'A record with an id, by which it can be read again.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description:
        'The global id: `<TypeName>:<upstream>:<key parts>`, joined by `:`, each part percent-encoded. The form is documented, so another subgraph may build it.',
    }),
  }),
});

/**
 * Reads each id by itself; throws a `BadInputError` if there are more than `most`. A malformed id or a failed read is an
 * error of its item and not of the list. GraphQL accepts an `Error` as an item, which Pothos's types do not know.
 */
export const eachOf = async <T>(ids: readonly string[], most: number, read: (id: string) => Promise<T | null>) => {
  if (ids.length > most) throw new BadInputError('ids', `ids takes at most ${most} ids; these are ${ids.length}.`);
  // A read may throw before it returns a promise. That too is an error of its item.
  const all = ids.map(async (id) => read(id));
  return Promise.all(all.map((one) => one.catch(asError))) as Promise<(T | null)[]>;
};

/** Every Relay subgraph has a `node`. Composition accepts several only if they are shared, and no router could choose one. */
const hidden = { shareable: true, inaccessible: true };

const inSupergraph =
  'Not in a supergraph: read records there by the fields of their types, or through another subgraph that refers to them by `id`.';

const idDescription = 'As `Node.id` showed it. A malformed id gives `null` and an error `BAD_USER_INPUT`.';

builder.queryField('node', (t) =>
  t.field({
    type: NodeRef,
    nullable: true,
    ...calls(1),
    ...hidden,
    description: `One record by its id. \`null\` if the upstream does not have it, or no longer. Costs at most one upstream call for most types. A \`CopyTarget\` that no read has shown yet may cost one pass over the copies of the look-back. An AWS \`ProtectedObject\` without copy jobs costs the list of all protected resources. ${inSupergraph}`,
    args: { id: t.arg.id({ required: true, description: idDescription }) },
    resolve: (_root, { id }, context) => loadNode(context, parseKnownId(context.session.clients, 'id', id)),
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: t.listRef(NodeRef, { nullable: true }),
    ...byIds,
    ...hidden,
    description: `Many records by their ids, in the order asked. An id that is unknown or cannot be read gives \`null\` in its place. Ids of one run share a call, as do jobs and sources of one cluster. ${inSupergraph}`,
    args: {
      ids: t.arg.idList({ required: true, description: `${idDescription} At most as many as a page may hold.` }),
    },
    resolve: (_root, { ids }, context) =>
      eachOf<Addressable>(ids, context.limits.maxPageSize, (id) =>
        loadNode(context, parseKnownId(context.session.clients, 'ids', id)),
      ),
  }),
);
