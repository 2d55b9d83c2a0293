import type { GraphQLField, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { parseKnownId } from '../aggregate/known-id.js';
import { type Addressable, loadNode } from './load-node.js';
import type { Context } from '../assembly/context.js';
import { asError } from '../calling/outcome.js';
import { BadInputError } from '../domain/bad-input.js';
import { targetOfId } from '../domain/copy-target.js';
import type { ParsedId } from '../domain/global-id.js';
import { lackOfScope } from '../domain/forbidden.js';
import { isMapping } from '../domain/mapping.js';
import { builder } from './builder.js';
import { calls } from './cost.js';
import { CopyJobRef } from './aws-backup/copy-job.js';
import { CopyOperationRef } from './copy-operation.js';
import { CopyTargetRef, copyTargetRefs } from './copy-target.js';
import { CopyRunRef } from './cohesity/copy-run.js';
import { CopySnapshotTaskRef } from './cohesity/copy-snapshot-task.js';
import { FailoverRef } from './failover.js';
import { FailoverWorkflowRef } from './failover-workflow.js';
import { asEntities } from './federation.js';
import { ProtectedObjectRef } from './protected-object-ref.js';
import { ProtectionJobRef } from './cohesity/protection-job.js';
import { ProtectionShellRef } from './cohesity/protection-shell.js';
import { printSubgraph } from './subgraph.js';
import { products } from '../upstream/products.js';
import { UpstreamRef } from './upstream.js';
import { ViewFailoverRef } from './view-failover.js';

const MOST = 100; // representations in one call

asEntities(builder, [
  CopyRunRef,
  CopySnapshotTaskRef,
  CopyJobRef,
  ProtectionShellRef,
  ProtectionJobRef,
  ProtectedObjectRef,
  FailoverRef,
  ViewFailoverRef,
  FailoverWorkflowRef,
  UpstreamRef,
  CopyOperationRef,
  CopyTargetRef,
  ...copyTargetRefs,
]);

/** The types that an entity interface accepts: it takes the ids of every type that implements it. */
const members: Readonly<Record<string, readonly string[]>> = {
  CopyOperation: products.flatMap(({ copyTypes }) => copyTypes.map(({ typename }) => typename)),
  CopyTarget: copyTargetRefs.map(({ name }) => name),
};

/** The object type that an id belongs to. */
const typenameOf = (id: ParsedId): string => (id.type === 'CopyTarget' ? targetOfId(id).__typename : id.type);

const resolveEntity = async (context: Context, representation: unknown): Promise<Addressable | null> => {
  const { __typename: type, id } = isMapping(representation) ? representation : {};
  if (typeof type !== 'string' || typeof id !== 'string') {
    throw new BadInputError('representations', 'Each of representations takes a __typename and an id.');
  }
  const parsed = parseKnownId(context.session.clients, 'representations', id);
  // A reference with a wrong `__typename` is refused: it must not pass one type for another.
  const allowed = Object.hasOwn(members, type) ? members[type] : [type];
  if (allowed?.includes(typenameOf(parsed)) !== true) {
    throw new BadInputError('representations', `A ${type.slice(0, 60)} has no id that begins with ${parsed.type}.`);
  }
  return loadNode(context, parsed);
};

type Resolve<Arguments = object> = GraphQLFieldResolver<unknown, Context, Arguments>;

const resolveAll: Resolve<{ readonly representations: readonly unknown[] }> = async (
  _root,
  { representations },
  context,
) => {
  if (representations.length > MOST) {
    throw new BadInputError(
      'representations',
      `representations takes at most ${MOST}; these are ${representations.length}.`,
    );
  }
  return Promise.all(representations.map((one) => resolveEntity(context, one).catch(asError)));
};

/** Requires `copy:read`. The builder does not know federation's fields of `Query`, so it checks no scope there. */
const forReaders =
  <Arguments>(resolve: Resolve<Arguments>): Resolve<Arguments> =>
  (root, args, context, info) => {
    if (!context.principal.scopes.has('copy:read')) throw lackOfScope(`Query.${info.fieldName}`, ['copy:read']);
    return resolve(root, args, context, info);
  };

const fieldOf = (schema: GraphQLSchema, name: string): GraphQLField<unknown, Context> => {
  const field = schema.getQueryType()?.getFields()[name];
  if (field === undefined) throw new Error(`the schema has no ${name}`);
  return field;
};

/**
 * Resolves `_entities` and `_service`. Each bad reference is an error of its own, and so is an id of another type than the
 * reference names. All references are loaded together. Like all of `Query`, both fields need `copy:read`.
 */
export const resolveEntities = (schema: GraphQLSchema): GraphQLSchema => {
  const [entities, service] = [fieldOf(schema, '_entities'), fieldOf(schema, '_service')];
  const sdl = printSubgraph(schema);
  entities.resolve = forReaders(resolveAll);
  // Not printed (the SDL omits `_entities`); the query cost reads it from here.
  entities.extensions = { ...entities.extensions, directives: [{ name: 'cost', args: { weight: calls(1).cost } }] };
  service.resolve = forReaders(() => ({ sdl }));
  return schema;
};
