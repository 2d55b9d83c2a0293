import { parseKnownId } from '../aggregate/known-id.js';
import { type Addressable, loadNode } from './load-node.js';
import { asError } from '../calling/outcome.js';
import { BadInputError } from '../domain/bad-input.js';
import { builder } from './builder.js';
import { byIds, calls } from './cost.js';

export const NodeRef = builder.interfaceRef<{ readonly id: string }>('Node').implement({
  description: 'Anything with an id that can be asked for again.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description:
        'Global id, in a documented form that another subgraph may build: `<TypeName>:<upstream>:<key parts>`, joined by `:`, each part percent-encoded.',
    }),
  }),
});

/**
 * Each of the ids read by itself, if they are no more than a page may hold. A malformed id or a failed read is that
 * item's error and not the list's: GraphQL takes an `Error` in a list for one, of which Pothos's types do not know.
 */
export const eachOf = async <T>(ids: readonly string[], most: number, read: (id: string) => Promise<T | null>) => {
  if (ids.length > most) throw new BadInputError('ids', `ids takes at most ${most} ids; these are ${ids.length}.`);
  // A read may throw before it is a promise; that too is its item's own.
  const all = ids.map(async (id) => read(id));
  return Promise.all(all.map((one) => one.catch(asError))) as Promise<(T | null)[]>;
};

/** Two Relay subgraphs have a `node` each: composition takes them where both are shared, and no router could choose. */
const hidden = { shareable: true, inaccessible: true };

const inSupergraph =
  'Not in a supergraph: look things up there by the fields of their types, or through another subgraph that refers to them by `id`.';

const idDescription = 'As `Node.id` showed it. A malformed one is `null` with an error `BAD_USER_INPUT`.';

builder.queryField('node', (t) =>
  t.field({
    type: NodeRef,
    nullable: true,
    ...calls(1),
    ...hidden,
    description: `One record by its id; \`null\` where the upstream has none (any more). Costs at most one upstream call; a \`CopyTarget\` that nothing read so far leads to may cost one pass over the copies of the look-back. ${inSupergraph}`,
    args: { id: t.arg.id({ required: true, description: idDescription }) },
    resolve: (_root, { id }, context) => loadNode(context, parseKnownId(context.session.clients, 'id', id)),
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: t.listRef(NodeRef, { nullable: true }),
    ...byIds,
    ...hidden,
    description: `Many records by their ids, in the order asked; each that is unknown or cannot be read is \`null\` and costs only itself. Ids of one run share a call, as do jobs and sources of one cluster. ${inSupergraph}`,
    args: {
      ids: t.arg.idList({ required: true, description: `${idDescription} At most as many as a page may hold.` }),
    },
    resolve: (_root, { ids }, context) =>
      eachOf<Addressable>(ids, context.limits.maxPageSize, (id) =>
        loadNode(context, parseKnownId(context.session.clients, 'ids', id)),
      ),
  }),
);
